//! What can be typed, and what comes of it: exit statuses, formats, explanations, lists.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

mod common;

use common::{log, logs, why502, why502_with};
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Stdio};

const FORMATS: [&str; 5] = ["text", "json", "ndjson", "markdown", "html"];

/// Only lines of exchanges that went well, and of one that the client ended.
fn healthy() -> Vec<u8> {
    let text = String::from_utf8(log("access.log")).unwrap();
    let fine = |line: &&str| !["\" 502 ", "\" 504 "].iter().any(|status| line.contains(status));
    text.split_inclusive('\n').filter(fine).collect::<String>().into_bytes()
}

#[test]
fn the_exit_status_tells_what_was_found() {
    why502(["access.log"]).ends(1, &[]);
    let run = why502_with(&healthy(), ["--format", "json"]);
    // What the client ended is no failure of the gateway, and told nevertheless.
    assert_eq!(run.ends(0, &[]).json()["exchanges"]["client"], 2);
    let run = why502_with(&healthy(), ["--each", "--format", "ndjson"]);
    assert_eq!(run.ends(0, &[]).out.matches("\"fault\":\"client-closed\"").count(), 2);
    why502(["access.log", "/nowhere.log"]).ends(2, &["/nowhere.log"]);
    why502(["--nonsense"]).ends(2, &["--nonsense", "Usage"]);
}

#[test]
fn a_mistake_in_an_option_says_what_was_expected() {
    for (arguments, words) in [
        (&["--dialect", "ngnix"][..], &["ngnix", "similar value", "nginx"][..]),
        (&["--format", "jsn"], &["jsn", "json", "markdown"]),
        (&["--each", "--single"], &["--each", "--single", "cannot be used"]),
        (&["--zone", "Middle/Earth"], &["Middle/Earth", "Europe/Paris, or +02:00"]),
        (&["--kind", "access.log"], &["FILE=KIND"]),
        (&["--kind", "access.log=tea"], &["no kind \"tea\"", "gateway-log", "headers"]),
        (&["--kind", "a.log=headers", "access.log"], &["no such input", "access.log"]),
        (
            &["--kind", "access.log=metrics", "access.log"],
            &["metrics is not read here", "gateway-log"],
        ),
        (&["--kind", "access.log=body", "access.log"], &["with --single"]),
        (
            &["--kind", "access.log=body", "--kind", "access.log=headers", "access.log"],
            &["another kind was given"],
        ),
        (&["explain"], &["<ID>"]),
        (&["explain", "connect-refusd"], &["\"connect-refusd\"", "such as \"connect-refused\""]),
        (&["explain", "Keepalive-mismtch"], &["such as \"keepalive-mismatch\""]),
        (&["explain", "502"], &["\"502\"", "behind one status are many faults"]),
        (&["list", "teapots"], &["teapots", "dialects", "faults", "causes"]),
        (&["completions", "csh"], &["csh", "bash", "zsh", "fish"]),
    ] {
        let run = why502(arguments);
        run.ends(2, words);
    }
}

#[test]
fn a_wrong_kind_spoils_nothing_else() {
    let run = why502(["--kind", "a=headers", "access.log", "--format", "json"]);
    assert_eq!(run.ends(2, &["no such input"]).json()["exchanges"]["failed"], 13);
    let run = why502_with(b"", ["--kind", "-=gateway-log", "access.log", "-", "--format", "json"]);
    assert_eq!(run.ends(1, &["<stdin>: it is empty"]).json()["exchanges"]["failed"], 13);
}

#[test]
fn the_summary_is_json() {
    let json = why502(["access.log", "error.log", "--format", "json"]);
    let report = json.ends(1, &[]).json();
    assert_eq!(report["schema"], "why502-summary/1");
    assert_eq!(report["read"]["lines"], 453);
    let bytes = log("access.log").len() + log("error.log").len();
    assert_eq!(report["read"]["bytes"], bytes);
    assert_eq!(report["read"]["not_understood"], 0);
    let file = &report["read"]["files"][1];
    assert_eq!(*file, serde_json::json!({"name": "error.log", "dialect": "nginx", "lines": 16}));
    assert_eq!(report["incidents"], serde_json::json!([]));
    let finding = &report["findings"][0];
    assert_eq!(finding["fault"], "response-timeout");
    assert_eq!(finding["count"], 5);
    assert_eq!(finding["first"], "2026-11-24T16:42:33Z");
    assert_eq!(finding["last"], "2026-11-24T16:43:21Z");
    assert_eq!(finding["upstreams"][0]["address"], "10.0.0.11:8080");
    assert!(finding["share"].as_f64().is_some_and(|share| (share - 5.0 / 437.0).abs() < 0.01));
    advised(finding);
    // On one line it is the same.
    let line = why502(["access.log", "error.log", "--format", "ndjson"]);
    assert_eq!(line.out.lines().count(), 1);
    assert_eq!(line.json(), report);
}

/// Causes in order, each with reasons; quotes with their place; something to check and to change.
fn advised(report: &Value) {
    let causes = report["causes"].as_array().unwrap();
    let confidence = |cause: &Value| cause["confidence"].as_f64().unwrap();
    assert!(causes.iter().all(|cause| (0.0..=1.0).contains(&confidence(cause))));
    assert!(causes.windows(2).all(|two| confidence(&two[0]) >= confidence(&two[1])));
    assert!(causes.iter().all(|cause| !cause["because"].as_array().unwrap().is_empty()));
    let quotes = report["evidence"].as_array().unwrap();
    assert!(quotes.iter().all(|quote| quote["line"].is_u64() && quote["quote"].is_string()));
    assert!(report["remedies"][0]["do"].is_string());
    assert!(report["checks"][0]["run"].is_string());
    assert!(report["checks"][0]["tells"].is_array());
    assert!(report["prevention"][0].is_string());
    assert!(!holds_null(report), "absent facts are left out: {report}");
}

fn holds_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(holds_null),
        Value::Object(fields) => fields.values().any(holds_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[test]
fn each_diagnosis_is_json_on_a_line_of_its_own() {
    for format in ["json", "ndjson"] {
        let run = why502(["access.log", "error.log", "--each", "--format", format]);
        let lines = run.ends(1, &[]).lines();
        assert_eq!(lines.len(), 15);
        for line in &lines {
            assert_eq!(line["schema"], "why502/1");
            assert_eq!(line["gateway"], "nginx");
            assert_eq!(line["category"], line["causes"][0]["category"]);
            assert!(line["certainty"].as_f64().is_some_and(|certainty| certainty > 0.5));
            advised(line);
        }
        let timeout = &lines[1];
        assert_eq!(timeout["fault"], "response-timeout");
        assert_eq!(timeout["phase"], "response-headers");
        assert_eq!(timeout["status"], 504);
        assert_eq!(timeout["request"]["path"], "/api/export?month=2026-09");
        assert_eq!(timeout["upstream"]["address"], "10.0.0.11:8080");
        assert_eq!(timeout["timings_ms"]["total"], 10004.0);
        assert!(timeout["proxy_status"].as_str().unwrap().contains("http_response_timeout"));
    }
}

#[test]
fn every_format_reports() {
    for format in FORMATS {
        for mode in [None, Some("--each"), Some("--single")] {
            let run = why502(["error.log", "--format", format].into_iter().chain(mode));
            assert!(run.ends(1, &[]).out.contains("response-"), "{format} {mode:?}");
            assert!(run.out.ends_with('\n') && !run.out.contains('\x1b'), "{format} {mode:?}");
        }
    }
}

#[test]
fn the_text_says_the_most_telling_first() {
    let run = why502(["access.log", "error.log"]);
    let at = |words: &str| run.out.find(words).unwrap_or_else(|| panic!("{words}: {}", run.out));
    let order = [
        "Read 453 lines of 2 inputs (nginx), 2026-11-24T16:42:19Z to 16:43:34Z.",
        "13 failed of 437 exchanges (3 %), 2 ended by the client.",
        "1. response-timeout  5 exchanges",
        "error.log:1  upstream timed out",
        "upstream-slow",
        "  check ",
        "  change ",
        "2. response-closed",
        "3. connect-refused",
        "4. client-closed",
    ];
    assert!(order.windows(2).all(|two| at(two[0]) < at(two[1])), "{}", run.out);
    // Commands are there to be copied.
    let command = "curl -so /dev/null -m 60 -w '%{time_starttransfer}\\n' 'http://10.0.0.11:8080/' \
                   -H 'Host: shop.example'\n";
    assert!(run.out.contains(command), "{}", run.out);
    assert!(run.out.lines().count() < 60, "{}", run.out);
    let all = why502(["access.log", "error.log", "--verbose"]);
    assert!(all.out.lines().count() > 2 * run.out.lines().count());
}

#[test]
fn the_readme_shows_what_is_printed() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, shown) = readme.split_once("$ why502 access.log error.log\n").unwrap();
    let (shown, _) = shown.split_once("\n…\n```").unwrap();
    assert!(shown.contains("2. response-closed"), "{shown}");
    let printed = why502(["access.log", "error.log"]).out;
    assert!(printed.starts_with(shown), "README: {shown}\nprinted: {printed}");
}

#[test]
fn nothing_failed_is_said() {
    let run = why502_with(&healthy(), [""; 0]);
    assert!(run.ends(0, &[]).out.contains("Nothing failed of 424 exchanges"), "{}", run.out);
}

#[test]
fn one_exchange() {
    let line = log("error.log");
    let line = line.split(|byte| *byte == b'\n').next().unwrap();
    let run = why502_with(line, ["--single", "--format", "json"]);
    assert_eq!(run.ends(1, &[]).json()["fault"], "response-timeout");
    let run = why502_with(b"", ["--single"]);
    assert_eq!(run.ends(2, &["there is no evidence"]).out, "");
    // A healthy exchange is an answer too.
    let healthy = healthy();
    let line = healthy.split(|byte| *byte == b'\n').next().unwrap();
    let run = why502_with(line, ["--single", "--format", "json"]);
    assert_eq!(run.ends(0, &[]).json()["fault"], "none");
}

#[test]
fn one_exchange_from_its_response() {
    let folder = tempfile::TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let headers = write("headers", "HTTP/1.1 502 Bad Gateway\r\nServer: nginx/1.31.4\r\n\r\n");
    let body = write("page", "<center><h1>502 Bad Gateway</h1></center><hr>nginx/1.31.4");
    let (is_headers, is_body) = (format!("{headers}=headers"), format!("{body}=body"));
    let run = why502([
        "--single",
        "--format",
        "json",
        &headers,
        &body,
        "--kind",
        &is_headers,
        "--kind",
        &is_body,
    ]);
    let report = run.ends(1, &[]).json();
    assert_eq!(report["status"], 502);
    assert_ne!(report["fault"], "none");
    let both = ["--single", "--format", "json", "error.log", &headers, "--kind", &is_headers];
    let report = why502(both).ends(1, &[]).json();
    assert_eq!(report["status"], 502);
    assert_eq!(report["evidence"][0]["source"], "error-log");
}

#[test]
fn faults_and_causes_are_explained() {
    assert_eq!(
        why502(["explain", "Connect-Refused"]).out,
        why502(["explain", "connect-refused"]).out
    );
    let run = why502(["explain", "connect-refused"]);
    assert!(run.ends(0, &[]).out.starts_with("connect-refused"), "{}", run.out);
    assert!(run.out.contains("upstream-not-running"), "{}", run.out);
    let run = why502(["explain", "keepalive-mismatch", "--format", "markdown"]);
    assert!(run.ends(0, &[]).out.starts_with("# "), "{}", run.out);
    assert!(run.out.contains("keepalive_timeout"), "{}", run.out);
    // One id is both a fault and a cause.
    let run = why502(["explain", "unknown"]);
    assert!(run.out.contains("(fault,") && run.out.contains("(cause,"), "{}", run.out);
}

#[test]
fn all_is_everything_that_the_lists_name() {
    let ids = |what: &str| -> Vec<String> {
        let run = why502(["list", what]);
        let first = |line: &str| line.split_whitespace().next().unwrap().to_owned();
        run.ends(0, &[]).out.lines().map(first).collect()
    };
    assert_eq!(ids("dialects"), ["envoy", "haproxy", "apache", "nginx", "har", "nel"]);
    let known: Vec<String> = ids("faults").into_iter().chain(ids("causes")).collect();
    assert!(known.len() > 60, "{}", known.len());
    for format in ["text", "markdown"] {
        let run = why502(["explain", "--all", "--format", format]);
        run.ends(0, &[]);
        for id in &known {
            assert!(run.out.contains(id.as_str()), "{id} in {format}");
        }
    }
}

#[test]
fn completions_are_scripts() {
    for shell in ["bash", "zsh", "fish"] {
        let run = why502(["completions", shell]);
        assert!(run.ends(0, &[]).out.contains("why502"));
        for word in ["dialect", "explain", "ndjson"] {
            assert!(run.out.contains(word), "{shell} does not know {word}");
        }
        // Fish completes no arguments of this kind.
        let ids = run.out.contains("keepalive-mismatch") && run.out.contains("tls-not-spoken");
        assert!(ids || shell == "fish", "{shell} does not know the ids");
        // Where the shell is there, it reads the script.
        let check = Command::new(shell).arg("-n").stdin(Stdio::piped()).spawn();
        let Ok(mut check) = check else { continue };
        check.stdin.take().unwrap().write_all(run.out.as_bytes()).unwrap();
        assert!(check.wait().unwrap().success(), "{shell}");
    }
}

#[test]
fn the_manual_is_a_page() {
    let run = why502(["man"]);
    let page = &run.ends(0, &[]).out;
    for words in [".TH why502 1", "Exit status", "\\-\\-zone", "explain", "dialects"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("why502\\-explain(1)"), "there is no such page");
}

#[test]
fn colours_are_for_terminals_and_not_where_they_are_refused() {
    assert!(!why502(["access.log"]).out.contains('\x1b'));
    // `script` gives the program a terminal.
    let terminal = |no_color: &str| {
        let run = format!("'{}' access.log", env!("CARGO_BIN_EXE_why502"));
        let mut script = Command::new("script");
        script.args(["-qec", &run, "/dev/null"]).current_dir(logs()).stdin(Stdio::null());
        script.env("NO_COLOR", no_color);
        script.output().ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (Some(coloured), Some(plain)) = (terminal(""), terminal("1")) else { return };
    assert!(coloured.contains("\x1b[1;31m13 failed"), "{coloured}");
    assert!(plain.contains("13 failed") && !plain.contains('\x1b'), "{plain}");
}
