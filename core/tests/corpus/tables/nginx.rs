//! nginx: collected from the log calls of its sources.

use super::{Row, Table};
use why502::{Fault, Phase};

/// The table.
pub const TABLE: Table = Table {
    name: "nginx",
    text: include_str!("../../vocabulary/nginx.tsv"),
    record,
    differs: DIFFERS,
    left_out: &[(
        "<hr><center>nginx</center>",
        "The last line of a page names the gateway, and nothing that failed.",
    )],
};

const DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "host not found in upstream \"{host}\" in {file}:{line}",
        Fault::DnsNotFound,
        "What was observed is that a name was looked up, and not found.",
    ),
    (
        "504",
        Fault::ResponseTimeout,
        "A bare 504 is mostly a response that did not come, and its certainty says so.",
    ),
    (
        "<center><h1>504 Gateway Time-out</h1></center>",
        Fault::ResponseTimeout,
        "The page says as much as the bare status.",
    ),
    (
        "009",
        Fault::ResponseMalformed,
        "nginx writes 009 for what it passed on as HTTP/0.9: the upstream sent no status line.",
    ),
    (
        "$upstream_bytes_received=0",
        Fault::ResponseTerminated,
        "That nothing came does not tell a close from a reset, so the parent is said.",
    ),
    (
        "open() \"{path}\" failed (13: Permission denied) while reading upstream",
        Fault::GatewayInternal,
        "Nothing ran out: the gateway may not use a file of its own.",
    ),
    (
        "SSL_read() failed (SSL: {openssl_errors}) while reading response header from upstream",
        Fault::ResponseTerminated,
        "OpenSSL's words do not say whether the connection was closed or reset.",
    ),
    (
        "upstream sent no valid HTTP/1.0 header while reading response header from upstream",
        Fault::ResponseMalformed,
        "HTTP that is broken and another protocol look alike here; the other is a candidate.",
    ),
    (
        "FastCGI sent in stderr: \"Primary script unknown\" while reading response header from \
         upstream",
        Fault::None,
        "The answer to it is a 404, which is no failure of the gateway.",
    ),
    (
        "FastCGI sent in stderr: \"PHP message: {text}\" while reading response header from \
         upstream",
        Fault::None,
        "Notices and warnings come with answers that are well; a fatal error has words of its own.",
    ),
];

fn record(row: &Row<'_>) -> String {
    match row.place {
        "error-log" => error_record(row.token, row.fault),
        "access-log" => access_record(row.token, row.fault),
        "body" => format!("<html>\r\n<head></head>\r\n{}\r\n</html>\r\n", row.token),
        place => panic!("no record for {place}"),
    }
}

/// A whole record of a message: with an action that fits, and the fields that nginx adds.
fn error_record(token: &str, fault: Option<Fault>) -> String {
    // At its start nginx writes the place in the configuration, and there is no exchange.
    if token.contains("{file}:{line}") {
        return format!("2026/09/14 08:11:02 [emerg] 1#1: {}", filled(token, fault));
    }
    let message = match token.strip_prefix("while ") {
        // A row that is an action: behind words that nobody knows.
        Some(_) => format!("something that is not in the table {token}"),
        None => token.to_owned(),
    };
    let phase = fault.map(Fault::phase);
    let mut record = filled(&message, fault);
    if !record.contains(" while ") && !record.contains(" to client") {
        if let Some(action) = phase.and_then(action) {
            record.push_str(action);
        }
    }
    for (name, field) in [
        (", client: ", ", client: 203.0.113.24"),
        (", server: ", ", server: shop.example"),
        (", request: ", ", request: \"GET /cart HTTP/1.1\""),
    ] {
        if !record.contains(name) {
            record.push_str(field);
        }
    }
    let upstream = match phase {
        Some(Phase::Connect | Phase::Tls | Phase::Request) => true,
        Some(Phase::ResponseHeaders | Phase::ResponseBody) => true,
        _ => record.contains("upstream"),
    };
    if upstream && !record.contains(", upstream: ") {
        record.push_str(", upstream: \"http://192.0.2.10:8080/cart\"");
    }
    let level = if fault.is_some() { "error" } else { "info" };
    format!("2026/09/14 08:11:02 [{level}] 417#417: *3101 {record}, host: \"shop.example\"")
}

/// What nginx does in a phase; none where its messages name no action.
fn action(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::Connect => Some(" while connecting to upstream"),
        Phase::Tls => Some(" while SSL handshaking to upstream"),
        Phase::Request => Some(" while sending request to upstream"),
        Phase::ResponseHeaders => Some(" while reading response header from upstream"),
        Phase::ResponseBody => Some(" while reading upstream"),
        _ => None,
    }
}

/// A message with plausible values for its placeholders.
fn filled(token: &str, fault: Option<Fault>) -> String {
    let errno = match fault.map(Fault::phase) {
        Some(Phase::Connect) => "92: Protocol not available",
        Some(Phase::Resolve) => "101: Network is unreachable",
        Some(Phase::Request) => "32: Broken pipe",
        Some(Phase::ResponseHeaders | Phase::ResponseBody) => "104: Connection reset by peer",
        Some(Phase::Gateway) => "28: No space left on device",
        _ => "110: Connection timed out",
    };
    let errno = if token.contains("timed out") { "110: Connection timed out" } else { errno };
    let openssl = match fault {
        Some(Fault::ResponseReset) => "error:0A000119:SSL routines::bad record mac",
        _ => "error:0A000438:SSL routines::internal error",
    };
    // The length of a frame that is none: the first bytes of "HTTP/1.1".
    let number = if token.contains("too large http2 frame") { "4740180" } else { "11" };
    let mut text = token.to_owned();
    for (placeholder, value) in [
        ("{errno}: {strerror}", errno),
        ("({code}: {text})", "(2: Server failure)"),
        ("({code}:{x509_text})", "(26:unsupported certificate purpose)"),
        ("{openssl_errors}", openssl),
        ("{strerror_or_text}", "invalid label"),
        ("{action}", "connecting to upstream"),
        ("\\x{hh}", "\\x0d"),
        ("{module}", "proxy"),
        ("{nnn}", "300"),
        ("{flags}", "8180"),
        ("{option}", "SO_KEEPALIVE"),
        ("{file}", "/etc/nginx/conf.d/shop.conf"),
        ("{line}", "4"),
        ("{port}", "8080"),
        ("{addr}", "192.0.2.53:53"),
        ("{ip}", "203.0.113.24"),
        ("{url}", "http://cart.internal:8080"),
        ("{uri}", "/cart"),
        ("{host}", "cart.internal"),
        ("{srv}", "_http._tcp"),
        ("{path}", "/var/cache/nginx/proxy_temp/1/00/0000000001"),
        ("{zone}", "per_ip"),
        ("{name}", "cart"),
        ("{start}", "X-Cart Items"),
        ("{text}", "a line of output"),
        ("{type}", "6"),
        ("{id}", "3"),
        ("{code}", "2"),
        ("{pid}", "417"),
        ("{k}", "cart:81"),
        ("{v}", "abc"),
        ("{h}", "Date: now"),
        ("{n}", number),
    ] {
        text = text.replace(placeholder, value);
    }
    assert!(!text.contains(['{', '}']), "no value for a placeholder of {token}: {text}");
    text
}

/// A line that holds the value: failing where the row tells of a failure, else healthy.
fn access_record(token: &str, fault: Option<Fault>) -> String {
    let line = |status: &str| {
        format!(
            "203.0.113.24 - - [14/Sep/2026:09:01:02 +0000] \"GET /cart HTTP/1.1\" {status} 157 \
             \"-\" \"shop-app/7.1\""
        )
    };
    let Some((name, value)) = token.strip_prefix('$').and_then(|rest| rest.split_once('=')) else {
        return line(token);
    };
    let value = match (name, value) {
        ("upstream_status", _) => value.replace("{a}", "200").replace("{b}", "200"),
        _ => value
            .replace("{group}", "shop_pool")
            .replace("{ip:port}", "192.0.2.10:8080")
            .replace("{path}", "/run/cart.sock")
            .replace("{s}", "0.250"),
    };
    let failed = fault.is_some_and(|fault| fault != Fault::None);
    let connected = name == "upstream_bytes_received";
    let status = if failed { "502" } else { "200" };
    let mut record = line(status);
    for (field, usual) in [
        ("upstream_addr", "192.0.2.10:8080"),
        ("upstream_status", status),
        ("upstream_connect_time", if failed && !connected { "-" } else { "0.001" }),
        ("upstream_header_time", if failed { "-" } else { "0.002" }),
        ("upstream_response_time", "0.003"),
    ] {
        let value = if field == name { &value } else { usual };
        record.push_str(&format!(" {field}=\"{value}\""));
    }
    if !record.contains(name) {
        record.push_str(&format!(" {name}=\"{value}\""));
    }
    record
}
