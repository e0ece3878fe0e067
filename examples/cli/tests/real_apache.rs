//! Exchanges through a real Apache in front of an upstream that misbehaves in a known way: the log
//! lines that it writes must lead the program to the right fault.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice)]
#![cfg(unix)]

#[allow(dead_code)]
#[path = "real_nginx/certificates.rs"]
mod certificates;
#[allow(dead_code)]
#[path = "real_nginx/client.rs"]
mod client;
#[path = "real_apache/exchanges.rs"]
mod exchanges;
#[path = "real_apache/gateway.rs"]
mod gateway;
#[allow(dead_code)]
#[path = "real_nginx/upstream.rs"]
mod upstream;

use std::path::Path;
use std::process::Command;

use exchanges::Exchange;
use gateway::Gateway;
use serde_json::Value;

#[test]
fn verdicts_at_the_usual_level() {
    check("warn");
}

#[test]
fn verdicts_with_info_level() {
    check("info");
}

#[test]
fn a_run_over_all_lines_finds_each_exchange_once() {
    let Some(program) = gateway::program() else { return };
    let folder = gateway::folder();
    let stage = exchanges::stage(folder.path());
    let gateway = Gateway::start(&program, folder, "warn", &stage.configuration);
    // Lines of a body that broke off name no request, and the access record of it is a healthy one;
    // so is that of a request which another member took.
    let apart = |one: &Exchange| one.fault.starts_with("body-") || one.name == "retried-well";
    let told: Vec<&Exchange> = stage.exchanges.iter().filter(|one| !apart(one)).collect();
    for exchange in &told {
        exchange.run(&gateway);
    }
    let names = ["access.log", "error.log"];
    let output = run(gateway.path(), &["--format", "json", names[0], names[1]]);
    let summary: Value = serde_json::from_slice(&output).expect("JSON");
    let exchanges = &summary["exchanges"];
    let asked = told.len() + told.iter().filter(|one| one.again).count();
    let each = run(gateway.path(), &["--each", "--format", "ndjson", names[0], names[1]]);
    let each = String::from_utf8_lossy(&each);
    assert_eq!(exchanges["total"], asked, "{exchanges}:\n{each}");
    // Most error lines do not name the request, so that which of several at once they belong to is
    // guessed by order. Those that do are never another's.
    for line in each.lines() {
        let one: Value = serde_json::from_str(line).expect("JSON");
        let path = one["request"]["path"].as_str().unwrap_or_default();
        for shown in one["evidence"].as_array().expect("evidence") {
            let quote = shown["quote"].as_str().unwrap_or_default();
            let named = quote.split_once(" returned by ").map_or(path, |(_, named)| named);
            assert!(named.starts_with(path), "{line}");
        }
    }
    for input in summary["read"]["files"].as_array().expect("files") {
        assert_eq!(input["dialect"], "apache", "{input}");
    }
    assert_eq!(summary["read"]["not_understood"], 0, "{}", summary["read"]);
}

/// With `WHY502_RECORD=FOLDER` the lines are written down, as cases for the library.
#[test]
fn records_cases_when_asked() {
    let Some(record) = std::env::var_os("WHY502_RECORD").map(std::path::PathBuf::from) else {
        return;
    };
    let program = gateway::program().expect("recording needs Apache");
    let mut toml = String::from(
        "# Real lines of a real gateway, one exchange a case: the error log's, then the access \
         log's.\n# Written by the command-line program's test real_apache with \
         WHY502_RECORD=FOLDER; temporary\n# folders are /srv/lab.\n",
    );
    for level in ["warn", "info"] {
        let folder = gateway::folder();
        let name = folder.path().display().to_string();
        let stage = exchanges::stage(folder.path());
        let gateway = Gateway::start(&program, folder, level, &stage.configuration);
        for exchange in &stage.exchanges {
            let lines = exchange.run(&gateway);
            let text = format!("{}{}", lines.error, lines.rich).replace(&name, "/srv/lab");
            // A level that adds nothing is told once.
            if level == "info" && !lines.error.contains(":info]") {
                continue;
            }
            let Exchange { name, fault, accept, cause, .. } = exchange;
            toml.push_str(&format!(
                "\n[[case]]\nname = \"apache-{name}-{level}\"\nfrom = \"{}, level {level}\"\n\
                 text = '''\n{text}'''\nfault = \"{fault}\"\naccept = {accept:?}\n",
                program.version()
            ));
            if let Some([first, others @ ..]) = cause {
                toml.push_str(&format!("cause = \"{first}\"\naccept_causes = {others:?}\n"));
            }
        }
    }
    std::fs::create_dir_all(&record).expect("a writable folder");
    std::fs::write(record.join("recorded.toml"), toml).expect("a writable folder");
}

/// Runs every exchange at this level of the error log, and tells all wrong verdicts together.
fn check(level: &str) {
    let Some(program) = gateway::program() else { return };
    let folder = gateway::folder();
    let stage = exchanges::stage(folder.path());
    let gateway = Gateway::start(&program, folder, level, &stage.configuration);
    let mut failures = Vec::new();
    for exchange in &stage.exchanges {
        let lines = exchange.run(&gateway);
        for (format, access) in [("combined", &lines.combined), ("rich", &lines.rich)] {
            if let Err(verdict) = judge(exchange, format, access, &lines.error) {
                failures.push(format!(
                    "{}, {format}:\n{access}{}{verdict}",
                    exchange.name, lines.error
                ));
            }
        }
    }
    let failed = failures.len();
    assert!(failures.is_empty(), "{failed} wrong at {level}:\n\n{}", failures.join("\n\n"));
}

/// Judges what the program says of these lines; the error tells what was wrong.
fn judge(exchange: &Exchange, format: &str, access: &str, error: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("access.log"), access).expect("a writable folder");
    std::fs::write(folder.path().join("error.log"), error).expect("a writable folder");
    let output = run(folder.path(), &["--single", "--format", "json", "access.log", "error.log"]);
    let verdict: Value = serde_json::from_slice(&output).expect("JSON");
    let fault = verdict["fault"].as_str().unwrap_or_default();
    // Nothing in a combined line alone says whose it is.
    if (format == "rich" || !error.is_empty()) && verdict["gateway"] != "apache" {
        return Err(format!("  gateway {}", verdict["gateway"]));
    }
    let taken = exchange.takes(fault);
    let unsaid = error.is_empty() && fault == "unknown" && format == "combined";
    if !taken && !unsaid {
        return Err(format!(
            "  fault {fault}, expected {} or {:?}",
            exchange.fault, exchange.accept
        ));
    }
    let cause = verdict["causes"][0]["id"].as_str().unwrap_or_default();
    match exchange.cause {
        Some(causes) if !unsaid && !causes.contains(&cause) => {
            Err(format!("  cause {cause}, expected {causes:?}"))
        }
        _ => Ok(()),
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let program = env!("CARGO_BIN_EXE_why502");
    let output = Command::new(program).current_dir(folder).args(arguments).output();
    output.expect("the program runs").stdout
}
