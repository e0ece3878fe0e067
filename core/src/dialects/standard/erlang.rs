//! Erlang and Elixir: the reasons of gen_tcp, inet and ssl, and how Mint and hackney print them.

use super::words::Says::{Alert, At, Is, What};
use super::words::{Phrase, words};
use crate::evidence::Sign::{Closed, NameNotFound, Refused, Reset, TimedOut, Unreachable};
use crate::vocabulary::Phase::{Connect, ResponseHeaders};

/// Atoms, alone where they are no everyday word, else as the reason of an error.
pub(super) const TEXTS: &[Phrase] = &[
    words("econnrefused", What(Refused, Some(Connect))),
    words("econnreset", What(Reset, None)),
    words("ehostunreach", What(Unreachable, Some(Connect))),
    words("enetunreach", What(Unreachable, Some(Connect))),
    words("error, :closed}", At(Closed, ResponseHeaders)),
    words("error, :connect timeout}", At(TimedOut, Connect)),
    words("error, :nxdomain}", Is(NameNotFound)),
    words("error, :timeout}", At(TimedOut, ResponseHeaders)),
    words("error,closed}", At(Closed, ResponseHeaders)),
    words("error,connect timeout}", At(TimedOut, Connect)),
    words("error,nxdomain}", Is(NameNotFound)),
    words("error,timeout}", At(TimedOut, ResponseHeaders)),
    words("etimedout", What(TimedOut, Some(Connect))),
    words("reason: :closed", At(Closed, ResponseHeaders)),
    words("reason: :timeout", At(TimedOut, ResponseHeaders)),
    words("tls alert, {:", Alert),
    words("tls alert,{", Alert),
];
