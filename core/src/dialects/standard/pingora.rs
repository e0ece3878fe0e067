//! pingora: what its errors print. From pingora-error/src/lib.rs.
//!
//! ```text
//! error = [ source " " ] type " context: " words " cause: " error
//! ```
//! The type says what happened; what stands behind it may say it more closely.

use super::words::Says::{At, Is, Perhaps, What};
use super::words::{Phrase, words};
use crate::evidence::Sign::{
    AddressInvalid, CertificateInvalid, ClientGone, ClientInvalid, Closed, Ended, Failed,
    HandshakeFailed, InternalError, Malformed, ProtocolMismatch, Refused, TimedOut, Unreachable,
};
use crate::vocabulary::Phase::{Connect, Request, ResponseHeaders, Tls};

/// A source with a type.
pub(super) const TEXTS: &[Phrase] = &[
    words("downstream connectionclosed", What(ClientGone, None)),
    words("downstream invalidhttpheader", Is(ClientInvalid)),
    words("downstream readerror", What(ClientGone, None)),
    words("downstream readtimedout", Is(ClientInvalid)),
    words("downstream writeerror", What(ClientGone, None)),
    words("downstream writetimedout", What(ClientGone, None)),
    words("internal internalerror", Is(InternalError)),
    words("upstream binderror", Perhaps(Failed, Connect)),
    words("upstream connecterror", Perhaps(Failed, Connect)),
    words("upstream connectionclosed", At(Closed, ResponseHeaders)),
    words("upstream connectnoroute", At(Unreachable, Connect)),
    words("upstream connectproxyfailure", Perhaps(Failed, Connect)),
    words("upstream connectrefused", At(Refused, Connect)),
    words("upstream connecttimedout", At(TimedOut, Connect)),
    words("upstream h1error", Perhaps(Malformed, ResponseHeaders)),
    words("upstream h2downgrade", Is(ProtocolMismatch)),
    words("upstream h2error", Perhaps(Ended, ResponseHeaders)),
    words("upstream handshakeerror", Perhaps(HandshakeFailed, Tls)),
    words("upstream invalidcert", Perhaps(CertificateInvalid, Tls)),
    words("upstream invalidh2", Perhaps(Malformed, ResponseHeaders)),
    words("upstream invalidhttpheader", Perhaps(Malformed, ResponseHeaders)),
    words("upstream readerror", Perhaps(Ended, ResponseHeaders)),
    words("upstream readtimedout", At(TimedOut, ResponseHeaders)),
    words("upstream socketerror", Perhaps(AddressInvalid, Connect)),
    words("upstream tlshandshakefailure", Perhaps(HandshakeFailed, Tls)),
    words("upstream tlshandshaketimedout", At(TimedOut, Tls)),
    words("upstream writeerror", Perhaps(Ended, Request)),
    words("upstream writetimedout", At(TimedOut, Request)),
];
