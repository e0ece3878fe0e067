//! The cases: read from files, parted into halves, and answered.
//!
//! A case is one JSON object a line: its `fault` and `cause` with `accept_faults` and
//! `accept_causes`, others that a fair judge takes; where it comes from (`source`, or `injected`);
//! and `text`, as it was pasted, with whether an expert could name the cause from this alone
//! (`identifiable`). A staged one has `error_log` and the access log in two formats, as arrays of
//! lines, and is asked about with each: `access_log_rich` with `observable` (whether the fault can
//! be told at all) and `cause_observable`, `access_log` with the same keys ending in `_default`.

use serde::Deserialize;
use why502::incident::Single;
use why502::reader::Reader;
use why502::{Cause, Diagnosis, Fault};

/// Reads the cases of all files and answers them.
pub(crate) fn read(files: &[String]) -> Result<Vec<Told>, String> {
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.is_empty()) {
            let line: Line = serde_json::from_str(line)
                .map_err(|error| format!("{file}:{number}: a case was expected: {error}"))?;
            for case in line.cases() {
                let answer = case.diagnosis();
                cases.push(Told { case, answer });
            }
        }
    }
    Ok(cases)
}

/// A case with what is answered to it.
pub(crate) struct Told {
    pub(crate) case: Case,
    pub(crate) answer: Diagnosis,
}

impl Told {
    pub(crate) fn fault_is_right(&self) -> bool {
        self.case.takes_fault(self.answer.fault())
    }

    /// Whether the cause is among the first so many.
    pub(crate) fn cause_is_within(&self, count: usize) -> bool {
        self.answer.causes().iter().take(count).any(|ranked| self.case.takes_cause(ranked.cause))
    }
}

/// A line of a file of cases.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    #[serde(default, alias = "injected")]
    source: String,
    text: Option<String>,
    #[serde(default)]
    access_log: Vec<String>,
    #[serde(default)]
    access_log_rich: Vec<String>,
    #[serde(default)]
    error_log: Vec<String>,
    fault: Fault,
    #[serde(default)]
    accept_faults: Vec<Fault>,
    cause: Option<Cause>,
    #[serde(default)]
    accept_causes: Vec<Cause>,
    #[serde(default, alias = "cause_observable")]
    identifiable: bool,
    #[serde(default = "yes")]
    observable: bool,
    #[serde(default)]
    cause_observable_default: bool,
    #[serde(default = "yes")]
    observable_default: bool,
}

const fn yes() -> bool {
    true
}

impl Line {
    /// What is asked of it: once, or once with each format of the access log.
    fn cases(self) -> Vec<Case> {
        let case = |inputs: Vec<String>, identifiable: bool, observable: bool| {
            let mut case = Case {
                id: self.id.clone(),
                source: self.source.clone(),
                inputs,
                error_log: !self.error_log.is_empty(),
                fault: self.fault,
                accept_faults: self.accept_faults.clone(),
                cause: self.cause,
                accept_causes: self.accept_causes.clone(),
                identifiable,
            };
            if !observable {
                case.accept_faults.push(Fault::Unknown);
                case.accept_causes.push(Cause::Unknown);
            }
            case
        };
        if let Some(text) = &self.text {
            return vec![case(vec![text.clone()], self.identifiable, self.observable)];
        }
        let logs = |access: &[String]| vec![access.join("\n"), self.error_log.join("\n")];
        let (named, seen) = (self.cause_observable_default, self.observable_default);
        let plain = case(logs(&self.access_log), named, seen);
        let rich = case(logs(&self.access_log_rich), self.identifiable, self.observable);
        if self.access_log_rich.is_empty() { vec![plain] } else { vec![plain, rich] }
    }
}

/// One question with its true answer.
pub(crate) struct Case {
    pub(crate) id: String,
    source: String,
    /// What is read, each as a file of its own.
    inputs: Vec<String>,
    /// Whether the error log is among it.
    error_log: bool,
    pub(crate) fault: Fault,
    pub(crate) accept_faults: Vec<Fault>,
    pub(crate) cause: Option<Cause>,
    accept_causes: Vec<Cause>,
    pub(crate) identifiable: bool,
}

impl Case {
    fn diagnosis(&self) -> Diagnosis {
        let mut single = Single::new();
        if self.error_log {
            single.error_log_given();
        }
        for (input, number) in self.inputs.iter().zip(0..) {
            single.add(&mut Reader::new(number), input.as_bytes(), number);
        }
        why502::diagnose(&single.evidence())
    }

    /// The half that it belongs to, by where it comes from.
    pub(crate) fn part(&self) -> Part {
        let place = if self.source.is_empty() { &self.id } else { &self.source };
        // Threads are written as links and as owner/name#number.
        let place = place.trim_start_matches("https://github.com/");
        let place = place.replace("/issues/", "#").replace("/pull/", "#");
        // FNV-1a: any hash will do that stays the same.
        let hash = place.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        if (hash >> 32) % 2 == 0 { Part::Fit } else { Part::Test }
    }

    pub(crate) fn takes_fault(&self, fault: Fault) -> bool {
        fault == self.fault || self.accept_faults.contains(&fault)
    }

    pub(crate) fn takes_cause(&self, cause: Cause) -> bool {
        self.cause == Some(cause) || self.accept_causes.contains(&cause)
    }
}

/// A half of the cases.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Fit,
    Test,
}
