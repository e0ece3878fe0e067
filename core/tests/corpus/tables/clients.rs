//! What clients tell: archives and reports.

use super::{Row, Table};

/// The tables.
pub const TABLES: &[Table] = &[
    Table {
        name: "har",
        text: include_str!("../../vocabulary/har.tsv"),
        record: archive,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "nel",
        text: include_str!("../../vocabulary/nel.tsv"),
        record: report,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "chromium within archives",
        text: include_str!("../../vocabulary/chromium.tsv"),
        record: failed,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "firefox within archives",
        text: include_str!("../../vocabulary/firefox.tsv"),
        record: failed,
        differs: &[],
        left_out: &[],
    },
    Table {
        name: "node-runtime, thrown",
        text: include_str!("../../vocabulary/node-runtime.tsv"),
        record: thrown,
        differs: &[],
        left_out: &[("UNSPECIFIED", "The word is anybody's, also as a code.")],
    },
];

/// An archive with one entry that failed so.
fn failed(row: &Row<'_>) -> String {
    let error = row.token.replace("{n}", "500");
    entry(&format!(r#""status": 0, "_error": "{error}""#), NO_TIMINGS, "5", "")
}

/// What fetch throws for it.
fn thrown(row: &Row<'_>) -> String {
    let token = row.token.replace('"', "\\\"");
    let inner = match token.contains(' ') {
        true => format!(r#"{{"name":"Error","message":"{token}"}}"#),
        false => format!(r#"{{"name":"Error","message":"","code":"{token}"}}"#),
    };
    format!(r#"{{"name":"TypeError","message":"fetch failed","cause":{inner}}}"#)
}

const NO_TIMINGS: &str =
    r#"{"blocked": 1.5, "dns": -1, "connect": -1, "ssl": -1, "send": 0, "wait": 0, "receive": 0}"#;

/// An archive with one entry that has what the row names.
fn archive(row: &Row<'_>) -> String {
    let usual = r#"{"blocked": 1.5, "dns": 2, "connect": 9, "ssl": 5, "send": 0.1, "wait": 30, "receive": 2}"#;
    let refused = r#"{"blocked": 1.5, "dns": -1, "connect": 3, "ssl": -1, "send": 0, "wait": 0, "receive": 0}"#;
    let (response, timings, time, more) = match row.token {
        r#"response.status=0 response._error="net::ERR_{x}""# => {
            (r#""status": 0, "_error": "net::ERR_ABORTED""#, usual, "5", "")
        }
        "response.status=0 response._error=null" => {
            (r#""status": 0, "_error": null"#, usual, "5", "")
        }
        r#"response.status=0 statusText="" time=0"# => {
            (r#""status": 0, "statusText": """#, usual, "0", "")
        }
        "response.status=0 headers=[] timings={}" => {
            (r#""status": 0, "headers": []"#, "{}", "5", "")
        }
        "response.status=-1" => (r#""status": -1"#, usual, "5", ""),
        r#"response.status=200 _error="net::ERR_INCOMPLETE_CHUNKED_ENCODING""# => {
            (r#""status": 200, "_error": "net::ERR_INCOMPLETE_CHUNKED_ENCODING""#, usual, "50", "")
        }
        "response.status=502" => (r#""status": 502"#, usual, "50", ""),
        "timings.connect>0 wait=0 status=0" => (r#""status": 0"#, refused, "5", ""),
        "timings.wait large status=504" => (
            r#""status": 504"#,
            r#"{"blocked": 1, "dns": -1, "connect": -1, "send": 0, "wait": 60012, "receive": 1}"#,
            "60014",
            "",
        ),
        "entries[]._fromCache" => (r#""status": 200"#, usual, "1", r#""_fromCache": "memory","#),
        "entries[].response._error" => (r#""_error": null, "status": 200"#, usual, "50", ""),
        "entries[].response._fetchedViaServiceWorker" => {
            (r#""_fetchedViaServiceWorker": true, "status": 200"#, usual, "50", "")
        }
        _ => (r#""status": 200, "statusText": "OK", "headers": []"#, usual, "50", ""),
    };
    entry(response, timings, time, more)
}

fn entry(response: &str, timings: &str, time: &str, more: &str) -> String {
    format!(
        r#"{{"log": {{"version": "1.2", "creator": {{"name": "x"}}, "entries": [
          {{"startedDateTime": "2026-11-22T12:03:04.123Z", "time": {time}, {more}
            "request": {{"method": "GET", "url": "https://shop.example/cart", "headers": []}},
            "response": {{{response}}}, "cache": {{}}, "timings": {timings}}}
        ]}}}}"#
    )
}

/// A report of the row's type, or one with the row's field.
fn report(row: &Row<'_>) -> String {
    let fields = [
        "sampling_fraction",
        "elapsed_time",
        "phase",
        "type",
        "server_ip",
        "protocol",
        "referrer",
        "method",
        "status_code",
    ];
    if row.place == "header" {
        return "HTTP/1.1 200 OK\r\nNEL: {\"report_to\":\"a\",\"max_age\":60}\r\n\r\n".to_owned();
    }
    let (kind, status) = match row.token {
        "http.error" => ("http.error", 500),
        "ok" => ("ok", 200),
        field if fields.contains(&field) => ("ok", 200),
        kind => (kind, 0),
    };
    format!(
        r#"[{{"age": 0, "type": "network-error", "url": "https://shop.example/", "user_agent": "x",
          "body": {{"sampling_fraction": 1.0, "referrer": "", "server_ip": "192.0.2.42",
            "protocol": "h2", "method": "GET", "status_code": {status}, "elapsed_time": 321,
            "phase": "connection", "type": "{kind}"}}}}]"#
    )
}
