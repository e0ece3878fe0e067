//! Access records as JSON: the fields of Istio's format, of Envoy Gateway's, and the names that
//! operators give to them, or Envoy's own (`RESPONSE_FLAGS`, `REQ(:METHOD)`).

use super::details;
use super::exchange::Fields;
use super::flags::Flags;
use crate::dialects::Glance;
use crate::evidence::{Evidence, Origin};
use crate::scan::{self, json, names, number, time};

/// Reads a healthy record: no flag is set, and no other value speaks of a failure.
pub(super) fn glance(line: &[u8]) -> Option<Glance<'_>> {
    let mut fields = Fields::default();
    let mut time = None;
    let whole = json::each(line, |around, key, value| {
        match role(key).filter(|role| role.fits(around)) {
            // It is parsed where the second is another one.
            Some(Role::Time) => time = time.or(Some(value)),
            Some(role) => set(&mut fields, role, value),
            None => {}
        }
    });
    let usual = fields.usual().filter(|_| whole)?;
    Some(Glance { time: time.unwrap_or_default(), ..usual })
}

/// Reads a record. False, and nothing read, where the line is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    if line.first() != Some(&b'{') || !may_be(line) {
        return false;
    }
    let mut fields = Fields::default();
    json::each(line, |around, key, value| {
        if let Some(role) = role(key).filter(|role| role.fits(around)) {
            set(&mut fields, role, value);
        }
    });
    // Who writes flags or details is Envoy.
    let flags = fields.flags.and_then(Flags::read).is_some();
    let known = flags
        || fields.details.is_some_and(details::are)
        || fields.transport.is_some()
        || fields.client_transport.is_some();
    if !known || (fields.status.is_none() && !flags) {
        return false;
    }
    fields.gather(origin, line, evidence);
    true
}

/// Whether an object has a key that ends as Envoy's do, told without reading it: most objects are
/// somebody else's.
fn may_be(line: &[u8]) -> bool {
    const ENDS: [&[u8]; 6] = [b"gs\"", b"GS\"", b"_LONG", b"ils\"", b"ILS", b"lag\""];
    ENDS.iter().any(|end| scan::holds(line, end))
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Time,
    Method,
    Path,
    Protocol,
    Status,
    Flags,
    Details,
    Termination,
    Transport,
    ClientTransport,
    BodySent,
    Duration,
    ServiceTime,
    ForwardedFor,
    RequestId,
    Authority,
    UpstreamHost,
    Cluster,
    Client,
    Route,
    Attempts,
    GrpcStatus,
    Upgrade,
    Stream,
}

impl Role {
    /// Whether it is one inside of an object with this name.
    fn fits(self, around: &[u8]) -> bool {
        match self {
            Self::Flags | Self::Details | Self::Transport | Self::ClientTransport => true,
            _ => matches!(
                around,
                b"" | b"_source"
                    | b"request"
                    | b"response"
                    | b"upstream"
                    | b"message"
                    | b"msg"
                    | b"log"
                    | b"labels"
                    | b"access"
            ),
        }
    }
}

/// What the name of a value says. Most are those of Istio's format and Envoy Gateway's, and nothing
/// needs to be looked at letter by letter.
pub(super) fn role(key: &[u8]) -> Option<Role> {
    Some(match key {
        b"start_time" => Role::Time,
        b"method" => Role::Method,
        b"path" | b"x-envoy-origin-path" => Role::Path,
        b"protocol" => Role::Protocol,
        b"response_code" => Role::Status,
        b"response_flags" => Role::Flags,
        b"response_code_details" => Role::Details,
        b"connection_termination_details" => Role::Termination,
        b"upstream_transport_failure_reason" => Role::Transport,
        b"bytes_sent" => Role::BodySent,
        b"duration" => Role::Duration,
        b"upstream_service_time" => Role::ServiceTime,
        b"x_forwarded_for" | b"x-forwarded-for" => Role::ForwardedFor,
        b"request_id" | b"x-request-id" => Role::RequestId,
        b"authority" | b":authority" => Role::Authority,
        b"upstream_host" => Role::UpstreamHost,
        b"upstream_cluster" => Role::Cluster,
        b"downstream_remote_address" => Role::Client,
        b"route_name" => Role::Route,
        b"upstream_request_attempt_count" => Role::Attempts,
        b"bytes_received"
        | b"user_agent"
        | b"user-agent"
        | b"downstream_local_address"
        | b"upstream_local_address"
        | b"requested_server_name" => return None,
        _ => return role_in_other_words(key),
    })
}

/// The same, in whichever way a name parts its words.
fn role_in_other_words(key: &[u8]) -> Option<Role> {
    const LONGEST: usize = 40;
    // `REQ(X-FORWARDED-FOR)` and `%RESP(...)%` name a header.
    let key = match memchr::memchr(b'(', key) {
        Some(at) if key.ends_with(b")") || key.ends_with(b")%") => {
            let operator = key.get(..at).unwrap_or_default();
            match operator.strip_prefix(b"%").unwrap_or(operator) {
                b"START_TIME" => operator,
                _ => key.get(at + 1..).unwrap_or_default(),
            }
        }
        _ => key,
    };
    let mut name = [0; LONGEST];
    let mut length = 0;
    for byte in key.iter().filter(|byte| byte.is_ascii_alphanumeric() || **byte == b'@') {
        *name.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    names::find(&NAMES, name.get(..length)?)
}

/// The names, without what parts their words.
const TABLE: &[(Role, &[&str])] = &[
    (Role::Time, &["starttime", "time", "timestamp", "@timestamp", "ts", "date"]),
    (Role::Method, &["method", "requestmethod", "reqmethod", "httpmethod", "verb"]),
    (
        Role::Path,
        &[
            "path",
            "request",
            "xenvoyoriginalpath",
            "xenvoyoriginalpathpath",
            "xenvoyoriginpath",
            "requestpath",
            "originalpath",
            "uri",
            "uripath",
            "url",
            "requesturi",
        ],
    ),
    (Role::Protocol, &["protocol", "httpprotocol", "requestprotocol"]),
    (
        Role::Status,
        &[
            "responsecode",
            "status",
            "statuscode",
            "code",
            "responsestatus",
            "httpstatus",
            "httpstatuscode",
        ],
    ),
    (
        Role::Flags,
        &["responseflags", "responseflag", "flags", "responseflagslong", "envoyresponseflags"],
    ),
    (
        Role::Details,
        &[
            "responsecodedetails",
            "statusdetails",
            "responsedetails",
            "codedetails",
            "details",
            "responsecodedetail",
        ],
    ),
    (Role::Termination, &["connectionterminationdetails", "terminationdetails"]),
    (
        Role::Transport,
        &["upstreamtransportfailurereason", "transportfailurereason", "upstreamfailurereason"],
    ),
    (Role::ClientTransport, &["downstreamtransportfailurereason"]),
    (Role::BodySent, &["bytessent", "responsesize", "bodybytessent", "responsebytes"]),
    (
        Role::Duration,
        &[
            "duration",
            "durationms",
            "requestduration",
            "responseduration",
            "totalduration",
            "totaltime",
            "totaltimems",
        ],
    ),
    (Role::ServiceTime, &["upstreamservicetime", "xenvoyupstreamservicetime", "servicetime"]),
    (Role::ForwardedFor, &["xforwardedfor", "forwardedfor", "xff", "xfor"]),
    (Role::RequestId, &["requestid", "envoyrequestid", "xrequestid", "reqid"]),
    (Role::Authority, &["authority", "host", "domain", "requestauthority"]),
    (
        Role::UpstreamHost,
        &["upstreamhost", "upstream", "upstreamaddress", "upstreamremoteaddress", "upstreamip"],
    ),
    (Role::Cluster, &["upstreamcluster", "upstreamclustername", "upstreamclusterraw", "cluster"]),
    (
        Role::Client,
        &[
            "downstreamremoteaddress",
            "downstreamremoteaddresswithoutport",
            "remoteaddress",
            "clientip",
            "clientaddress",
            "downstreamremoteip",
            "sourceaddress",
        ],
    ),
    (Role::Route, &["routename", "route"]),
    (
        Role::Attempts,
        &[
            "upstreamrequestattemptcount",
            "requestattemptcount",
            "attemptcount",
            "attempts",
            "xenvoyattemptcount",
            "upstreamattempts",
        ],
    ),
    (Role::GrpcStatus, &["grpcstatus", "grpcstatusnumber", "grpcstatuscode"]),
    (Role::Upgrade, &["upgrade", "requpgrade"]),
    (Role::Stream, &["streamid"]),
];
static NAMES: [(&str, Role); names::count(TABLE)] = names::by_length(TABLE);

pub(super) fn set<'a>(fields: &mut Fields<'a>, role: Role, value: &'a [u8]) {
    let slot = match role {
        Role::Time => {
            fields.time = fields.time.or_else(|| time::any(value));
            return;
        }
        Role::Status => {
            let status = || number::whole(value).and_then(|status| u16::try_from(status).ok());
            fields.status = fields.status.or_else(status);
            return;
        }
        Role::Method => &mut fields.method,
        Role::Path => &mut fields.path,
        Role::Protocol => &mut fields.protocol,
        Role::Flags => &mut fields.flags,
        Role::Details => &mut fields.details,
        Role::Termination => &mut fields.termination,
        Role::Transport => &mut fields.transport,
        Role::ClientTransport => &mut fields.client_transport,
        Role::BodySent => &mut fields.body_sent,
        Role::Duration => &mut fields.duration,
        Role::ServiceTime => &mut fields.service_time,
        Role::ForwardedFor => &mut fields.forwarded_for,
        Role::RequestId => &mut fields.request_id,
        Role::Authority => &mut fields.authority,
        Role::UpstreamHost => &mut fields.upstream_host,
        Role::Cluster => &mut fields.cluster,
        Role::Client => &mut fields.client,
        Role::Route => &mut fields.route,
        Role::Attempts => &mut fields.attempts,
        Role::GrpcStatus => &mut fields.grpc_status,
        Role::Upgrade => &mut fields.upgrade,
        Role::Stream => &mut fields.stream,
    };
    slot.get_or_insert(value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Millis, Sign, Source};
    use std::string::String;

    const USUAL: &str = r#"{"authority":"shop","bytes_sent":32,"connection_termination_details":null,"downstream_remote_address":"10.0.0.9:35574","duration":7,"method":"GET","path":"/cart","protocol":"HTTP/1.1","request_id":"34e1c227","response_code":200,"response_code_details":"via_upstream","response_flags":"-","start_time":"2026-11-22T07:40:30.778Z","upstream_host":"10.0.0.3:80","upstream_request_attempt_count":1,"upstream_service_time":"0","upstream_transport_failure_reason":null,"user_agent":"curl/8.5.0","x_forwarded_for":null}"#;

    fn with(this: &str, that: &str) -> String {
        assert!(USUAL.contains(this), "{this}");
        USUAL.replace(this, that)
    }

    #[test]
    fn a_glance_agrees_with_a_reading() {
        for text in [
            String::from(USUAL),
            with(r#""x_forwarded_for":null"#, r#""x_forwarded_for":"10.0.0.7, 10.0.0.8""#),
            with(r#""response_code_details":"via_upstream","#, ""),
            with("/cart", r#"/?q={\"response_flags\":\"UF\"}&upstream_reset"#),
            with(r#"response_code":200"#, r#"response_code":404"#),
            with(r#""user_agent""#, r#""grpc_status":"0","user_agent""#),
            USUAL.replace("_", "").replace("viaupstream", "via_upstream"),
        ] {
            let glance = glance(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            let mut evidence = Evidence::default();
            assert!(read(text.as_bytes(), Origin::new(Source::Caller, 0, 1), &mut evidence));
            assert_eq!(Some(glance.status), evidence.status, "{text}");
            assert_eq!(Some(glance.client), evidence.client, "{text}");
            assert_eq!(Some(glance.path), evidence.request.path, "{text}");
            assert_eq!(
                (glance.total, evidence.timings.total),
                (Some(Millis::new(7)), glance.total)
            );
            assert_eq!(time::any(glance.time), evidence.at);
            assert!(evidence.signs.iter().all(|seen| seen.sign == Sign::Harmless), "{text}");
        }
    }

    #[test]
    fn a_glance_takes_no_record_that_tells_of_anything_else() {
        for (this, that) in [
            (r#""response_flags":"-""#, r#""response_flags":"DC""#),
            (r#""response_flags":"-""#, r#""response_flags":null"#),
            (r#""response_flags":"-","#, ""),
            ("via_upstream", "upstream_reset_after_response_started{remote_reset}"),
            ("via_upstream", "direct_response"),
            (
                r#""upstream_transport_failure_reason":null"#,
                r#""upstream_transport_failure_reason":"TLS_error""#,
            ),
            (
                r#""connection_termination_details":null"#,
                r#""connection_termination_details":"rbac_access_denied""#,
            ),
            (
                r#""user_agent""#,
                r#""downstream_transport_failure_reason":"TLS_error","user_agent""#,
            ),
            (r#""user_agent""#, r#""upstream_cluster":"BlackHoleCluster","user_agent""#),
            (r#""user_agent""#, r#""route_name":"block_all","user_agent""#),
            (r#""user_agent""#, r#""grpc_status":"14","user_agent""#),
            (r#""user_agent""#, r#""grpc-status-number":"14","user_agent""#),
            (r#""user_agent""#, r#""upgrade":"websocket","user_agent""#),
            (r#""path":"/cart","#, ""),
            (r#""duration":7,"#, ""),
            (r#""x_forwarded_for":null}"#, ""),
        ] {
            assert_eq!(glance(with(this, that).as_bytes()), None, "{that}");
        }
    }
}
