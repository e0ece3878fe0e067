//! Fields with names: those that operators add behind the request, lines of key=value, and JSON.
//!
//! The names are HAProxy's own (`%Tr` is `Tr`, letter case and all) and those that operators give
//! to them (`backend_response_time`).

use super::states::is_state;
use crate::scan::{self, json, names, number};

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Authority,
    Backend,
    Bytes,
    Client,
    Connect,
    Date,
    ErrorMessage,
    ErrorName,
    ErrorNumber,
    Frontend,
    Method,
    OpensslError,
    Path,
    Queue,
    Request,
    RequestId,
    RequestTime,
    Response,
    Retries,
    Server,
    ServerAddress,
    ServerPort,
    State,
    Status,
    Target,
    Timers,
    Total,
}

/// How many roles there are.
const ROLES: usize = 27;

/// The values of a record, by what they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    values: [Option<&'a [u8]>; ROLES],
}

impl Default for Fields<'_> {
    fn default() -> Self {
        Self { values: [None; ROLES] }
    }
}

impl<'a> Fields<'a> {
    /// The value; none where there is none, or a dash for it.
    pub(super) fn get(&self, role: Role) -> Option<&'a [u8]> {
        let value = self.values.get(role as usize).copied().flatten()?;
        (!matches!(value, b"" | b"-")).then_some(value)
    }

    /// The first of several values stands.
    pub(super) fn set(&mut self, role: Role, value: &'a [u8]) {
        // `ts` is HAProxy's state, and many people's time.
        let role = if role == Role::State && !is_state(value) { Role::Date } else { role };
        if let Some(slot) = self.values.get_mut(role as usize) {
            slot.get_or_insert(value);
        }
    }

    /// Reads `name=value` and `name="value"`, one after the other. A value without quotes may hold
    /// blanks, as OpenSSL's words do: it goes on to the next name.
    pub(super) fn add(&mut self, text: &'a [u8]) {
        let mut rest = text;
        while let Some((before, mut after)) = scan::split_byte(rest, b'=') {
            // Within a quote that no name stands before, strangers write.
            if memchr::memchr_iter(b'"', before).count() % 2 == 1 {
                rest = scan::split_byte(after, b'"').map_or(&b""[..], |(_, behind)| behind);
                continue;
            }
            let name = last_word(before);
            let value = match after {
                [b'"', inside @ ..] => {
                    let end = memchr::memchr(b'"', inside).unwrap_or(inside.len());
                    after = inside.get(end + 1..).unwrap_or_default();
                    inside.get(..end).unwrap_or(inside)
                }
                [b'[', inside @ ..] => {
                    let end = memchr::memchr(b']', inside).unwrap_or(inside.len());
                    after = inside.get(end + 1..).unwrap_or_default();
                    inside.get(..end).unwrap_or(inside)
                }
                _ => {
                    let end = next_name(after);
                    let value = after.get(..end).unwrap_or(after);
                    after = after.get(end..).unwrap_or_default();
                    value.trim_ascii().trim_ascii_end()
                }
            };
            if let Some(role) = role(name) {
                self.set(role, value.strip_suffix(b",").unwrap_or(value));
            }
            rest = after;
        }
    }

    /// Reads a JSON object. Answers whether it was whole.
    pub(super) fn add_json(&mut self, text: &'a [u8]) -> bool {
        json::each(text, |around, key, value| {
            if let Some(role) = role(key).or_else(|| role_within(around, key)) {
                self.set(role, value);
            }
        })
    }
}

/// Whether a record goes on in the next line: an object that somebody printed with line breaks.
pub(super) fn is_unfinished(record: &[u8]) -> bool {
    record.first() == Some(&b'{')
        && matches!(record.trim_ascii_end().last(), Some(b'{' | b',' | b'['))
        && (record == b"{" || record.starts_with(b"{\n"))
}

/// The name that ends a text: letters, digits, and what parts words in names.
fn last_word(text: &[u8]) -> &[u8] {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.%".contains(byte);
    let start = text.iter().rposition(|byte| !inside(byte)).map_or(0, |at| at + 1);
    text.get(start..).unwrap_or_default()
}

/// Where the blank stands that a next name follows; the end where none does.
fn next_name(text: &[u8]) -> usize {
    for equals in memchr::memchr_iter(b'=', text) {
        let before = text.get(..equals).unwrap_or(text);
        let name = last_word(before);
        let start = before.len() - name.len();
        let parted = start > 0 && before.get(start - 1).is_some_and(u8::is_ascii_whitespace);
        if parted && !name.is_empty() {
            return start;
        }
    }
    text.len()
}

/// What a name says. Short ones are HAProxy's variables, in which letter case counts.
fn role(key: &[u8]) -> Option<Role> {
    let short = key.strip_prefix(b"%").unwrap_or(key);
    if let Some(role) = variable(short) {
        return Some(role);
    }
    const LONGEST: usize = 40;
    let mut name = [0; LONGEST];
    let mut length = 0;
    for byte in short.iter().filter(|byte| !matches!(byte, b'_' | b'-' | b'.' | b'%')) {
        *name.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    let name = name.get(..length)?;
    let name = name.strip_prefix(b"haproxy").unwrap_or(name);
    names::find(&NAMES, name)
}

/// The names, without what parts their words.
const TABLE: &[(Role, &[&str])] = &[
    (Role::Authority, &["host", "hosthdr", "hdrhost", "httphost", "reqhost", "vhost", "authority"]),
    (Role::Backend, &["backend", "backendname", "be", "bename"]),
    (Role::Bytes, &["bytes", "bytesread", "bytessent", "byteswritten", "responsebytes"]),
    (
        Role::Client,
        &[
            "client",
            "clientip",
            "clientaddr",
            "clientaddress",
            "remoteaddr",
            "remoteip",
            "srcip",
            "src",
            "ip",
        ],
    ),
    (
        Role::Connect,
        &[
            "backendconnecttime",
            "connecttime",
            "connect",
            "timebackendconnect",
            "timeconnect",
            "timeserverconnect",
            "tconnect",
            "serverconnecttime",
        ],
    ),
    (
        Role::Date,
        &[
            "acceptdate",
            "date",
            "requestdate",
            "time",
            "timestamp",
            "datetime",
            "ts",
            "@timestamp",
            "timelocal",
        ],
    ),
    (Role::ErrorMessage, &["bcerrstr", "backenderror", "bcerrmsg"]),
    (Role::ErrorName, &["bcerrname"]),
    (Role::ErrorNumber, &["bcerr", "bcerrcode"]),
    (Role::Frontend, &["frontend", "frontendname", "fe", "fename", "frontendtransport"]),
    (Role::Method, &["method", "httpmethod", "requestmethod", "verb"]),
    (Role::OpensslError, &["sslbcerr", "sslbcerrstr"]),
    (
        Role::Path,
        &[
            "path",
            "uri",
            "url",
            "requesturi",
            "httppath",
            "httpuri",
            "requestpath",
            "requrl",
            "httprequesturi",
        ],
    ),
    (Role::Queue, &["queuetime", "timequeue", "timewait", "tqueue", "waittime", "timeinqueue"]),
    (Role::Request, &["httprequest", "req", "request", "requestline", "httpreq"]),
    (
        Role::RequestId,
        &["id", "reqid", "requestid", "rid", "traceid", "uniqueid", "xrequestid", "correlationid"],
    ),
    (Role::RequestTime, &["timerequest", "requesttime", "clientrequesttime", "timeclientreq"]),
    (
        Role::Response,
        &[
            "backendresponsetime",
            "responsetime",
            "serverresponsetime",
            "timebackendresponse",
            "timeresponse",
            "timeserverresponse",
            "tresponse",
        ],
    ),
    (Role::Retries, &["retries", "retrycount"]),
    (Role::Server, &["server", "servername", "backendserver", "srv", "srvname"]),
    (Role::ServerAddress, &["serverip", "backendip", "serveraddr", "backendsourceip", "srvip"]),
    (Role::ServerPort, &["serverport", "backendport", "srvport"]),
    (
        Role::State,
        &[
            "sesstermstate",
            "state",
            "termination",
            "terminationstate",
            "terminationstatewithcookiestatus",
            "termstate",
            "tsc",
            "sessionstate",
            "terminationcode",
            "termcode",
            "sessionterminationstate",
        ],
    ),
    (
        Role::Status,
        &[
            "code",
            "httpcode",
            "httpstatus",
            "httpstatuscode",
            "responsecode",
            "responsestatus",
            "status",
            "statuscode",
            "responsestatuscode",
        ],
    ),
    (Role::Timers, &["timers", "times", "timings"]),
    (
        Role::Total,
        &[
            "activetime",
            "duration",
            "sessionduration",
            "timeactive",
            "timeduration",
            "timetotal",
            "totaltime",
            "ttotal",
            "sessiontime",
            "responsetotaltime",
            "requestactivetime",
            "timesession",
        ],
    ),
];
static NAMES: [(&str, Role); names::count(TABLE)] = names::by_length(TABLE);

/// HAProxy's own short names.
const fn variable(name: &[u8]) -> Option<Role> {
    Some(match name {
        b"B" => Role::Bytes,
        b"HM" => Role::Method,
        b"HP" | b"HU" => Role::Path,
        b"ID" => Role::RequestId,
        b"ST" => Role::Status,
        b"TR" | b"Tq" => Role::RequestTime,
        b"Ta" | b"Tt" => Role::Total,
        b"Tc" => Role::Connect,
        b"Tr" => Role::Response,
        b"Tw" => Role::Queue,
        b"b" => Role::Backend,
        b"bs" => Role::Target,
        b"ci" => Role::Client,
        b"f" | b"ft" => Role::Frontend,
        b"r" => Role::Request,
        b"rc" => Role::Retries,
        b"s" => Role::Server,
        b"si" => Role::ServerAddress,
        b"sp" => Role::ServerPort,
        b"t" | b"tr" | b"trl" | b"trg" | b"T" => Role::Date,
        b"ts" | b"tsc" => Role::State,
        _ => return None,
    })
}

/// What a name says within an object of its own.
fn role_within(around: &[u8], key: &[u8]) -> Option<Role> {
    Some(match (around, key) {
        (b"backend" | b"be", b"name") => Role::Backend,
        (b"server" | b"srv", b"name") => Role::Server,
        (b"server" | b"srv", b"ip" | b"address") => Role::ServerAddress,
        (b"frontend" | b"fe", b"name") => Role::Frontend,
        (b"client", b"ip" | b"address") => Role::Client,
        (b"timers" | b"time" | b"times", b"total" | b"active") => Role::Total,
        (b"timers" | b"time" | b"times", b"wait") => Role::Queue,
        _ => return None,
    })
}

/// The number of retries, and whether another server was tried in the end.
pub(super) fn retries(text: &[u8]) -> Option<(u64, bool)> {
    let digits = text.strip_prefix(b"+");
    Some((number::whole(digits.unwrap_or(text))?, digits.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_the_next_name_begins() {
        let mut fields = Fields::default();
        fields.add(
            b" host=shop bc_err=34 bc_err_str=\"SSL handshake failure\" \
              ssl_bc_err=error:0A000458:SSL routines::tlsv1 unrecognized name rid=7F00 Tr=3",
        );
        assert_eq!(fields.get(Role::ErrorMessage), Some(&b"SSL handshake failure"[..]));
        assert_eq!(
            fields.get(Role::OpensslError),
            Some(&b"error:0A000458:SSL routines::tlsv1 unrecognized name"[..])
        );
        assert_eq!(fields.get(Role::RequestId), Some(&b"7F00"[..]));
        assert_eq!(fields.get(Role::Response), Some(&b"3"[..]));
    }

    #[test]
    fn letter_case_tells_short_names_apart() {
        for (name, is) in [
            ("TR", Some(Role::RequestTime)),
            ("Tr", Some(Role::Response)),
            ("tr", Some(Role::Date)),
            ("termination_state", Some(Role::State)),
            ("haproxy_termination_state", Some(Role::State)),
            ("backendResponseTime", Some(Role::Response)),
            ("cookie", None),
        ] {
            assert_eq!(role(name.as_bytes()), is, "{name}");
        }
    }

    #[test]
    fn every_role_has_a_place() {
        let mut fields = Fields::default();
        fields.set(Role::Total, b"1");
        assert_eq!(fields.get(Role::Total), Some(&b"1"[..]));
        assert!((Role::Total as usize) < ROLES);
    }
}
