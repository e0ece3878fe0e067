//! Access records as JSON: the fields of Istio's format, of Envoy Gateway's, and the names that
//! operators give to them, or Envoy's own (`RESPONSE_FLAGS`, `REQ(:METHOD)`).

use super::details;
use super::exchange::Fields;
use super::flags::Flags;
use crate::evidence::{Evidence, Origin};
use crate::scan::{self, json, number, time};

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

/// What the name of a value says, in whichever way it parts words.
pub(super) fn role(key: &[u8]) -> Option<Role> {
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
    Some(match name.get(..length)? {
        b"starttime" | b"time" | b"timestamp" | b"@timestamp" | b"ts" | b"date" => Role::Time,
        b"method" | b"requestmethod" | b"reqmethod" | b"httpmethod" | b"verb" => Role::Method,
        b"path"
        | b"request"
        | b"xenvoyoriginalpath"
        | b"xenvoyoriginalpathpath"
        | b"xenvoyoriginpath"
        | b"requestpath"
        | b"originalpath"
        | b"uri"
        | b"uripath"
        | b"url"
        | b"requesturi" => Role::Path,
        b"protocol" | b"httpprotocol" | b"requestprotocol" => Role::Protocol,
        b"responsecode" | b"status" | b"statuscode" | b"code" | b"responsestatus"
        | b"httpstatus" | b"httpstatuscode" => Role::Status,
        b"responseflags"
        | b"responseflag"
        | b"flags"
        | b"responseflagslong"
        | b"envoyresponseflags" => Role::Flags,
        b"responsecodedetails"
        | b"statusdetails"
        | b"responsedetails"
        | b"codedetails"
        | b"details"
        | b"responsecodedetail" => Role::Details,
        b"connectionterminationdetails" | b"terminationdetails" => Role::Termination,
        b"upstreamtransportfailurereason"
        | b"transportfailurereason"
        | b"upstreamfailurereason" => Role::Transport,
        b"downstreamtransportfailurereason" => Role::ClientTransport,
        b"bytessent" | b"responsesize" | b"bodybytessent" | b"responsebytes" => Role::BodySent,
        b"duration" | b"durationms" | b"requestduration" | b"responseduration"
        | b"totalduration" | b"totaltime" | b"totaltimems" => Role::Duration,
        b"upstreamservicetime" | b"xenvoyupstreamservicetime" | b"servicetime" => Role::ServiceTime,
        b"xforwardedfor" | b"forwardedfor" | b"xff" | b"xfor" => Role::ForwardedFor,
        b"requestid" | b"envoyrequestid" | b"xrequestid" | b"reqid" => Role::RequestId,
        b"authority" | b"host" | b"domain" | b"requestauthority" => Role::Authority,
        b"upstreamhost"
        | b"upstream"
        | b"upstreamaddress"
        | b"upstreamremoteaddress"
        | b"upstreamip" => Role::UpstreamHost,
        b"upstreamcluster" | b"upstreamclustername" | b"upstreamclusterraw" | b"cluster" => {
            Role::Cluster
        }
        b"downstreamremoteaddress"
        | b"downstreamremoteaddresswithoutport"
        | b"remoteaddress"
        | b"clientip"
        | b"clientaddress"
        | b"downstreamremoteip"
        | b"sourceaddress" => Role::Client,
        b"routename" | b"route" => Role::Route,
        b"upstreamrequestattemptcount"
        | b"requestattemptcount"
        | b"attemptcount"
        | b"attempts"
        | b"xenvoyattemptcount"
        | b"upstreamattempts" => Role::Attempts,
        b"grpcstatus" | b"grpcstatusnumber" | b"grpcstatuscode" => Role::GrpcStatus,
        b"upgrade" | b"requpgrade" => Role::Upgrade,
        b"streamid" => Role::Stream,
        _ => return None,
    })
}

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
