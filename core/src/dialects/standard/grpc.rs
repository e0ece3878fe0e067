//! gRPC: its statuses, and what grpc-go, grpc-java, gRPC core, grpc-js and tonic say.
//!
//! A status of gRPC is the outermost word: what stands behind it says more where it says anything.

use super::words::Says::{Alone, Answered, At, Grpc, Is, Mapped, Perhaps, Status, What, Where};
use super::words::letters;
use super::words::{Name, Phrase, around, words};
use crate::evidence::Sign;
use crate::evidence::Sign::{
    BodyMalformed, ClientGone, Closed, Failed, GoAway, InternalError, NameNotFound, NoUpstream,
    NoneHealthy, ProtocolMismatch, Reset, ResolverFailed, ServerError, StreamReset, TimedOut,
};
use crate::vocabulary::Phase;
use crate::vocabulary::Phase::{Connect, Request, Resolve, ResponseBody, ResponseHeaders};

/// What libraries say.
pub(crate) const TEXTS: &[Phrase] = &[
    words("13 internal: ", Answered(500)),
    words("calloptions deadline exceeded after ", At(TimedOut, ResponseHeaders)),
    words("channel shutdownnow invoked", Is(InternalError)),
    words("connection attempt timed out before receiving settings frame", Is(ProtocolMismatch)),
    words("connection closed after goaway", Is(GoAway)),
    words("connection closed before server preface received", Is(ProtocolMismatch)),
    words("connection dropped", At(Reset, ResponseHeaders)),
    words("deadline exceeded", What(TimedOut, Some(ResponseHeaders))),
    words("deadline exceeded after ", At(TimedOut, ResponseHeaders)),
    words("error reading from server: ", Where(ResponseHeaders)),
    words("error reading server preface", Is(ProtocolMismatch)),
    words("failed to connect to all addresses", Perhaps(Failed, Connect)),
    words("failed to connect to remote host", Perhaps(Failed, Connect)),
    words("first received frame was not settings", Is(ProtocolMismatch)),
    words("grpc message exceeds maximum size", Is(BodyMalformed)),
    words("http status code ", Status),
    words("http2 exception", Perhaps(ProtocolMismatch, ResponseHeaders)),
    words("io exception", Alone(Failed, Some(Connect))),
    words("last resolver error: ", Perhaps(ResolverFailed, Resolve)),
    words("latest balancer error: ", Perhaps(Failed, Connect)),
    words("method not found: ", Perhaps(ServerError, ResponseHeaders)),
    words("name resolution failed for target", Perhaps(ResolverFailed, Resolve)),
    words("nameresolver returned an empty list", Is(NameNotFound)),
    words("network closed for unknown reason", At(Closed, ResponseHeaders)),
    words("no children to pick from", Is(NoUpstream)),
    words("no connection established", Perhaps(Failed, Connect)),
    words("no healthy upstream", Is(NoneHealthy)),
    words("produced zero addresses", Is(NoUpstream)),
    words("received http2 header with status: ", Status),
    words("received message larger than max", Is(BodyMalformed)),
    around("received message larger than max (", "{} vs. {})", Is(BodyMalformed)),
    words("received rst stream with ", Is(StreamReset)),
    words("resource exhausted: ", Answered(503)),
    words("rpc error: code = ", Grpc),
    words("sent message larger than max", At(Failed, Request)),
    around("sent message larger than max (", "{} vs. {})", At(Failed, Request)),
    words("server closed the stream without sending trailers", At(Closed, ResponseBody)),
    words("status code: ", Status),
    words("statuscode.", Grpc),
    words("stream terminated by rst stream with error code: ", Is(StreamReset)),
    words("the connection is draining", At(Closed, ResponseHeaders)),
    words("too many pings", Is(GoAway)),
    words("transport is closing", At(Closed, ResponseHeaders)),
    words("trying to send message larger than max", At(Failed, Request)),
    words("unable to resolve host ", Is(NameNotFound)),
    words("unavailable: ", Answered(503)),
    words("unexpected http status code received from server: ", Mapped),
    around(
        "unexpected http status code received from server: ",
        "200 (ok); transport: received unexpected content-type",
        Is(ProtocolMismatch),
    ),
    words("unimplemented: ", Answered(501)),
    around("unknown method ", "{} for service", Perhaps(ServerError, ResponseHeaders)),
    words("unknown service ", Perhaps(ServerError, ResponseHeaders)),
    words("upstream request timeout", At(TimedOut, ResponseHeaders)),
];

/// Statuses as Python and C# name them.
pub(crate) const NAMES: &[Name] = &[
    ("StatusCode.CANCELLED", What(ClientGone, None)),
    ("StatusCode.DATA_LOSS", Answered(500)),
    ("StatusCode.DEADLINE_EXCEEDED", At(TimedOut, ResponseHeaders)),
    ("StatusCode.INTERNAL", Answered(500)),
    ("StatusCode.RESOURCE_EXHAUSTED", Answered(503)),
    ("StatusCode.UNAVAILABLE", Answered(503)),
    ("StatusCode.UNIMPLEMENTED", Answered(501)),
    ("StatusCode.UNKNOWN", Answered(500)),
];

/// The statuses of gRPC: number, name, what they say, with the status of HTTP that means the same.
const STATUSES: &[(u32, &str, Sign, u16)] = &[
    (0, "ok", Sign::Harmless, 200),
    (1, "cancelled", Sign::ClientGone, 499),
    (1, "canceled", Sign::ClientGone, 499),
    (2, "unknown", Sign::ServerError, 500),
    (3, "invalidargument", Sign::Harmless, 400),
    (4, "deadlineexceeded", Sign::TimedOut, 504),
    (5, "notfound", Sign::Harmless, 404),
    (6, "alreadyexists", Sign::Harmless, 409),
    (7, "permissiondenied", Sign::Denied, 403),
    (8, "resourceexhausted", Sign::ServerError, 503),
    (9, "failedprecondition", Sign::Harmless, 400),
    (10, "aborted", Sign::Harmless, 409),
    (11, "outofrange", Sign::Harmless, 400),
    (12, "unimplemented", Sign::ServerError, 501),
    (13, "internal", Sign::ServerError, 500),
    (14, "unavailable", Sign::ServerError, 503),
    (15, "dataloss", Sign::ServerError, 500),
    (16, "unauthenticated", Sign::Denied, 401),
];

/// What a status says, where, and for a server error the status of HTTP.
type Told = (Sign, Option<Phase>, Option<u32>);

/// What the status with that number says.
pub(crate) fn numbered(number: u64) -> Option<Told> {
    let row = STATUSES.iter().find(|(code, ..)| u64::from(*code) == number)?;
    Some(told(row.2, row.3))
}

/// What the status says whose name a text begins with.
pub(crate) fn named(text: &[u8]) -> Option<Told> {
    let (name, _) = crate::scan::span(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let mut small = [0; 24];
    let len = letters(name, &mut small);
    let name = small.get(..len)?;
    let row = STATUSES.iter().find(|(_, known, ..)| known.as_bytes() == name)?;
    Some(told(row.2, row.3))
}

fn told(sign: Sign, status: u16) -> Told {
    let phase = match sign {
        Sign::TimedOut | Sign::ServerError => Some(Phase::ResponseHeaders),
        _ => None,
    };
    (sign, phase, (sign == Sign::ServerError).then_some(u32::from(status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_known_by_any_of_its_names() {
        let unavailable = Some((Sign::ServerError, Some(Phase::ResponseHeaders), Some(503)));
        for name in ["UNAVAILABLE", "Unavailable", "unavailable: no"] {
            assert_eq!(named(name.as_bytes()), unavailable, "{name}");
        }
        assert_eq!(numbered(14), unavailable);
        assert_eq!(named(b"DEADLINE_EXCEEDED: x").map(|told| told.0), Some(Sign::TimedOut));
        assert_eq!(named(b"Unavailability"), None);
        assert_eq!(numbered(17), None);
    }
}
