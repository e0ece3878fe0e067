//! Apache HTTP Server: collected from the log calls of its sources.

use super::{Row, Table};
use why502::{Fault, Phase};

/// The table.
pub const TABLE: Table = Table {
    name: "apache",
    text: include_str!("../../vocabulary/apache.tsv"),
    record,
    differs: DIFFERS,
    left_out: &[],
};

const DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "AH00898: {message} returned by {uri}",
        Fault::Unknown,
        "A reason that nobody knows still says that something failed.",
    ),
    (
        "AH00898: Error reading from remote server returned by {uri}",
        Fault::ResponseTerminated,
        "It follows a line that says whether the upstream closed, reset or was too slow.",
    ),
    (
        "AH00898: Corrupt status line returned by remote server: {line} returned by {uri}",
        Fault::ResponseMalformed,
        "HTTP that is broken and another protocol look alike here; the other is a candidate.",
    ),
    (
        "AH00959: ap_proxy_connect_backend disabling worker for ({host}) for {n}s",
        Fault::ConnectFailed,
        "It says why the worker is out of turn: the connection just failed.",
    ),
    (
        "AH01102 with (20014)Internal error (specific information not available)",
        Fault::ResponseTerminated,
        "The handshake is driven by the request, so it was over: OpenSSL 3 gives this for a \
         connection that ended without its close alert.",
    ),
    (
        "AH01102 with (103)Software caused connection abort",
        Fault::ResponseTerminated,
        "Apache gave the connection up itself, and does not say whether it was closed or reset.",
    ),
    (
        "AH01071: Got error '{stderr}'",
        Fault::None,
        "Notices and warnings come with answers that are well; a fatal error has words of its own.",
    ),
    (
        "AH01071: Got error 'Primary script unknown'",
        Fault::None,
        "The answer to it is a 404, which is no failure of the gateway.",
    ),
    (
        "uwsgi: Error reading from remote server",
        Fault::ResponseTerminated,
        "It says that no status line came, and not why.",
    ),
    (
        "AH00878 with (120006)APR does not understand this error code",
        Fault::ResponseTerminated,
        "AJP_ENO_HEADER: no header could be received, for a reason that AH01030 tells before.",
    ),
    (
        "AH01174: {balancer}: Forcing worker ({worker}) into error state due to status code {n} \
         matching 'failonstatus' balancer parameter",
        Fault::UpstreamUnavailable,
        "The worker is taken out for its answer, which this request got: here a 503.",
    ),
    (
        "AH02460: {balancer}: Forcing worker ({worker}) into error state due to timeout and \
         'failontimeout' parameter being set",
        Fault::ResponseTimeout,
        "The worker is taken out because this request had no answer in time.",
    ),
    (
        "<title>503 Service Unavailable</title>",
        Fault::Unknown,
        "The page says as much as the bare status.",
    ),
    (
        "The server is temporarily unable to service your request due to maintenance downtime or \
         capacity problems. Please try again later.",
        Fault::Unknown,
        "The page says as much as the bare status.",
    ),
    (
        "Reason: <strong>Error reading from remote server</strong>",
        Fault::ResponseTerminated,
        "The same reason is given for a close, a reset and a timeout.",
    ),
];

fn record(row: &Row<'_>) -> String {
    match row.place {
        "error-log" => error_record(row.token, row.fault),
        "access-log" => access_record(row.token),
        "body" => format!("<html><head>\n{}\n</head></html>\n", filled(row.token)),
        place => panic!("no record for {place}"),
    }
}

/// A whole record: with the parts in front that such a line has, and a status where the row's fault
/// needs one.
fn error_record(token: &str, fault: Option<Fault>) -> String {
    let (token, given) = match token.split_once(" with (") {
        Some((code, status)) => (words(code), Some(format!("({status}: "))),
        None => (token.to_owned(), None),
    };
    let phase = fault.map(Fault::phase);
    let usual = match fault {
        Some(Fault::ResponseClosed) => "(70014)End of file found: ",
        Some(Fault::ResponseReset | Fault::BodyTruncated) => "(104)Connection reset by peer: ",
        Some(Fault::ResponseTimeout) => "(70007)The timeout specified has expired: ",
        Some(Fault::RequestWriteFailed) => "(32)Broken pipe: ",
        Some(Fault::DnsFailed) => "(670003)Temporary failure in name resolution: ",
        _ => "",
    };
    let status = given.unwrap_or_else(|| usual.to_owned());
    let (module, party) = match phase {
        Some(Phase::Tls) => ("ssl", "[remote 192.0.2.10:443] "),
        Some(Phase::Connect) => ("proxy", ""),
        Some(_) => ("proxy_http", "[client 203.0.113.24:40112] "),
        None => ("core", ""),
    };
    let level = if fault.is_some() { "error" } else { "info" };
    let message = filled(&token);
    format!(
        "[Mon Sep 14 08:11:02.417301 2026] [{module}:{level}] [pid 417:tid 140210] {status}{party}\
         {message}, referer: https://shop.example/?q=AH00957:+timed+out"
    )
}

/// The words of a code that a row names without them.
fn words(code: &str) -> String {
    let words = match code {
        "AH00957" => "http: attempt to connect to {ip:port} ({host}:{port}) failed",
        "AH02454" => "http: attempt to connect to Unix domain socket {path} ({host}:{port}) failed",
        "AH01084" => "pass request body failed to {ip:port} ({host})",
        "AH01102" => "error reading status line from remote server {host}:{port}",
        "AH01110" => "Network error reading response",
        "AH01067" => "Failed to read FastCGI header",
        "AH01075" => "Error dispatching request to {host}: ",
        "AH00878" => "read response failed from {ip:port} ({host}:{port})",
        "AH01030" => "ajp_ilink_receive() can't receive header",
        _ => panic!("no words for {code}"),
    };
    format!("{code}: {words}")
}

/// A message with plausible values for its placeholders.
fn filled(token: &str) -> String {
    let token = token
        .replace("{name} ({n})", "Segmentation fault (11)")
        .replace("status code {n}", "status code 503");
    let mut text = String::new();
    let mut rest = &token[..];
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap();
        text.push_str(before);
        text.push_str(match name {
            "ip:port" => "192.0.2.10:8080",
            "host" => "cart.internal",
            "port" => "8080",
            "scheme" => "http",
            "uri" | "path" => "/cart",
            "url" => "http://cart.internal:8080/cart",
            "balancer" => "balancer://shop",
            "ips" | "ip" | "client" => "203.0.113.24",
            "a" => "192.0.2.10:8080",
            "b" => "192.0.2.1:40112",
            "n" | "pid" => "3",
            "hex" => "4854",
            choice if choice.contains('|') => choice.split('|').next().unwrap(),
            _ => "cart",
        });
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// A line that holds the value, of an exchange that went well.
fn access_record(token: &str) -> String {
    let state = if token == "X" { "X" } else { "+" };
    format!(
        "203.0.113.24 - - [14/Sep/2026:09:01:02 +0000] \"GET /cart HTTP/1.1\" 200 157 \"-\" \
         \"shop-app/7.1\" D=2417 X={state} worker=http://192.0.2.10:8080 changed=1"
    )
}
