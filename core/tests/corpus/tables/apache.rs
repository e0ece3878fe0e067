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

const DIFFERS: &[(&str, Fault, &str)] = &[];

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
    let mut text = String::new();
    let mut rest = token;
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
