//! Libraries, systems and standards: tables of the same make, and records of their rows.

use super::{Row, Table};
use why502::Fault;

/// The tables.
pub const TABLES: &[Table] = &[
    Table {
        name: "errno-texts",
        text: include_str!("../../vocabulary/errno-texts.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "resolver",
        text: include_str!("../../vocabulary/resolver.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "openssl",
        text: include_str!("../../vocabulary/openssl.tsv"),
        record: openssl,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "boringssl",
        text: include_str!("../../vocabulary/boringssl.tsv"),
        record: boringssl,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "gnutls",
        text: include_str!("../../vocabulary/gnutls.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "rustls",
        text: include_str!("../../vocabulary/rustls.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "tls-alerts",
        text: include_str!("../../vocabulary/tls-alerts.tsv"),
        record: alert,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "http2-http3",
        text: include_str!("../../vocabulary/http2-http3.tsv"),
        record: http2,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "curl",
        text: include_str!("../../vocabulary/curl.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "go",
        text: include_str!("../../vocabulary/go.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "go-runtime",
        text: include_str!("../../vocabulary/go-runtime.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "java",
        text: include_str!("../../vocabulary/java.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "node",
        text: include_str!("../../vocabulary/node.tsv"),
        record: node,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "node-runtime",
        text: include_str!("../../vocabulary/node-runtime.tsv"),
        record: node,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "python",
        text: include_str!("../../vocabulary/python.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "rust-crates",
        text: include_str!("../../vocabulary/rust-crates.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "grpc",
        text: include_str!("../../vocabulary/grpc.tsv"),
        record: grpc,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "rfc9209",
        text: include_str!("../../vocabulary/rfc9209.tsv"),
        record: proxy_status,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "http-fields",
        text: include_str!("../../vocabulary/http-fields.tsv"),
        record: field,
        differs: &[],
        left_out: &[],
    },
];

/// The words alone.
fn plain(row: &Row<'_>) -> String {
    filled(row.token)
}

/// A reason in an error line; a verify text and a name alone.
fn openssl(row: &Row<'_>) -> String {
    let token = filled(row.token);
    let reason = row.place == "error-log" && !token.contains(':') && !token.starts_with('(');
    match reason {
        true => format!("SSL_connect failed: error:0A000086:SSL routines::{token}"),
        false => token,
    }
}

fn boringssl(row: &Row<'_>) -> String {
    let token = filled(row.token);
    match token.contains(':') {
        true => token,
        false => {
            format!("TLS_error:|268435703:SSL routines:OPENSSL_internal:{token}:TLS_error_end")
        }
    }
}

fn alert(row: &Row<'_>) -> String {
    let (number, name) = row.token.split_once(' ').unwrap();
    match number.parse::<u8>().unwrap() % 2 {
        0 => format!("javax.net.ssl.SSLException: Received fatal alert: {name}"),
        _ => format!("error:0A000000:SSL routines::a reason:SSL alert number {number}"),
    }
}

fn http2(row: &Row<'_>) -> String {
    let token = row.token;
    match row.place {
        "error-type" if token.starts_with("quic") && !token.contains("0x00 ") => {
            format!("connection lost: {}", token.rsplit(' ').next().unwrap())
        }
        "error-type" => format!("HTTP/2 error: {token}"),
        "access-log" => {
            let status = token.strip_prefix("status ").unwrap();
            format!("HTTP/1.1 {status} Status\r\n\r\n")
        }
        _ => token.to_owned(),
    }
}

fn node(row: &Row<'_>) -> String {
    let token = filled(row.token);
    match token.starts_with(|letter: char| letter.is_ascii_uppercase()) && !token.contains(' ') {
        true => format!("Error: request failed {{ errno: -1, code: '{token}' }}"),
        false => format!("Error: {token}"),
    }
}

fn grpc(row: &Row<'_>) -> String {
    let token = filled(row.token);
    match row.place {
        "header" => format!("HTTP/2 200\r\ncontent-type: application/grpc\r\n{token}\r\n\r\n"),
        "error-type" => format!("grpc.StatusCode.{token}: details"),
        "access-log" => {
            let status = token.split(' ').nth(1).unwrap();
            format!("rpc failed: unexpected HTTP status code received from server: {status} (x)")
        }
        _ => token,
    }
}

fn proxy_status(row: &Row<'_>) -> String {
    let token = filled(row.token);
    let parameters = match token.split_once('=') {
        Some((name, _)) if !name.contains(';') => token,
        _ => format!("error={token}"),
    };
    format!("HTTP/1.1 502 Bad Gateway\r\nproxy-status: edge.example; {parameters}\r\n\r\n")
}

fn field(row: &Row<'_>) -> String {
    let token = filled(row.token);
    match row.place {
        "json-field" => format!("{{\"{token}\": 503}}"),
        _ => format!("HTTP/1.1 503 Service Unavailable\r\n{token}\r\n\r\n"),
    }
}

/// Words with plausible values for their placeholders.
fn filled(token: &str) -> String {
    let mut text = token.replace("{{", "\u{1}").replace("}}", "\u{2}");
    for (placeholder, value) in [
        ("{gai text}", "System error"),
        ("{x509 text}", "invalid purpose"),
        ("{x509 error}", "x509: unhandled"),
        ("{strerror}", "Protocol not available"),
        ("{oserror}", "[Errno 92] Protocol not available"),
        ("{addr}", "192.0.2.10:8080"),
        ("{ip}", "192.0.2.10"),
        ("{ip:port}", "192.0.2.10:8080"),
        ("{a}->{b}", "192.0.2.1:51000->192.0.2.10:8080"),
        ("{path}", "/run/cart.sock"),
        ("{host}", "cart.internal"),
        ("{server}", "192.0.2.53:53"),
        ("{url}", "http://cart.internal:8080/cart"),
        ("{port}", "8080"),
        ("{ms}", "1500"),
        ("{n}", "500"),
        ("{m}", "9"),
        ("{status}", "500"),
        ("{code}", "500"),
        ("{CODE}", "PROTOCOL_ERROR"),
        ("{hex}", "0A000086"),
        ("{NAME}", "INTERNAL_ERROR"),
        ("{int}", "22"),
        ("{token}", "some_type"),
        ("{token-or-string}", "\"some\""),
        ("{token-or-bytes}", "h2"),
        ("{string}", "\"some words\""),
        ("{own pseudonym}", "edge.example"),
    ] {
        text = text.replace(placeholder, value);
    }
    while let (Some(start), Some(end)) = (text.find('{'), text.find('}')) {
        if end < start {
            break;
        }
        let inside = text[start + 1..end].to_owned();
        let value = match inside.split_once('|') {
            Some((first, _)) => first.to_owned(),
            None => "abc".to_owned(),
        };
        text.replace_range(start..=end, &value);
    }
    text.replace('\u{1}', "{").replace('\u{2}', "}")
}

#[allow(dead_code)]
const UNUSED: Option<Fault> = None;
