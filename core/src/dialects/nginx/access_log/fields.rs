//! The values of a record by what they are, and from them to evidence.

use super::list::List;
use super::nameless::is_status_list;
use crate::evidence::{Attempt, Connection, Evidence, Seen, Sign, Timestamp};
use crate::scan::{self, names, number, time};

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Authority,
    BodySent,
    CacheStatus,
    Client,
    Cluster,
    Completion,
    ConnectTime,
    ConnectionNumber,
    ContentType,
    HeaderTime,
    Method,
    Path,
    ProxyStatus,
    Received,
    RequestId,
    RequestLine,
    RequestTime,
    ResponseTime,
    RetryAfter,
    Sent,
    Server,
    Status,
    Time,
    Upgrade,
    UpstreamAddress,
    UpstreamStatus,
    /// `ua` is the upstream's address in some formats and the user agent in others.
    UpstreamOrAgent,
    Via,
}

/// What the name of an element says: the names of nginx's variables and those that operators give
/// to them, in whichever way they part words (`upstream_addr`, `upstream-addr`, `upstreamAddr`).
pub(super) fn role(key: &[u8]) -> Option<Role> {
    const LONGEST: usize = 32;
    let mut name = [0; LONGEST];
    let mut length = 0;
    for byte in key.iter().filter(|byte| !matches!(byte, b'_' | b'-' | b'.' | b'$')) {
        *name.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    names::find(&NAMES, name.get(..length)?)
}

/// The names, without what parts their words.
const TABLE: &[(Role, &[&str])] = &[
    (Role::Authority, &["domain", "host", "httphost", "server", "servername", "vhost"]),
    (Role::BodySent, &["bodybytes", "bodybytessent", "bytes", "bytessent"]),
    (Role::CacheStatus, &["cache", "ucs", "upstreamcachestatus"]),
    (Role::Client, &["client", "clientip", "ip", "remoteaddr", "remoteip"]),
    (Role::Cluster, &["cluster", "proxyupstreamname", "upstreamname"]),
    (Role::Completion, &["requestcompletion"]),
    (Role::ConnectTime, &["connecttime", "uct", "upstreamconnecttime"]),
    (Role::ConnectionNumber, &["connection"]),
    (Role::ContentType, &["senthttpcontenttype", "upstreamhttpcontenttype"]),
    (Role::HeaderTime, &["headertime", "uht", "upstreamheadertime"]),
    (Role::Method, &["method", "requestmethod", "verb"]),
    (Role::Path, &["path", "requesturi", "uri", "url"]),
    (Role::ProxyStatus, &["senthttpproxystatus"]),
    (Role::Received, &["ubr", "upstreambytesreceived"]),
    (Role::RequestId, &["correlationid", "reqid", "requestid", "rid", "traceid", "xrequestid"]),
    (Role::RequestLine, &["req", "request", "requestline"]),
    (
        Role::RequestTime,
        &["duration", "elapsed", "reqtime", "requestduration", "requesttime", "rt", "totaltime"],
    ),
    (
        Role::ResponseTime,
        &[
            "responsetime",
            "upsresponsetime",
            "upsresptime",
            "upstreamduration",
            "upstreamresponsetime",
            "upstreamtime",
            "urt",
            "ut",
        ],
    ),
    (Role::RetryAfter, &["senthttpretryafter", "upstreamhttpretryafter"]),
    (Role::Sent, &["ubs", "upstreambytessent"]),
    (Role::Server, &["upstreamhttpserver"]),
    (
        Role::Status,
        &["httpcode", "httpstatus", "responsecode", "responsestatus", "st", "status", "statuscode"],
    ),
    (
        Role::Time,
        &["@timestamp", "date", "msec", "time", "timeiso8601", "timelocal", "timestamp", "ts"],
    ),
    (Role::Upgrade, &["httpupgrade"]),
    (
        Role::UpstreamAddress,
        &[
            "upsaddr",
            "upstream",
            "upstreamaddr",
            "upstreamaddress",
            "upstreamhost",
            "upstreamip",
            "upstreamserver",
        ],
    ),
    (Role::UpstreamOrAgent, &["u", "ua"]),
    (
        Role::UpstreamStatus,
        &["upsstatus", "upstreamcode", "upstreamresponsestatus", "upstreamstatus", "us"],
    ),
    (Role::Via, &["upstreamhttpvia"]),
];
static NAMES: [(&str, Role); names::count(TABLE)] = names::by_length(TABLE);

/// The values of a record by what they are, before they are put into evidence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields<'a> {
    pub(super) authority: Option<&'a [u8]>,
    pub(super) body_sent: Option<&'a [u8]>,
    pub(super) cache_status: Option<&'a [u8]>,
    pub(super) client: Option<&'a [u8]>,
    pub(super) cluster: Option<&'a [u8]>,
    pub(super) completion: Option<&'a [u8]>,
    pub(super) connect_time: Option<&'a [u8]>,
    pub(super) connection: Option<&'a [u8]>,
    pub(super) content_type: Option<&'a [u8]>,
    pub(super) header_time: Option<&'a [u8]>,
    pub(super) method: Option<&'a [u8]>,
    pub(super) path: Option<&'a [u8]>,
    pub(super) proxy_status: Option<&'a [u8]>,
    pub(super) received: Option<&'a [u8]>,
    pub(super) request_id: Option<&'a [u8]>,
    pub(super) request_line: Option<&'a [u8]>,
    pub(super) request_time: Option<&'a [u8]>,
    pub(super) response_time: Option<&'a [u8]>,
    pub(super) retry_after: Option<&'a [u8]>,
    pub(super) sent: Option<&'a [u8]>,
    pub(super) server: Option<&'a [u8]>,
    pub(super) status: Option<u16>,
    pub(super) time: Option<Timestamp>,
    pub(super) upgrade: Option<&'a [u8]>,
    pub(super) upstream_address: Option<&'a [u8]>,
    pub(super) upstream_or_agent: Option<&'a [u8]>,
    pub(super) upstream_status: Option<&'a [u8]>,
    pub(super) via: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    pub(super) fn set(&mut self, role: Role, value: &'a [u8]) {
        let slot = match role {
            Role::Authority => &mut self.authority,
            Role::BodySent => &mut self.body_sent,
            Role::CacheStatus => &mut self.cache_status,
            Role::Client => &mut self.client,
            Role::Cluster => &mut self.cluster,
            Role::Completion => &mut self.completion,
            Role::ConnectTime => &mut self.connect_time,
            Role::ConnectionNumber => &mut self.connection,
            Role::ContentType => &mut self.content_type,
            Role::HeaderTime => &mut self.header_time,
            Role::Method => &mut self.method,
            Role::Path => &mut self.path,
            Role::ProxyStatus => &mut self.proxy_status,
            Role::Received => &mut self.received,
            Role::RequestId => &mut self.request_id,
            Role::RequestLine => &mut self.request_line,
            Role::RequestTime => &mut self.request_time,
            Role::ResponseTime => &mut self.response_time,
            Role::RetryAfter => &mut self.retry_after,
            Role::Sent => &mut self.sent,
            Role::Server => &mut self.server,
            Role::Upgrade => &mut self.upgrade,
            Role::UpstreamAddress => &mut self.upstream_address,
            Role::UpstreamStatus => &mut self.upstream_status,
            Role::Via => &mut self.via,
            Role::UpstreamOrAgent => &mut self.upstream_or_agent,
            Role::Status => {
                self.status = self.status.or_else(|| number::status(value));
                return;
            }
            Role::Time => {
                self.time = self.time.or_else(|| time::any(value));
                return;
            }
        };
        slot.get_or_insert(value);
    }

    /// The upstreams, under a name that is theirs in some formats only. A client may call itself
    /// `node`, as an upstream group may be called: it is the group where a status came of it, and
    /// no connection.
    pub(super) fn upstream_or_agent(&self) -> Option<&'a [u8]> {
        let value = self.upstream_or_agent?;
        let nowhere = |times: Option<&[u8]>| {
            times.is_none_or(|times| List::of(times).all(|time| matches!(time, b"-" | b"")))
        };
        let group = self.upstream_status.is_some_and(is_status_list)
            && nowhere(self.connect_time)
            && nowhere(self.header_time);
        let upstream = matches!(value, b"-" | b"")
            || List::of(value).all(|item| {
                scan::looks_like_address(item) || item.is_empty() || (group && is_name(item))
            });
        upstream.then_some(value)
    }
}

/// A name such as that of an upstream group.
fn is_name(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
}

impl<'a> Fields<'a> {
    /// The evidence that they are. `None` where there is not even a status.
    pub(super) fn gather(&self) -> Option<Evidence<'a>> {
        let mut evidence = Evidence { status: Some(self.status?), ..Evidence::default() };
        evidence.at = self.time;
        let present = |value: Option<&'a [u8]>| value.filter(|value| !matches!(*value, b"-" | b""));
        evidence.client = present(self.client);
        let number = self.connection.and_then(number::whole);
        evidence.connection = number.map(|number| Connection { process: 0, number });
        evidence.cluster = present(self.cluster);
        evidence.request.authority = present(self.authority);
        evidence.request.id = present(self.request_id);
        match self.request_line.and_then(scan::request_line) {
            Some((method, path)) => {
                evidence.request.method = Some(method);
                evidence.request.path = Some(path);
            }
            None => {
                evidence.request.method = present(self.method);
                evidence.request.path = present(self.path);
            }
        }
        evidence.request.upgrade = present(self.upgrade).is_some();
        evidence.headers.retry_after = present(self.retry_after);
        evidence.headers.server = present(self.server);
        evidence.headers.via = present(self.via);
        evidence.headers.content_type = present(self.content_type);
        evidence.headers.proxy_status = present(self.proxy_status);
        evidence.body_sent = self.body_sent.and_then(number::bytes);
        evidence.timings.total = self.request_time.and_then(number::seconds);
        evidence.complete = self.completion.map(|word| word == b"OK");
        if let Some(word @ (b"STALE" | b"UPDATING")) = self.cache_status {
            evidence.add(Seen { quote: word, ..Seen::new(Sign::StaleServed) });
        }
        gather_attempts(self, &mut evidence);
        if let Some(last) = evidence.attempts.last().copied() {
            evidence.timings.connect = last.connect;
            evidence.timings.first_byte = last.header;
        }
        Some(evidence)
    }
}

fn gather_attempts<'a>(fields: &Fields<'a>, evidence: &mut Evidence<'a>) {
    let lists = [fields.upstream_address, fields.upstream_status, fields.response_time];
    evidence.upstream_told = fields.upstream_address.is_some() || fields.upstream_status.is_some();
    let Some(longest) = lists
        .into_iter()
        .flatten()
        .filter(|list| *list != b"-")
        .max_by_key(|list| List::of(list).count())
    else {
        return;
    };
    let mut addresses = Values::of(fields.upstream_address);
    let mut statuses = Values::of(fields.upstream_status);
    let mut connects = Values::of(fields.connect_time);
    let mut headers = Values::of(fields.header_time);
    let mut totals = Values::of(fields.response_time);
    let mut received = Values::of(fields.received);
    let mut sent = Values::of(fields.sent);
    for _ in List::of(longest) {
        evidence.attempts.push(Attempt {
            address: addresses.next_value(),
            status: statuses.next_value().and_then(number::status),
            connect: connects.next_value().and_then(number::seconds),
            header: headers.next_value().and_then(number::seconds),
            total: totals.next_value().and_then(number::seconds),
            received: received.next_value().and_then(number::bytes),
            sent: sent.next_value().and_then(number::bytes),
            connect_told: fields.connect_time.is_some(),
            header_told: fields.header_time.is_some(),
        });
    }
}

/// The values of a list by attempt; `-` and nothing are no value.
pub(super) struct Values<'a> {
    items: Option<List<'a>>,
}

impl<'a> Values<'a> {
    pub(super) fn of(list: Option<&'a [u8]>) -> Self {
        Self { items: list.map(List::of) }
    }

    fn next_value(&mut self) -> Option<&'a [u8]> {
        self.items.as_mut()?.next().filter(|item| !matches!(*item, b"-" | b""))
    }
}
