//! A real curl in front of a server that misbehaves in a known way: what it prints, its message
//! alone, all that it tells, or its JSON, must lead the program to the right fault.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice)]
#![cfg(unix)]

#[path = "real_nginx/certificates.rs"]
mod certificates;
mod common;
#[path = "real_nginx/upstream.rs"]
#[allow(dead_code)]
mod upstream;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use upstream::{Behaviour, Ending, http2, listen, response};

/// Something that curl is asked for.
struct Exchange {
    name: &'static str,
    /// What curl is called with, after the options that all have.
    arguments: Vec<String>,
    /// What its message alone shows.
    fault: &'static str,
    /// What the verbose lines show, where they show more or less.
    verbose: &'static str,
}

fn exchange(name: &'static str, fault: &'static str, arguments: &[&str]) -> Exchange {
    let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
    Exchange { name, arguments, fault, verbose: fault }
}

/// What it prints, in each of the ways that people paste.
#[derive(Clone, Copy, Debug)]
enum Form {
    Message,
    Verbose,
    Json,
}

#[test]
fn what_curl_prints_leads_to_the_fault() {
    let Some(curl) = curl() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    certificates::make(folder.path());
    let servers = TlsServer::all(folder.path());
    let mut failures = Vec::new();
    for exchange in exchanges(&servers, folder.path()) {
        for form in [Form::Message, Form::Verbose, Form::Json] {
            let printed = run(&curl, &exchange.arguments, form);
            // Of an exchange that is well it says nothing.
            if printed.is_empty() {
                continue;
            }
            let file = folder.path().join("printed.txt");
            std::fs::write(&file, &printed).unwrap();
            let report = common::why502([
                "--single".as_ref(),
                "--format".as_ref(),
                "json".as_ref(),
                file.as_os_str(),
            ])
            .json();
            let found = report["fault"].as_str().unwrap_or_default();
            let wanted = match form {
                Form::Verbose => exchange.verbose,
                Form::Message | Form::Json => exchange.fault,
            };
            if !wanted.split('|').any(|fault| fault == found) {
                failures.push(format!(
                    "{}, {form:?}: {found} instead of {wanted}\n{printed}",
                    exchange.name
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}:\n\n{}", failures.len(), failures.join("\n\n"));
}

fn exchanges(servers: &[TlsServer], folder: &Path) -> Vec<Exchange> {
    let plain = |behaviour| format!("http://127.0.0.1:{}/cart", listen(behaviour));
    let tls = |behaviour| format!("https://127.0.0.1:{}/cart", listen(behaviour));
    let answers = |status: &str, headers: &str| {
        plain(Behaviour::Answers(response(status, headers, "a body\n"), Ending::Fin))
    };
    let authority = folder.join("ca.pem").display().to_string();
    let verified = |name: &str| {
        let port = servers.iter().find(|server| server.name == name).expect("its server").port;
        let host = certificates::NAME;
        let there = format!("{host}:{port}:127.0.0.1");
        [format!("https://{host}:{port}/"), "--resolve".to_owned(), there]
    };
    let mut all = vec![
        Exchange {
            // From 8.0 on the message does not say why: only the verbose lines do.
            fault: "connect-refused|connect-failed",
            verbose: "connect-refused",
            ..exchange("refused", "", &[&format!("http://127.0.0.1:{}/", upstream::closed_port())])
        },
        Exchange {
            // curl's own limit covers all of the exchange.
            fault: "connect-timeout|response-timeout",
            verbose: "connect-timeout|response-timeout",
            ..exchange(
                "connection unanswered",
                "",
                &["-m", "1", &format!("http://127.0.0.1:{}/", upstream::full_port())],
            )
        },
        exchange("no such name", "dns-not-found|dns-failed", &["http://no-such-name.invalid/"]),
        exchange(
            "closed without an answer",
            "response-closed",
            &[&plain(Behaviour::Answers(Vec::new(), Ending::Fin))],
        ),
        exchange(
            "reset without an answer",
            "response-reset",
            &[&plain(Behaviour::Answers(Vec::new(), Ending::Rst))],
        ),
        exchange(
            "no answer in time",
            "response-timeout",
            &["-m", "1", &plain(Behaviour::Stalls(Vec::new()))],
        ),
        exchange(
            "a body that stalls",
            "body-timeout",
            &[
                "-m",
                "1",
                &plain(Behaviour::Stalls(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
                )),
            ],
        ),
        exchange(
            "a body cut short",
            "body-truncated",
            &[&plain(Behaviour::Answers(
                b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
                Ending::Fin,
            ))],
        ),
        exchange(
            "a chunk that is none",
            "body-malformed",
            &[&plain(Behaviour::Answers(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n".to_vec(),
                Ending::Fin,
            ))],
        ),
        exchange(
            "not HTTP",
            "response-malformed",
            &[&plain(Behaviour::SpeaksFirst(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()))],
        ),
        exchange("503 with -f", "upstream-unavailable", &["-f", &answers("503 Busy", "")]),
        exchange(
            "plain HTTP at a TLS client",
            "tls-not-spoken|tls-handshake-failed",
            &[&tls(Behaviour::Handshakes(
                b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
                Ending::Fin,
            ))],
        ),
        exchange(
            "handshake closed",
            "tls-handshake-failed",
            &[&tls(Behaviour::Handshakes(Vec::new(), Ending::Fin))],
        ),
        exchange(
            "handshake reset",
            "tls-handshake-failed",
            &[&tls(Behaviour::Handshakes(Vec::new(), Ending::Rst))],
        ),
        exchange(
            "handshake alert",
            "tls-handshake-failed",
            &[&tls(Behaviour::Handshakes(vec![21, 3, 3, 0, 2, 2, 40], Ending::Fin))],
        ),
        exchange(
            "alert about the client's certificate",
            "tls-client-certificate-rejected",
            &[&tls(Behaviour::Handshakes(vec![21, 3, 3, 0, 2, 2, 116], Ending::Fin))],
        ),
        exchange(
            "stream reset",
            "response-reset",
            &[
                "--http2-prior-knowledge",
                &plain(Behaviour::Http2(http2::frame(http2::RST_STREAM, 0, 1, &[0, 0, 0, 2]))),
            ],
        ),
        Exchange {
            // The head that curl prints is all there is: a bare 503. Its JSON is a client's report.
            fault: "unknown|upstream-unavailable",
            verbose: "unknown",
            ..exchange("503", "", &["-o", "/dev/null", &answers("503 Busy", "")])
        },
        Exchange {
            fault: "upstream-bad-gateway",
            verbose: "connect-refused",
            ..exchange(
                "Proxy-Status",
                "",
                &[
                    "-o",
                    "/dev/null",
                    &answers("502 Bad Gateway", "Proxy-Status: edge; error=connection_refused\r\n"),
                ],
            )
        },
        exchange("healthy", "none|unknown", &["-o", "/dev/null", &answers("200 OK", "")]),
    ];
    for (name, server, fault) in [
        ("certificate expired", "expired", "tls-certificate-expired"),
        ("certificate of later", "future", "tls-certificate-expired"),
        ("certificate that signed itself", "self", "tls-certificate-untrusted"),
        ("certificate for another name", "other", "tls-certificate-name-mismatch"),
    ] {
        let mut arguments = vec!["--cacert".to_owned(), authority.clone()];
        arguments.extend(verified(server));
        all.push(Exchange { name, arguments, fault, verbose: fault });
    }
    let arguments = verified("good").to_vec();
    let fault = "tls-certificate-untrusted";
    all.push(Exchange { name: "authority not known", arguments, fault, verbose: fault });
    all
}

/// Runs curl so that it prints in this form; both outputs together, as on a terminal.
fn run(curl: &Path, arguments: &[String], form: Form) -> String {
    let mut command = Command::new(curl);
    // Neither a proxy nor a file of settings of this machine's.
    command.args(["-q", "--noproxy", "*"]).env("LC_ALL", "C");
    match form {
        Form::Message => command.arg("-sS"),
        Form::Verbose => command.args(["-sS", "-v"]),
        Form::Json => command.args(["-s", "-o", "/dev/null", "-w", "%{json}\n"]),
    };
    let output = command.args(arguments).stdin(Stdio::null()).output().expect("curl runs");
    let mut printed = String::from_utf8_lossy(&output.stderr).into_owned();
    printed.push_str(&String::from_utf8_lossy(&output.stdout));
    printed
}

/// curl, or `None` with a message where it is missing; in CI it must be there.
fn curl() -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&paths).map(|folder| folder.join("curl"));
    let program = found.into_iter().find(|path| path.is_file());
    if program.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI must have curl");
        eprintln!("skipped: there is no curl in PATH");
    }
    program
}

/// A server with one of the certificates.
struct TlsServer {
    name: &'static str,
    port: u16,
    process: Child,
}

impl TlsServer {
    fn all(folder: &Path) -> Vec<Self> {
        ["good", "expired", "future", "self", "other"].map(|name| Self::start(folder, name)).into()
    }

    fn start(folder: &Path, name: &'static str) -> Self {
        let mut process = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-www"])
            .args(["-cert", &format!("{name}.pem"), "-key", &format!("{name}.key")])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the openssl command");
        let output = process.stdout.take().expect("its output");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let accepts = lines.find_map(|line| {
            let address = line.strip_prefix("ACCEPT ")?.to_owned();
            address.rsplit(':').next()?.parse().ok()
        });
        let port = accepts.expect("openssl names its port");
        // What it prints later is read, so that it does not wait.
        std::thread::spawn(move || lines.for_each(drop));
        std::thread::sleep(Duration::from_millis(10));
        Self { name, port, process }
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
