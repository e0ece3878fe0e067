//! What clients saw: an archive that Playwright recorded with Chromium, and reports of browsers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

mod common;

use common::{counts, gzip, why502, why502_with};
use serde_json::{Value, json};

const ARCHIVE: &str = "../browser/session.har";

fn archive() -> Vec<u8> {
    std::fs::read(common::logs().join(ARCHIVE)).expect("the sample archive")
}

#[test]
fn an_archive_is_summed_up() {
    let run = why502([ARCHIVE, "--format", "json"]);
    let report = run.ends(1, &[]).json();
    let (exchanges, faults) = counts(&report);
    assert_eq!(exchanges, json!({"total": 22, "failed": 10, "client": 2, "denied": 0}));
    let named: Vec<&str> = faults.iter().map(|(fault, _)| fault.as_str()).collect();
    for fault in ["body-truncated", "connect-refused", "dns-not-found", "response-malformed"] {
        assert!(named.contains(&fault), "{named:?}");
    }
    assert_eq!(report["read"]["files"][0]["dialect"], "har");
    assert_eq!(report["read"]["not_understood"], 0);
}

#[test]
fn an_archive_is_read_however_it_comes() {
    let whole = why502([ARCHIVE, "--each", "--format", "ndjson"]).lines();
    assert_eq!(whole.len(), 12);
    let without_name = |mut each: Vec<Value>| {
        for diagnosis in &mut each {
            for quote in diagnosis["evidence"].as_array_mut().unwrap() {
                quote.as_object_mut().unwrap().remove("file");
            }
        }
        each
    };
    let whole = without_name(whole);
    let piped = why502_with(&archive(), ["--each", "--format", "ndjson"]);
    assert_eq!(without_name(piped.ends(1, &[]).lines()), whole);
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("session.har.gz");
    std::fs::write(&packed, gzip(&archive())).unwrap();
    let unpacked = why502([packed.to_str().unwrap(), "--each", "--format", "ndjson"]);
    assert_eq!(without_name(unpacked.ends(1, &[]).lines()), whole);
}

#[test]
fn the_kind_says_that_a_file_is_an_archive() {
    let kind = format!("{ARCHIVE}=har");
    why502([ARCHIVE, "--kind", &kind]).ends(1, &[]);
    // What is none is said.
    let other = why502(["access.log", "--kind", "access.log=har"]);
    other.ends(2, &["access.log: none of its", "was understood"]);
}

#[test]
fn of_an_archive_one_exchange_is_chosen() {
    let report = why502([ARCHIVE, "--single", "--format", "json"]).ends(1, &[]).json();
    assert_eq!(report["fault"], "dns-not-found");
}

#[test]
fn healthy_archives_and_reports_are_no_failures() {
    let entry = r#"{"startedDateTime":"2026-09-14T08:11:02.123Z","time":1,"request":{"method":"GET","url":"https://a/"},"response":{"status":404}}"#;
    let har = format!(r#"{{"log":{{"version":"1.2","entries":[{entry}]}}}}"#);
    let run = why502_with(har.as_bytes(), ["--format", "json"]);
    assert_eq!(run.ends(0, &[]).json()["exchanges"]["total"], 1);
    let report = |kind: &str| {
        format!(
            r#"[{{"age":0,"type":"network-error","url":"https://a/","body":{{"type":"{kind}"}}}}]"#
        )
    };
    why502_with(report("ok").as_bytes(), ["--each"]).ends(0, &[]);
    why502_with(report("tcp.refused").as_bytes(), ["--each"]).ends(1, &[]);
}
