//! Runs the program and looks at what it answers.

#![allow(dead_code)]

use serde_json::Value;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// How a run ended.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let run = Self {
            status: output.status.code().expect("it exits by itself"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        };
        assert!(!run.err.contains("panicked"), "{}", run.err);
        run
    }

    /// The report as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// One JSON value from each line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// Exit status, and words that stderr must hold.
    #[track_caller]
    pub(crate) fn ends(&self, status: i32, words: &[&str]) -> &Self {
        assert_eq!(self.status, status, "stdout: {}\nstderr: {}", self.out, self.err);
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in: {}", self.err);
        }
        if words.is_empty() {
            assert_eq!(self.err, "");
        }
        self
    }
}

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_why502"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

/// Runs the program in the folder of the sample logs.
pub(crate) fn why502<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    Run::of(command().args(arguments).current_dir(logs()).output().expect("it runs"))
}

/// The same with standard input.
pub(crate) fn why502_with<S: AsRef<OsStr>>(
    input: &[u8],
    arguments: impl IntoIterator<Item = S>,
) -> Run {
    let mut child = command()
        .args(arguments)
        .current_dir(logs())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let run = Run::of(child.wait_with_output().expect("it ends"));
    writer.join().expect("it writes");
    run
}

/// The folder of the sample logs.
pub(crate) fn logs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("logs/nginx")
}

pub(crate) fn log(name: &str) -> Vec<u8> {
    std::fs::read(logs().join(name)).expect("a sample log")
}

/// `{"total":…}` and the faults with their counts.
pub(crate) fn counts(report: &Value) -> (Value, Vec<(String, u64)>) {
    let findings = report["findings"].as_array().expect("findings").iter();
    let mut faults: Vec<(String, u64)> = findings
        .map(|each| (each["fault"].as_str().unwrap().into(), each["count"].as_u64().unwrap()))
        .collect();
    faults.sort();
    (report["exchanges"].clone(), faults)
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

pub(crate) fn zstd(text: &[u8]) -> Vec<u8> {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    compress_to_vec(text, CompressionLevel::Fastest)
}
