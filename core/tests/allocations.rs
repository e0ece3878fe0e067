//! From a record to its diagnosis nothing is allocated once the buffers are warm: counted, for the
//! records that logs are full of. Only the first sight of a fault, an upstream or a longer record
//! may allocate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

use why502::evidence::Millis;
use why502::incident::{Progress, Session};
use why502::reader::Reader;
use why502::{Evidence, Fault, classify::classify, diagnose};

/// How many records are read before counting: more than a session keeps waiting at once, so that
/// each of its places has held one.
const WARM: u64 = 5_000;
/// How many are counted.
const COUNTED: u64 = 5_000;

const REFUSED: &str = "2026/09/14 HH:MM:SS [error] 417#417: *NUMBER connect() failed (111: \
    Connection refused) while connecting to upstream, client: 203.0.113.24, server: \
    shop.example, request: \"GET /cart/NUMBER HTTP/1.1\", upstream: \
    \"http://192.0.2.10:8080/cart/NUMBER\", host: \"shop.example\"\n";
const TIMED_OUT: &str = "2026/09/14 HH:MM:SS [error] 417#417: *NUMBER upstream timed out (110: \
    Connection timed out) while reading response header from upstream, client: 203.0.113.24, \
    server: shop.example, request: \"GET /report/NUMBER HTTP/1.1\", upstream: \
    \"http://192.0.2.10:8080/report/NUMBER\", host: \"shop.example\"\n";
const HEALTHY: &str = "203.0.113.24 - - [14/Sep/2026:HH:MM:SS +0000] \"GET /cart/NUMBER \
    HTTP/1.1\" 200 612 \"-\" \"shop-app/7.1\" rt=0.012 uct=\"0.001\" uht=\"0.011\" \
    urt=\"0.012\" ua=\"192.0.2.10:8080\" us=\"200\"\n";
const FAILED: &str = "203.0.113.24 - - [14/Sep/2026:HH:MM:SS +0000] \"GET /cart/NUMBER \
    HTTP/1.1\" 504 160 \"-\" \"shop-app/7.1\" rt=60.003 uct=\"0.001\" uht=\"-\" urt=\"60.002\" \
    ua=\"192.0.2.10:8080\" us=\"504\"\n";
const COMBINED: &str = "203.0.113.24 - - [14/Sep/2026:HH:MM:SS +0000] \"GET /cart/NUMBER \
    HTTP/1.1\" 502 157 \"-\" \"shop-app/7.1\"\n";
const JSON: &str = "{\"time\":\"2026-09-14THH:MM:SS+00:00\",\"remote_addr\":\"203.0.113.24\",\
    \"request\":\"GET /cart/NUMBER HTTP/1.1\",\"status\":502,\"request_time\":0.002,\
    \"upstream_addr\":\"192.0.2.10:8080\",\"upstream_status\":\"502\",\
    \"upstream_connect_time\":\"-\",\"upstream_header_time\":\"-\"}\n";
const WRAPPED: &str = "{\"log\":\"2026/09/14 HH:MM:SS [error] 417#417: *NUMBER connect() failed \
    (111: Connection refused) while connecting to upstream, client: 203.0.113.24, server: \
    shop.example, request: \\\"GET /cart/NUMBER HTTP/1.1\\\", upstream: \
    \\\"http://192.0.2.10:8080/cart/NUMBER\\\", host: \\\"shop.example\\\"\\n\",\
    \"stream\":\"stderr\",\"time\":\"2026-09-14THH:MM:SSZ\"}\n";
const SYSLOG: &str = "<187>Sep 14 HH:MM:SS gw1 nginx: 2026/09/14 HH:MM:SS [error] 417#417: \
    *NUMBER upstream prematurely closed connection while reading response header from upstream, \
    client: 203.0.113.24, server: shop.example, request: \"GET /cart/NUMBER HTTP/1.1\", \
    upstream: \"http://192.0.2.10:8080/cart/NUMBER\", host: \"shop.example\"\n";
const ARCHIVE: &str = "{\"log\":{\"version\":\"1.2\",\"entries\":[{\"startedDateTime\":\
    \"2026-09-14THH:MM:SS.123Z\",\"time\":12.5,\"request\":{\"method\":\"GET\",\"url\":\
    \"https://shop.example/cart/NUMBER\",\"headers\":[]},\"response\":{\"status\":502,\
    \"headers\":[{\"name\":\"server\",\"value\":\"nginx\"}],\"content\":{\"text\":\
    \"<html>\\r\\n<hr><center>nginx</center>\"}},\"timings\":{\"wait\":12}}]}}\n";
const REPORT: &str = "[{\"age\":1,\"type\":\"network-error\",\"url\":\"https://a/NUMBER\",\
    \"body\":{\"phase\":\"connection\",\"type\":\"tcp.refused\",\"elapsed_time\":3}}]\n";
const FOREIGN: &str = "cart-1: took HH:MM:SS for NUMBER\n";

/// A log of one kind of record, a hundred to each second.
fn log(record: &str, from: u64, to: u64) -> String {
    (from..to)
        .map(|number| {
            let second = number / 100;
            let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
            record.replace("HH:MM:SS", &clock).replace("NUMBER", &format!("{:06}", number))
        })
        .collect()
}

/// Reads a whole log; answers how many exchanges came out, and how many of them failed.
fn read(session: &mut Session, reader: &mut Reader, log: &[u8]) -> (u64, u64) {
    let (mut all, mut failed) = (0, 0);
    let mut rest = log;
    let mut done = |exchange: &why502::incident::Exchange<'_>| {
        all += 1;
        failed += u64::from(exchange.diagnosis().fault() != Fault::None);
    };
    while let Progress::Used(used) | Progress::NotUnderstood(used) =
        session.step(reader, rest, false, &mut done)
    {
        rest = &rest[used..];
    }
    assert!(rest.is_empty(), "{} bytes were left", rest.len());
    (all, failed)
}

fn assert_nothing_is_allocated(what: &str, parts: &[&str], least: u64) {
    let text = |from, to| -> String { parts.iter().map(|part| log(part, from, to)).collect() };
    let mut session = Session::new(Millis::from_secs(2));
    let mut reader = Reader::new(0).year(Some(2026));
    // Interleaved second by second, as logs come.
    let interleaved = |from: u64, to: u64| -> Vec<u8> {
        (from / 100..to / 100).flat_map(|at| text(at * 100, at * 100 + 100).into_bytes()).collect()
    };
    let (warm, counted) = (interleaved(0, WARM), interleaved(WARM, WARM + COUNTED));
    read(&mut session, &mut reader, &warm);
    let mut seen = (0, 0);
    let info = allocation_counter::measure(|| seen = read(&mut session, &mut reader, &counted));
    assert!(seen.1 >= least, "{what}: only {seen:?} exchanges came out");
    assert_eq!(info.count_total, 0, "{what}: {} bytes", info.bytes_total);
}

#[test]
fn error_records_allocate_nothing() {
    assert_nothing_is_allocated("refused", &[REFUSED], COUNTED / 2);
    assert_nothing_is_allocated("timed out", &[TIMED_OUT], COUNTED / 2);
    assert_nothing_is_allocated("refused, timed out", &[REFUSED, TIMED_OUT], COUNTED);
}

#[test]
fn access_records_allocate_nothing() {
    assert_nothing_is_allocated("healthy", &[HEALTHY], 0);
    assert_nothing_is_allocated("failed", &[FAILED], COUNTED / 2);
    assert_nothing_is_allocated("combined", &[COMBINED], COUNTED / 2);
    assert_nothing_is_allocated("healthy, failed", &[HEALTHY, FAILED], COUNTED / 2);
}

#[test]
fn both_logs_joined_allocate_nothing() {
    assert_nothing_is_allocated("joined", &[REFUSED, COMBINED], COUNTED / 2);
}

#[test]
fn json_lines_allocate_nothing() {
    assert_nothing_is_allocated("JSON", &[JSON], COUNTED / 2);
}

#[test]
fn what_clients_saw_allocates_nothing() {
    assert_nothing_is_allocated("archives", &[ARCHIVE], COUNTED / 2);
    assert_nothing_is_allocated("reports", &[REPORT], COUNTED / 2);
}

#[test]
fn carried_records_allocate_nothing() {
    assert_nothing_is_allocated("JSON around a record", &[WRAPPED], COUNTED / 2);
    assert_nothing_is_allocated("syslog", &[SYSLOG], COUNTED / 2);
}

#[test]
fn lines_that_nobody_understands_allocate_nothing() {
    assert_nothing_is_allocated("another program", &[HEALTHY, FOREIGN], 0);
}

/// That the counter counts: a session without its warm-up.
#[test]
fn the_first_records_do_allocate() {
    let text = log(REFUSED, 0, 100);
    let info = allocation_counter::measure(|| {
        let mut session = Session::new(Millis::from_secs(2));
        read(&mut session, &mut Reader::new(0), text.as_bytes());
    });
    assert!(info.count_total > 100, "only {} were counted", info.count_total);
}

/// Without a session: classifying and ranking what is at hand.
#[test]
fn a_diagnosis_allocates_nothing() {
    let evidence = Evidence::builder()
        .status(502)
        .upstream("192.0.2.10:8080")
        .attempt("192.0.2.11:8080", Some(504))
        .build();
    let mut faults = (Fault::None, Fault::None);
    let info = allocation_counter::measure(|| {
        faults = (classify(&evidence).fault, diagnose(&evidence).fault());
    });
    assert_eq!(faults, (Fault::ResponseTimeout, Fault::ResponseTimeout));
    assert_eq!(info.count_total, 0);
}
