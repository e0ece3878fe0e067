//! Error log and access log of one nginx: each exchange is told once, whatever the files are
//! called, packed in, or named after.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

mod common;

use common::{counts, gzip, log, logs, why502, why502_with, zstd};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

fn faults(of: &[(&str, u64)]) -> Vec<(String, u64)> {
    of.iter().map(|(fault, count)| ((*fault).into(), *count)).collect()
}

/// What both sample logs together show.
#[track_caller]
fn shows_all(report: &Value) {
    let (exchanges, found) = counts(report);
    assert_eq!(exchanges, json!({"total": 437, "failed": 13, "client": 2, "denied": 0}));
    let wanted = [
        ("client-closed", 2),
        ("connect-refused", 3),
        ("response-closed", 5),
        ("response-timeout", 5),
    ];
    assert_eq!(found, faults(&wanted));
}

#[test]
fn both_logs_in_any_order() {
    let one = why502(["access.log", "error.log", "--format", "json"]);
    let other = why502(["error.log", "access.log", "--format", "json"]);
    shows_all(&one.ends(1, &[]).json());
    shows_all(&other.ends(1, &[]).json());
    assert_eq!(one.json()["findings"], other.json()["findings"]);
}

#[test]
fn both_logs_under_whatever_carried_them() {
    let docker = |line: &str| {
        let mut line = json!({"log": format!("{line}\n"), "stream": "stdout"});
        line["time"] = "2026-11-24T16:45:00.5Z".into();
        line.to_string()
    };
    let prefixed = |prefix: &'static str| move |line: &str| format!("{prefix}{line}");
    let carriers: [&dyn Fn(&str) -> String; 12] = [
        &prefixed("nginx-1  | "),
        &prefixed("\u{1b}[36mnginx_1   |\u{1b}[0m "),
        &prefixed("[pod/web-7d5/nginx] "),
        &prefixed("2026-11-24T16:45:00.123Z stdout F "),
        &prefixed("2026-11-24T16:45:00.123456789Z "),
        &prefixed("Nov 24 16:45:00 gw nginx[31]: "),
        &prefixed("<187>Nov 24 16:45:00 gw nginx: "),
        &prefixed("<190>1 2026-11-24T16:45:00.123Z gw nginx 31 - - "),
        &prefixed("logs/some.log:12:"),
        &prefixed("12:"),
        &prefixed("> "),
        &docker,
    ];
    for carried in carriers {
        let folder = TempDir::new().unwrap();
        let mut paths = Vec::new();
        let mut stream = String::new();
        for name in ["error.log", "access.log"] {
            let text = String::from_utf8(log(name)).unwrap();
            let text: String = text.lines().map(|line| carried(line) + "\n").collect();
            let path = folder.path().join(name);
            std::fs::write(&path, &text).unwrap();
            stream += &text;
            paths.push(path.display().to_string());
        }
        println!("{}", carried("…"));
        shows_all(&why502([&paths[0], &paths[1], "--format", "json"]).ends(1, &[]).json());
        shows_all(&why502_with(stream.as_bytes(), ["--format", "json"]).ends(1, &[]).json());
    }
}

#[test]
fn each_exchange_is_told_once_with_the_records_of_both_logs() {
    let run = why502(["access.log", "error.log", "--each", "--format", "ndjson"]);
    let lines = run.ends(1, &[]).lines();
    assert_eq!(lines.len(), 15);
    for line in lines.iter().filter(|line| line["fault"] != "client-closed") {
        let quotes = line["evidence"].as_array().unwrap();
        let sources: Vec<&str> = quotes.iter().map(|q| q["source"].as_str().unwrap()).collect();
        assert_eq!(sources, ["error-log", "access-log"], "{line}");
        assert!(line["at"].as_str().unwrap().ends_with('Z'), "{line}");
    }
}

#[test]
fn an_error_log_alone_shows_every_attempt_that_failed() {
    let run = why502(["error.log", "--format", "json"]);
    let (exchanges, found) = counts(&run.ends(1, &[]).json());
    // Three of the refused attempts were retried well, which only the access log tells.
    assert_eq!(exchanges, json!({"failed": 16, "client": 0, "denied": 0}));
    let wanted = [("connect-refused", 6), ("response-closed", 5), ("response-timeout", 5)];
    assert_eq!(found, faults(&wanted));
}

#[test]
fn an_access_log_alone_shows_every_exchange() {
    let run = why502(["access.log", "--format", "json"]);
    let (exchanges, found) = counts(&run.ends(1, &[]).json());
    assert_eq!(exchanges, json!({"total": 437, "failed": 13, "client": 2, "denied": 0}));
    assert!(found.contains(&("response-timeout".into(), 5)), "{found:?}");
    assert!(found.iter().all(|(fault, _)| fault != "connect-refused"), "{found:?}");
}

fn written(folder: &Path, files: &[(&str, Vec<u8>)]) -> Vec<String> {
    let write = |(name, bytes): &(&str, Vec<u8>)| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    files.iter().map(write).collect()
}

#[test]
fn packed_logs_show_the_same() {
    let folder = TempDir::new().unwrap();
    let (access, error) = (log("access.log"), log("error.log"));
    let half = access.len() / 2;
    let (one, two) = access.split_at(half);
    let files = written(
        folder.path(),
        &[
            ("access.gz", gzip(&access)),
            ("access-members.gz", [gzip(one), gzip(two)].concat()),
            ("access.zst", zstd(&access)),
            ("access-frames.zst", [zstd(one), zstd(two)].concat()),
            // A frame of something else, as pzstd writes.
            ("access-skip.zst", [&b"\x51\x2a\x4d\x18\x03\0\0\0abc"[..], &zstd(&access)].concat()),
            ("error.zst", zstd(&error)),
        ],
    );
    let (error, access) = files.split_last().unwrap();
    for access in access {
        let run = why502([access.as_str(), error, "--format", "json"]);
        shows_all(&run.ends(1, &[]).json());
    }
}

#[test]
fn packed_standard_input_shows_the_same() {
    let run = why502_with(&gzip(&log("access.log")), ["-", "error.log", "--format", "json"]);
    shows_all(&run.ends(1, &[]).json());
}

#[test]
fn names_do_not_decide_which_log_is_which() {
    let folder = TempDir::new().unwrap();
    let files = written(folder.path(), &[("a", log("access.log")), ("b", log("error.log"))]);
    shows_all(&why502([files[0].as_str(), &files[1], "--format", "json"]).json());
}

#[test]
fn rotated_pieces_are_put_together() {
    let folder = TempDir::new().unwrap();
    let pieces = |name: &str, lines: usize| {
        let text = String::from_utf8(log(name)).unwrap();
        let lines_of: Vec<&str> = text.split_inclusive('\n').collect();
        lines_of.chunks(lines).map(|chunk| chunk.concat().into_bytes()).collect::<Vec<_>>()
    };
    let access = pieces("access.log", 50);
    let error = pieces("error.log", 3);
    // Some hundred lines against three, some packed: the sizes differ much.
    let mut files = Vec::new();
    for (at, piece) in access.into_iter().enumerate() {
        let name = format!("access.log.{}", 9 - at);
        files.push((name, if at % 2 == 0 { gzip(&piece) } else { piece }));
    }
    for (at, piece) in error.into_iter().enumerate() {
        files.push((format!("error.log.{}", 9 - at), piece));
    }
    let named: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let mut files = written(folder.path(), &named);
    for _ in 0..2 {
        let arguments = ["--format", "json"].into_iter().chain(files.iter().map(String::as_str));
        shows_all(&why502(arguments).ends(1, &[]).json());
        files.reverse();
    }
}

#[test]
fn lines_without_a_time_stay_in_their_place() {
    let access = String::from_utf8(log("access.log")).unwrap();
    let noisy: String = access.lines().map(|line| format!("a note\n{line}\n")).collect();
    let run = why502_with(noisy.as_bytes(), ["-", "error.log", "--format", "json"]);
    shows_all(&run.ends(1, &[]).json());
    assert_eq!(run.json()["read"]["not_understood"], 437);
}

#[test]
fn an_error_log_of_another_zone_joins_when_the_zone_is_told() {
    let error = String::from_utf8(log("error.log")).unwrap();
    let paris = error.replace("2026/11/24 16:", "2026/11/24 17:");
    let apart = why502_with(paris.as_bytes(), ["-", "access.log", "--format", "json"]);
    assert_ne!(apart.json()["exchanges"]["total"], 437);
    let told = ["-", "access.log", "--zone", "Europe/Paris", "--format", "json"];
    shows_all(&why502_with(paris.as_bytes(), told).ends(1, &[]).json());
}

#[test]
fn every_format_tells_the_time_in_the_zone_that_was_told() {
    for format in ["text", "json", "ndjson", "markdown", "html"] {
        for each in [None, Some("--each")] {
            let arguments = ["error.log", "--zone", "Europe/Paris", "--format", format];
            let run = why502(arguments.into_iter().chain(each));
            // The summary as text says the day once, at its top.
            assert!(run.ends(1, &[]).out.contains("16:42:52+01:00"), "{format}: {}", run.out);
        }
    }
}

#[test]
fn standard_input_from_a_file_is_a_file() {
    let output = common::command()
        .args(["-", "error.log", "--each", "--format", "ndjson"])
        .current_dir(logs())
        .stdin(std::fs::File::open(logs().join("access.log")).unwrap())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 15);
}
