//! Walks the table of everything that nginx says, `vocabulary/nginx.tsv` (collected from the log
//! calls of its sources), and reads a record of each row: what comes out must be what the row says.
//! Where the program differs on purpose, the row stands in [`DIFFERS`] with the reason.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

mod corpus;

use corpus::table::{Row, access_record, error_record, rows};
use why502::{Fault, Outcome};

/// Rows that come out as another fault than theirs: token, the program's fault, why.
const DIFFERS: &[(&str, Fault, &str)] = &[
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

#[test]
fn every_message_of_the_error_log_means_what_the_table_says() {
    walk("error-log", |row| error_record(row.token, row.fault));
}

#[test]
fn every_value_of_the_access_log_means_what_the_table_says() {
    walk("access-log", |row| access_record(row.token, row.fault));
}

#[test]
fn a_page_says_no_more_than_its_status() {
    walk("body", |row| format!("<html>\r\n<head></head>\r\n{}\r\n</html>\r\n", row.token));
}

fn walk(place: &str, record: impl Fn(&Row<'_>) -> String) {
    let mut wrong = Vec::new();
    let mut read = 0;
    for row in rows().filter(|row| row.place == place) {
        read += 1;
        let record = record(&row);
        let found = corpus::single(record.as_bytes(), |_, diagnosis| diagnosis.fault());
        let differs = DIFFERS.iter().find(|(token, ..)| *token == row.token);
        let right = match row.fault {
            Some(fault) => found == fault,
            // A bare status or page says that something failed, and not what.
            None if place != "error-log" && found == Fault::Unknown => true,
            None => Outcome::of(found) != Outcome::Failed,
        };
        match differs {
            Some(_) if right => wrong.push(format!("differs no longer: {}", row.token)),
            Some((_, fault, _)) if *fault == found => {}
            None if right => {}
            _ => wrong.push(format!("{found}, not {:?}: {}\n    {record}", row.fault, row.token)),
        }
    }
    assert!(read > 3, "the table has {read} rows of {place}");
    assert!(wrong.is_empty(), "{} of {read}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_difference_stands_in_the_table_and_has_a_reason() {
    for (token, _, why) in DIFFERS {
        assert!(rows().any(|row| row.token == *token), "the table has no {token}");
        assert!(why.ends_with('.') && why.len() > 20, "{token}: {why}");
    }
}
