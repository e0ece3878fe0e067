//! JSON documents whose records are no lines: archives and reports, however long and however they come.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

use std::fmt::Write as _;
use why502::Fault;
use why502::evidence::Millis;
use why502::incident::{Progress, Session};
use why502::reader::Reader;

/// What came out of an input: each fault with the line where its exchange begins.
#[derive(Debug, PartialEq)]
struct Read {
    faults: Vec<(Fault, u64)>,
    total: u64,
    lines: u64,
    not_understood: u64,
    /// How many bytes had to wait at most.
    waited: usize,
}

/// Reads an input that comes in pieces of this size.
fn read(input: &[u8], size: usize) -> Read {
    let mut reader = Reader::new(0);
    let mut session = Session::new(Millis::from_secs(90));
    let mut faults = Vec::new();
    let mut done = |exchange: &why502::incident::Exchange<'_>| {
        let fault = exchange.diagnosis().fault();
        let line = exchange.evidence().records.get(0).unwrap().0.line;
        if fault != Fault::None {
            faults.push((fault, line));
        }
    };
    let (mut start, mut end, mut waited) = (0, 0, 0);
    loop {
        waited = waited.max(end - start);
        let ends = end == input.len();
        match session.step(&mut reader, &input[start..end], ends, &mut done) {
            Progress::Used(used) | Progress::NotUnderstood(used) => start += used,
            _ if ends => break,
            _ => end = input.len().min(end + size),
        }
    }
    session.flush(&mut done);
    Read {
        faults,
        total: session.summary().exchanges().total,
        lines: reader.lines(),
        not_understood: session.not_understood(),
        waited,
    }
}

fn entry(path: &str, status: u16, error: &str, body: &str) -> String {
    format!(
        r#"{{"_initiator":{{"x":[1,{{"log":{{}}}}]}},"request":{{"method":"GET","url":"http://a.example/{path}"}},
 "response":{{"status":{status},"_error":{error},"content":{{"text":"{body}"}}}},"time":5,
 "startedDateTime":"2026-09-14T08:11:02.123Z"}}"#
    )
}

fn archive(entries: &[String]) -> String {
    let entries = entries.join(",\n");
    format!("{{\"log\":\n{{\"version\":\"1.2\",\"pages\":[{{}}],\"entries\":[\n{entries}]}}}}\n")
}

const REFUSED: &str = "\"net::ERR_CONNECTION_REFUSED\"";

fn three() -> String {
    archive(&[
        entry("well", 200, "null", "502 Bad Gateway"),
        entry("refused", 0, REFUSED, ""),
        entry("bad", 502, "null", "\\\"}],\\\\"),
    ])
}

#[test]
fn an_archive_is_read_alike_however_it_comes() {
    let text = three();
    for size in [1, 2, 3, 16, 100, text.len()] {
        let read = read(text.as_bytes(), size);
        assert_eq!(read.faults, [(Fault::ConnectRefused, 6), (Fault::Unknown, 9)], "{size}");
        assert_eq!((read.total, read.lines, read.not_understood), (3, 11, 0), "{size}");
    }
}

#[test]
fn an_entry_of_megabytes_does_not_wait_for_its_end() {
    let body = "eHh4".repeat(2 << 20);
    let text = archive(&[entry("big", 502, REFUSED, &body), entry("refused", 0, REFUSED, &body)]);
    let read = read(text.as_bytes(), 64 * 1024);
    assert_eq!(read.faults.len(), 2);
    assert_eq!(read.faults[1].0, Fault::ConnectRefused);
    assert!(read.waited <= 64 * 1024 + 1, "{} bytes waited", read.waited);
}

#[test]
fn an_archive_that_is_cut_keeps_what_was_there() {
    let text = three();
    let mut last = 0;
    for end in 1..text.len() {
        for size in [7, end] {
            let read = read(&text.as_bytes()[..end], size);
            let kept = read.faults.iter().filter(|(fault, _)| *fault == Fault::ConnectRefused);
            let kept = kept.count();
            if end > text.find("bad").unwrap() {
                assert_eq!(kept, 1, "cut at {end}");
            }
            last = last.max(read.faults.len());
        }
    }
    assert_eq!(last, 2);
}

#[test]
fn logs_may_stand_around_documents() {
    let log = "203.0.113.24 - - [14/Sep/2026:08:11:02 +0000] \"GET / HTTP/1.1\" 200 612 rt=0.012 \
        ua=\"192.0.2.10:8080\" us=\"200\"\n";
    let report =
        r#"{"age":0,"type":"network-error","url":"https://a/","body":{"type":"tcp.refused"}}"#;
    let text = format!("{log}{log}{}{log}{report}\n[{report},\n{report}]  \n{log}", three());
    for size in [5, text.len()] {
        let read = read(text.as_bytes(), size);
        let lines: Vec<u64> = read.faults.iter().map(|(_, line)| *line).collect();
        assert_eq!(lines, [8, 11, 15, 16, 17], "{size}");
        assert_eq!((read.total, read.lines, read.not_understood), (10, 18, 0), "{size}");
    }
}

#[test]
fn objects_of_others_are_no_documents() {
    for line in [
        r#"{"log":{}}"#,
        r#"{"log":{"level":"error","logger":"net::ERR_CONNECTION_REFUSED"},"message":"x"}"#,
        r#"{"log":"{\"version\":1,\"entries\":[]}"}"#,
        r#"{"type":"network-error","message":"tcp.refused"}"#,
        r#"{"type":"order","body":{"type":"tcp.refused"}}"#,
        r#"[{"a":1},{"type":"network-error"}]"#,
        r#"["network-error"]"#,
        "[2026] {",
    ] {
        for size in [4, 1000] {
            let read = read(format!("{line}\n{line}\n").as_bytes(), size);
            assert_eq!((read.faults.len(), read.lines), (0, 2), "{line}");
            assert_eq!(read.not_understood, 2, "{line}");
        }
    }
}

#[test]
fn a_document_that_opens_without_end_uses_no_stack() {
    for opening in
        ["[", "{\"a\":", "{\"log\":{\"version\":", "{\"log\":{\"entries\":[{\"request\":"]
    {
        let mut text = String::from("{\"log\":{\"entries\":[{\"request\":");
        while text.len() < 1 << 20 {
            let _ = write!(text, "{opening}");
        }
        let read = read(text.as_bytes(), 64 * 1024);
        assert_eq!(read.faults, []);
    }
}
