//! Pipes that never end, and readers that have seen enough.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]
#![cfg(unix)]

mod common;

use common::{command, log, logs, why502};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A run whose standard input stays open.
struct Open {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Open {
    fn new(arguments: &[&str]) -> Self {
        let mut child = command()
            .args(arguments)
            .current_dir(logs())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                drop(send.send(line));
            }
        });
        Self { child, stdin, lines }
    }

    fn write(&mut self, text: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text).unwrap();
        stdin.flush().unwrap();
    }

    /// The next line, while the input is still open.
    #[track_caller]
    fn next(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(5)).expect("a line while the input is open")
    }

    fn close(mut self) -> (i32, Vec<String>) {
        drop(self.stdin.take());
        let status = self.child.wait().unwrap().code().unwrap();
        (status, self.lines.iter().collect())
    }
}

const EACH: [&str; 3] = ["--each", "--format", "ndjson"];

#[test]
fn what_is_known_is_told_while_reading_and_after_a_second_of_silence() {
    let mut run = Open::new(&EACH);
    run.write(&log("error.log"));
    for _ in 0..16 {
        assert!(run.next().starts_with("{\"schema\":\"why502/1\""));
    }
    run.write(&log("error.log"));
    run.next();
    let (status, rest) = run.close();
    assert_eq!((status, rest.len()), (1, 15));
}

#[test]
fn every_format_is_told_while_reading() {
    for format in ["text", "json", "markdown", "html"] {
        let mut run = Open::new(&["--each", "--format", format]);
        run.write(&log("error.log"));
        assert!(!run.next().is_empty(), "{format}");
        assert_eq!(run.close().0, 1);
    }
}

#[test]
fn a_silent_pipe_holds_up_no_file() {
    let mut run = Open::new(&[&EACH[..], &["access.log", "-"]].concat());
    for _ in 0..15 {
        run.next();
    }
    run.write(&log("error.log"));
    run.next();
    assert_eq!(run.close().0, 1);
}

#[test]
fn half_a_line_is_waited_for() {
    let mut run = Open::new(&EACH);
    let text = log("error.log");
    let (one, two) = text.split_at(100);
    run.write(one);
    std::thread::sleep(Duration::from_millis(1500));
    run.write(two);
    let (status, lines) = run.close();
    assert_eq!((status, lines.len()), (1, 16));
}

#[test]
fn several_pipes_are_listened_to_together() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("error.pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let mut run = Open::new(&[&EACH[..], &["-", path.to_str().unwrap()]].concat());
    let mut errors = std::fs::File::options().write(true).open(&path).unwrap();
    errors.write_all(&log("error.log")).unwrap();
    run.write(&log("access.log"));
    let lines: Vec<String> = (0..15).map(|_| run.next()).collect();
    assert!(lines.iter().any(|line| line.contains("error.pipe") && line.contains("<stdin>")));
    drop(errors);
    let (status, rest) = run.close();
    assert_eq!((status, rest.len()), (1, 0));
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run_quietly() {
    let big = log("access.log").repeat(200);
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("access.log");
    std::fs::write(&path, big).unwrap();
    let mut child = command()
        .args(EACH)
        .arg(&path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut String::new()).unwrap();
    drop(stdout);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(1), ""));
}

#[test]
fn a_closed_standard_output_is_no_crash() {
    for arguments in ["access.log >&-", "access.log --each >&-", "list faults >&-", "man >&-"] {
        let script = format!("\"$0\" {arguments}");
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_why502")])
            .current_dir(logs())
            .output()
            .unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for arguments in [&["access.log"][..], &["access.log", "--each"], &["list", "faults"]] {
        let run = command().args(arguments).current_dir(logs()).stdout(full()).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2), "{arguments:?} {said}");
        assert!(said.contains("the output cannot be written"), "{said}");
    }
}

#[test]
fn a_pipe_for_a_summary_is_read_to_its_end() {
    // A retry may take longer than one second: a summary has the time to wait for it.
    let mut run = Open::new(&["-", "access.log", "--format", "ndjson"]);
    let text = log("error.log");
    let (one, two) = text.split_at(text.len() / 2);
    run.write(one);
    std::thread::sleep(Duration::from_millis(1500));
    run.write(two);
    let (status, lines) = run.close();
    assert_eq!((status, lines.len()), (1, 1));
    assert!(why502(["access.log", "error.log"]).out.contains("13 failed of 437"));
}
