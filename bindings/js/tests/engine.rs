//! The engine as JavaScript calls it: text or bytes in, text out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use why502_js::calls::{diagnose, facts, html, places};
use why502_js::{Log, Trouble};

const REFUSED: &str = "2026/09/14 08:27:39 [error] 417#417: *3256 connect() failed (111: Connection \
    refused) while connecting to upstream, client: 203.0.113.24, server: shop.example, request: \
    \"GET /cart/81 HTTP/1.1\", upstream: \"http://192.0.2.10:8080/cart/81\", host: \"shop.example\"\n";

#[test]
fn text_is_diagnosed_under_its_name() {
    let diagnosis = diagnose(REFUSED.as_bytes(), Some(2026), "error.log".into()).unwrap();
    assert!(diagnosis.starts_with("{\"schema\":\"why502/1\""));
    assert!(diagnosis.contains("\"file\":\"error.log\""));
    let nameless = diagnose(REFUSED.as_bytes(), Some(2026), String::new()).unwrap();
    assert!(!nameless.contains("\"file\":\"error.log\""));
}

#[test]
fn a_trouble_says_where() {
    let trouble = diagnose(b" \n", None, String::new()).unwrap_err();
    assert!(matches!(trouble, Trouble::Empty));
    assert_eq!(trouble.code(), "empty");
    let trouble = facts("{\"status\": \"502\"}").unwrap_err();
    assert!(trouble.to_string().starts_with("status: expected"), "{trouble}");
    assert_eq!(trouble.code(), "bad-input");
    assert!(matches!(html(b"{}"), Err(Trouble::NoDiagnosis(_))));
    let diagnosis = facts("{\"status\": 502}").unwrap();
    assert!(html(diagnosis.as_bytes()).unwrap().starts_with("<article"));
}

#[test]
fn a_log_is_read_alike_however_it_comes() {
    let read = |size: usize| {
        let mut log = Log::new(Some(2026), false, true, String::new());
        let mut said = String::new();
        for chunk in REFUSED.repeat(3).as_bytes().chunks(size) {
            said += &log.read(chunk, false);
        }
        said += &log.read(b"", true);
        assert!(log.summary().unwrap().contains("\"lines\": 3"));
        said
    };
    let whole = read(usize::MAX);
    assert_eq!(whole.lines().count(), 3);
    for size in [1, 7, 100] {
        assert_eq!(read(size), whole);
    }
}

#[test]
fn the_catalogue_says_where_it_is() {
    let bytes: usize = places()
        .lines()
        .map(|line| line.split_once(' ').unwrap().1.parse::<usize>().unwrap())
        .sum();
    assert!(bytes > 50_000, "{bytes}");
}
