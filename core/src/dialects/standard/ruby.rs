//! Ruby: net/http, its sockets and OpenSSL, and Faraday.

use super::words::Says::{Alone, At, Perhaps, Status, What};
use super::words::{Name, Phrase, words};
use crate::evidence::Sign::{Closed, Failed, HandshakeFailed, Malformed, TimedOut};
use crate::vocabulary::Phase::{Connect, Request, ResponseHeaders, Tls};

/// Messages.
pub(crate) const TEXTS: &[Phrase] = &[
    words("end of file reached", What(Closed, Some(ResponseHeaders))),
    words("execution expired", Alone(TimedOut, None)),
    words("failed to open tcp connection to ", Perhaps(Failed, Connect)),
    words("wrong header line format", At(Malformed, ResponseHeaders)),
    words("wrong status line", At(Malformed, ResponseHeaders)),
];

/// Names of exceptions.
pub(crate) const NAMES: &[Name] = &[
    ("Faraday::ConnectionFailed", Perhaps(Failed, Connect)),
    ("Faraday::SSLError", Perhaps(HandshakeFailed, Tls)),
    ("Faraday::TimeoutError", Perhaps(TimedOut, ResponseHeaders)),
    ("HTTP::ConnectTimeoutError", At(TimedOut, Connect)),
    ("Net::HTTPBadResponse", At(Malformed, ResponseHeaders)),
    ("Net::HTTPFatalError", Status),
    ("Net::OpenTimeout", At(TimedOut, Connect)),
    ("Net::ReadTimeout", At(TimedOut, ResponseHeaders)),
    ("Net::WriteTimeout", At(TimedOut, Request)),
    ("SSL::SSLError", Perhaps(HandshakeFailed, Tls)),
    ("Timeout::Error", Perhaps(TimedOut, ResponseHeaders)),
];
