//! Exchanges through a real nginx in front of an upstream that misbehaves in a known way: the
//! log lines that nginx writes must lead the program to the right fault.
//!
//! With `WHY502_RECORD=FOLDER` the lines are also written down, as cases for the library.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice)]
#![cfg(unix)]

#[path = "real_nginx/certificates.rs"]
mod certificates;
#[path = "real_nginx/client.rs"]
mod client;
#[path = "real_nginx/exchanges/mod.rs"]
mod exchanges;
#[path = "real_nginx/gateway.rs"]
mod gateway;
#[path = "real_nginx/record.rs"]
mod record;
#[path = "real_nginx/resolver.rs"]
mod resolver;
#[path = "real_nginx/upstream.rs"]
mod upstream;
#[path = "real_nginx/verdict.rs"]
mod verdict;

use std::path::PathBuf;

use exchanges::{Exchange, Format, Stage};
use gateway::{Gateway, Lines};

#[test]
fn verdicts_with_error_level() {
    check("error");
}

#[test]
fn verdicts_with_info_level() {
    check("info");
}

#[test]
fn records_cases_when_asked() {
    let Some(folder) = std::env::var_os("WHY502_RECORD").map(PathBuf::from) else { return };
    let program = nginx().expect("recording needs nginx");
    let mut record = record::Record::new(gateway::version(&program));
    for level in ["error", "info"] {
        for (exchange, lines, temporary) in staged(&program, level) {
            record.add(&exchange, &lines, level, &temporary);
        }
    }
    std::fs::create_dir_all(&folder).expect("a writable folder");
    std::fs::write(folder.join("recorded.toml"), record.toml()).expect("a writable folder");
}

/// Runs every exchange at this level of the error log, and tells all wrong verdicts together.
fn check(level: &str) {
    let Some(program) = nginx() else { return };
    let mut failures = Vec::new();
    let mut judged = 0;
    for (exchange, lines, _) in staged(&program, level) {
        for format in [Format::Combined, Format::Rich] {
            let access = match format {
                Format::Combined => &lines.combined,
                Format::Rich => &lines.rich,
            };
            let expected = exchange.expected(format, &lines.error);
            judged += 1;
            if let Err(verdict) = verdict::judge(access, &lines.error, expected) {
                failures.push(format!(
                    "{} ({}), {format:?} access log:\n{access}{}{verdict}",
                    exchange.name, exchange.staged, lines.error
                ));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {judged} verdicts are wrong at level {level}:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

/// Stages all exchanges at this level, and returns each with its lines and nginx's folder.
fn staged(program: &std::path::Path, level: &str) -> Vec<(Exchange, Lines, String)> {
    let folder = gateway::folder();
    let temporary = folder.path().display().to_string();
    let [port] = gateway::own_ports();
    let Stage { exchanges, parts } = Stage::new(folder.path());
    let gateway = Gateway::start(program, folder, level, port, &parts);
    exchanges
        .into_iter()
        .map(|exchange| {
            let lines = exchange.run(&gateway);
            (exchange, lines, temporary.clone())
        })
        .collect()
}

/// nginx, or `None` with a message where it is missing; in CI it must be there.
fn nginx() -> Option<PathBuf> {
    let program = gateway::program();
    if program.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI must have nginx");
        eprintln!("skipped: there is no nginx in PATH or /usr/sbin");
    }
    program
}
