//! Libraries, systems and standards: tables of the same make, and records of their rows.

use super::standard_exceptions::{
    BORINGSSL_DIFFERS, CURL_DIFFERS, CURL_LEFT_OUT, ERRNO_TEXTS_DIFFERS, ERRNO_TEXTS_LEFT_OUT,
    GNUTLS_DIFFERS, GO_DIFFERS, GO_LEFT_OUT, GO_RUNTIME_DIFFERS, GO_RUNTIME_LEFT_OUT, GRPC_DIFFERS,
    GRPC_LEFT_OUT, HTTP_FIELDS_DIFFERS, HTTP_FIELDS_LEFT_OUT, HTTP2_HTTP3_DIFFERS,
    HTTP2_HTTP3_LEFT_OUT, NODE_LEFT_OUT, NODE_RUNTIME_LEFT_OUT, OPENSSL_LEFT_OUT, PYTHON_DIFFERS,
    PYTHON_LEFT_OUT, RESOLVER_DIFFERS, RESOLVER_LEFT_OUT, RFC9209_DIFFERS, RUST_CRATES_DIFFERS,
    RUST_CRATES_LEFT_OUT, RUSTLS_DIFFERS, RUSTLS_LEFT_OUT,
};
use super::{Row, Table};
use why502::Fault;

/// The tables.
pub const TABLES: &[Table] = &[
    Table {
        name: "errno-texts",
        text: include_str!("../../vocabulary/errno-texts.tsv"),
        record: plain,
        differs: ERRNO_TEXTS_DIFFERS,
        left_out: ERRNO_TEXTS_LEFT_OUT,
    },
    Table {
        name: "resolver",
        text: include_str!("../../vocabulary/resolver.tsv"),
        record: resolver,
        differs: RESOLVER_DIFFERS,
        left_out: RESOLVER_LEFT_OUT,
    },
    Table {
        name: "openssl",
        text: include_str!("../../vocabulary/openssl.tsv"),
        record: openssl,
        differs: &[],
        left_out: OPENSSL_LEFT_OUT,
    },
    Table {
        name: "boringssl",
        text: include_str!("../../vocabulary/boringssl.tsv"),
        record: boringssl,
        differs: BORINGSSL_DIFFERS,
        left_out: &[],
    },
    Table {
        name: "gnutls",
        text: include_str!("../../vocabulary/gnutls.tsv"),
        record: plain,
        differs: GNUTLS_DIFFERS,
        left_out: &[],
    },
    Table {
        name: "rustls",
        text: include_str!("../../vocabulary/rustls.tsv"),
        record: plain,
        differs: RUSTLS_DIFFERS,
        left_out: RUSTLS_LEFT_OUT,
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
        differs: HTTP2_HTTP3_DIFFERS,
        left_out: HTTP2_HTTP3_LEFT_OUT,
    },
    Table {
        name: "curl",
        text: include_str!("../../vocabulary/curl.tsv"),
        record: curl,
        differs: CURL_DIFFERS,
        left_out: CURL_LEFT_OUT,
    },
    Table {
        name: "go",
        text: include_str!("../../vocabulary/go.tsv"),
        record: plain,
        differs: GO_DIFFERS,
        left_out: GO_LEFT_OUT,
    },
    Table {
        name: "go-runtime",
        text: include_str!("../../vocabulary/go-runtime.tsv"),
        record: plain,
        differs: GO_RUNTIME_DIFFERS,
        left_out: GO_RUNTIME_LEFT_OUT,
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
        left_out: NODE_LEFT_OUT,
    },
    Table {
        name: "node-runtime",
        text: include_str!("../../vocabulary/node-runtime.tsv"),
        record: node,
        differs: &[],
        left_out: NODE_RUNTIME_LEFT_OUT,
    },
    Table {
        name: "python",
        text: include_str!("../../vocabulary/python.tsv"),
        record: plain,
        differs: PYTHON_DIFFERS,
        left_out: PYTHON_LEFT_OUT,
    },
    Table {
        name: "rust-crates",
        text: include_str!("../../vocabulary/rust-crates.tsv"),
        record: plain,
        differs: RUST_CRATES_DIFFERS,
        left_out: RUST_CRATES_LEFT_OUT,
    },
    Table {
        name: "grpc",
        text: include_str!("../../vocabulary/grpc.tsv"),
        record: grpc,
        differs: GRPC_DIFFERS,
        left_out: GRPC_LEFT_OUT,
    },
    Table {
        name: "chromium",
        text: include_str!("../../vocabulary/chromium.tsv"),
        record: plain,
        differs: &[],
        left_out: &[
            ("net::ERR_FAILED", "The name says no more than that something failed."),
            ("net::ERR_ACCESS_DENIED", "The name says no more than that something failed."),
            ("net::ERR_TOO_MANY_RETRIES", "The name says no more than that something failed."),
            ("HTTP ERROR {n}", "The page's number is as bare as the status."),
        ],
    },
    Table {
        name: "firefox",
        text: include_str!("../../vocabulary/firefox.tsv"),
        record: plain,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "rfc9209",
        text: include_str!("../../vocabulary/rfc9209.tsv"),
        record: proxy_status,
        differs: RFC9209_DIFFERS,
        left_out: &[],
    },
    Table {
        name: "http-fields",
        text: include_str!("../../vocabulary/http-fields.tsv"),
        record: field,
        differs: HTTP_FIELDS_DIFFERS,
        left_out: HTTP_FIELDS_LEFT_OUT,
    },
];

/// The words alone.
fn plain(row: &Row<'_>) -> String {
    match row.token.starts_with("Tunnel connection failed") {
        true => filled(&row.token.replace("{status}", "403")),
        false => filled(row.token),
    }
}

/// A code of DNS in a record of a lookup.
fn resolver(row: &Row<'_>) -> String {
    match row.place {
        "json-field" => format!("{{\"query\": \"cart.internal.\", \"rcode\": \"{}\"}}", row.token),
        _ => plain(row),
    }
}

/// A member of what `--write-out '%{json}'` writes.
fn curl(row: &Row<'_>) -> String {
    match (row.place, row.token) {
        ("json-field", "exitcode") => "{\"exitcode\": 0}".to_owned(),
        ("json-field", token) => format!("{{\"{token}\": 200}}"),
        (_, token) if token.contains("CONNECT") => filled(&token.replace("{status}", "403")),
        _ => plain(row),
    }
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
        "header" if token.starts_with("grpc-status:") => {
            format!("HTTP/2 200\r\ncontent-type: application/grpc\r\n{token}\r\n\r\n")
        }
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
    let status = if row.fault == Some(Fault::None) { "200 OK" } else { "502 Bad Gateway" };
    format!("HTTP/1.1 {status}\r\nproxy-status: edge.example; {parameters}\r\n\r\n")
}

fn field(row: &Row<'_>) -> String {
    let token = match row.token {
        "Transfer-Encoding: chunked with Content-Length" => {
            "Transfer-Encoding: chunked\r\nContent-Length: 5".to_owned()
        }
        token => filled(&token.replace("{n}", "200")),
    };
    let failed = row.fault.is_some_and(|fault| fault != Fault::None);
    let status = if failed { "503 Service Unavailable" } else { "200 OK" };
    format!("HTTP/1.1 {status}\r\n{token}\r\n\r\n")
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
