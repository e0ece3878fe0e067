//! Exchanges through a real HAProxy in front of an upstream that misbehaves in a known way: the log
//! lines that HAProxy writes must lead the program to the right fault.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, dead_code)]
#![cfg(unix)]

#[path = "real_nginx/certificates.rs"]
mod certificates;
#[path = "real_nginx/client.rs"]
mod client;
#[path = "real_haproxy/exchanges.rs"]
mod exchanges;
#[path = "real_haproxy/gateway.rs"]
mod gateway;
#[path = "real_nginx/upstream.rs"]
mod upstream;
#[path = "real_haproxy/verdict.rs"]
mod verdict;

use exchanges::Stage;
use gateway::{FORMATS, Gateway};
use std::path::PathBuf;

#[test]
fn verdicts_in_every_format() {
    let Some(program) = haproxy() else { return };
    let folder = gateway::folder();
    let mut stage = Stage::new(folder.path());
    let gateway = Gateway::start(&program, folder, &stage.configuration());
    let mut failures = Vec::new();
    let mut judged = 0;
    for exchange in stage.exchanges.drain(..) {
        let records = exchange.run(&gateway);
        for (format, lines) in FORMATS.iter().zip(&records.traffic) {
            let expected = exchange.expected(format.is_rich);
            judged += 1;
            if let Err(wrong) = verdict::judge(lines, expected) {
                failures.push(format!("{} in {}:\n{lines}{wrong}", exchange.name, format.name));
            }
        }
    }
    // What is said of servers is told of no exchange, and comes at the start.
    for (server, expected) in stage.servers {
        let said = gateway.said_of(server);
        judged += 1;
        if let Err(wrong) = verdict::judge(&said, &expected) {
            failures.push(format!("what is said of {server}:\n{said}{wrong}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {judged} verdicts are wrong:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

/// HAProxy, or `None` with a message where it is missing; in CI it must be there.
fn haproxy() -> Option<PathBuf> {
    let program = gateway::program();
    if program.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI must have HAProxy");
        eprintln!("skipped: there is no haproxy in PATH or /usr/sbin");
    }
    program
}
