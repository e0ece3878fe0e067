//! Exchanges through a real Envoy in front of an upstream that misbehaves in a known way: the log lines
//! that Envoy writes must lead the program to the right fault.
//!
//! With `WHY502_RECORD=FOLDER` the lines are also written down, as cases for the library.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, dead_code)]
#![cfg(unix)]

#[path = "real_nginx/certificates.rs"]
mod certificates;
#[path = "real_nginx/client.rs"]
mod client;
#[path = "real_envoy/exchanges.rs"]
mod exchanges;
#[path = "real_envoy/gateway.rs"]
mod gateway;
#[path = "real_nginx/upstream.rs"]
mod upstream;
#[path = "real_nginx/verdict.rs"]
mod verdict;

use exchanges::{Exchange, Expected, Stage};
use gateway::{Gateway, Lines};
use std::fmt::Write;

#[test]
fn verdicts() {
    let Some(program) = gateway::program() else {
        assert!(std::env::var_os("CI").is_none(), "CI must have Envoy");
        eprintln!("skipped: there is no envoy in PATH, and WHY502_ENVOY names none");
        return;
    };
    let folder = tempfile::Builder::new().prefix("why502-").tempdir().expect("a temporary folder");
    let stage = Stage::new(folder.path());
    let gateway = Gateway::start(&program, folder, &stage.configuration());
    let mut failures = Vec::new();
    let mut judged = 0;
    let mut recorded = Record { folder: gateway.path().display().to_string(), ..Record::default() };
    for exchange in &stage.exchanges {
        let lines = exchange.run(&gateway);
        recorded.add(exchange, &lines);
        // The application log tells of exchanges at the level `debug` only.
        for (format, access, log, expected) in [
            ("default", &lines.default, "", exchange.by_flags),
            ("JSON", &lines.json, "", exchange.expected),
            ("Istio's", &lines.istio, "", exchange.expected),
            ("default, with the application log", &lines.default, &lines.log, exchange.in_log),
        ] {
            judged += 1;
            if let Err(verdict) = verdict::judge(access, log, expected) {
                failures.push(format!("{}, {format}:\n{access}{log}{verdict}", exchange.name));
            }
        }
    }
    recorded.write();
    assert!(
        failures.is_empty(),
        "{} of {judged} verdicts are wrong:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

/// The lines as cases for the library.
#[derive(Default)]
struct Record {
    folder: String,
    toml: String,
}

impl Record {
    fn add(&mut self, exchange: &Exchange, lines: &Lines) {
        let Exchange { by_flags, expected, in_log, .. } = exchange;
        self.case(exchange.name, "default", &lines.default, by_flags);
        self.case(exchange.name, "json", &lines.json, expected);
        self.case(exchange.name, "istio", &lines.istio, expected);
        // What tells of a failure; the rest of what `debug` brings is about how things go on.
        let telling = ["reset: reset reason", "local reply", "failure reason: ", "rror", "timeout"];
        let told =
            |line: &&str| line.starts_with('[') && telling.iter().any(|word| line.contains(word));
        let log: String = lines.log.lines().filter(told).map(|line| format!("{line}\n")).collect();
        self.case(exchange.name, "log", &format!("{log}{}", lines.default), in_log);
    }

    fn case(&mut self, name: &str, format: &str, text: &str, expected: &Expected) {
        let Expected { fault, accept, .. } = expected;
        let text = text.replace(&self.folder, "/srv/lab");
        let _ = write!(
            self.toml,
            "\n[[case]]\nname = \"envoy-{name}-{format}\"\nfrom = \"Envoy 1.40.0, {name}\"\n\
             text = '''\n{text}'''\nfault = \"{fault}\"\naccept = {accept:?}\n"
        );
    }

    fn write(&self) {
        let Some(folder) = std::env::var_os("WHY502_RECORD").map(std::path::PathBuf::from) else {
            return;
        };
        let head = "# Real lines of a real Envoy, one exchange a case. Written by the command-line \
                    program's test\n# real_envoy with WHY502_RECORD=FOLDER.\n";
        std::fs::create_dir_all(&folder).expect("a writable folder");
        let toml = format!("{head}{}", self.toml);
        std::fs::write(folder.join("recorded.toml"), toml).expect("a writable folder");
    }
}
