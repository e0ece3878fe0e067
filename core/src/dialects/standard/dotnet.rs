//! .NET: HttpClient, SslStream and sockets, from the Framework to 9.

use super::words::Says::{Alert, Alone, Amid, At, Is, Near, Perhaps, Status, What, Where};
use super::words::{Name, Phrase, words};
use crate::evidence::Sign::{
    BodyMalformed, CertificateExpired, CertificateInvalid, CertificateNameMismatch,
    CertificateUntrusted, ClientGone, Closed, Ended, Failed, GoAway, HandshakeFailed,
    HeaderTooLarge, Malformed, NameNotFound, ProtocolMismatch, StreamReset, TimedOut, TlsNotSpoken,
};
use crate::vocabulary::Phase::{Connect, Request, ResponseBody, ResponseHeaders, Tls};

/// Messages of exceptions; those of sockets are the system's.
pub(crate) const TEXTS: &[Phrase] = &[
    words(
        "a connection could not be established within the configured connecttimeout",
        At(TimedOut, Connect),
    ),
    words("an error occurred while sending the request", Near(Request)),
    words(
        "an http/2 connection could not be established because the server did not complete the http",
        Is(ProtocolMismatch),
    ),
    words(
        "authentication failed because the remote party has closed the transport stream",
        At(Closed, Tls),
    ),
    words("authentication failed because the remote party sent a tls alert: '", Alert),
    words("authentication failed, see inner exception", Perhaps(HandshakeFailed, Tls)),
    words("cannot determine the frame size or a corrupted frame was received", Is(TlsNotSpoken)),
    words("error while copying content to a stream", Near(ResponseBody)),
    words("received an invalid chunk", Is(BodyMalformed)),
    words("received an invalid header line", At(Malformed, ResponseHeaders)),
    words("received an invalid header name", At(Malformed, ResponseHeaders)),
    words("received an invalid status line", At(Malformed, ResponseHeaders)),
    words("received an unexpected eof or 0 bytes from the transport stream", At(Closed, Tls)),
    words("response status code does not indicate success: ", Status),
    words("the handshake failed due to an unexpected packet format", Is(TlsNotSpoken)),
    words("the http response headers length exceeded the set limit", Is(HeaderTooLarge)),
    words("the http/2 server closed the connection", Is(GoAway)),
    words("the http/2 server reset the stream", Is(StreamReset)),
    words("the http/2 server sent invalid data on the connection", At(Malformed, ResponseHeaders)),
    words("the operation has timed out", At(TimedOut, ResponseHeaders)),
    words("the operation was canceled", Alone(ClientGone, None)),
    words("the remote certificate is invalid", Perhaps(CertificateInvalid, Tls)),
    words("the remote certificate was rejected by the provided", Is(CertificateInvalid)),
    words("the remote server returned an error: (", Status),
    words(
        "the request was canceled due to the configured httpclient.timeout",
        At(TimedOut, ResponseHeaders),
    ),
    words("the response ended prematurely", What(Closed, Some(ResponseHeaders))),
    words(
        "the response ended prematurely while waiting for the next frame from the server",
        At(Closed, ResponseHeaders),
    ),
    words("the response ended prematurely, with at least", At(Closed, ResponseBody)),
    words(
        "the server returned an invalid or unrecognized response",
        At(Malformed, ResponseHeaders),
    ),
    words("the ssl connection could not be established", Amid(HandshakeFailed, Tls)),
    words("the underlying connection was closed", Perhaps(Ended, ResponseHeaders)),
    words("unable to connect to the remote server", Perhaps(Failed, Connect)),
    words("unable to read data from the transport connection", Where(ResponseHeaders)),
    words("unable to write data to the transport connection", Where(Request)),
];

/// Names of reasons.
pub(crate) const NAMES: &[Name] = &[
    ("HttpRequestError.NameResolutionError", Is(NameNotFound)),
    ("NotTimeValid", Is(CertificateExpired)),
    ("PartialChain", Is(CertificateUntrusted)),
    ("RemoteCertificateChainErrors", Perhaps(CertificateUntrusted, Tls)),
    ("RemoteCertificateNameMismatch", Is(CertificateNameMismatch)),
    ("UntrustedRoot", Is(CertificateUntrusted)),
];
