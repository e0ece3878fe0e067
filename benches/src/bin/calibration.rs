//! Measures how right the answers are on cases whose truth is known: faults, causes, and whether
//! the confidences are probabilities.
//!
//! ```text
//! cargo run -p why502-benches --bin calibration -- [--wrong] CASES.jsonl…
//! ```
//!
//! With `--wrong` it names each case that is answered wrongly.
//!
//! A case is one JSON object a line: `text`, as it was pasted, or `access_log` and `error_log`,
//! arrays of lines; its `fault` and `cause` with `accept_faults` and `accept_causes`, others that a
//! fair judge takes; and whether an expert could name the cause from this alone (`identifiable`, or
//! `cause_observable`).

use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;
use why502::incident::Single;
use why502::reader::Reader;
use why502::{Cause, Diagnosis, Fault};

/// Prints a line; whoever reads may have had enough.
macro_rules! say {
    ($($words:tt)*) => {{
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    id: String,
    text: Option<String>,
    #[serde(default)]
    access_log: Vec<String>,
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
}

impl Case {
    fn diagnosis(&self) -> Diagnosis {
        let mut single = Single::new();
        let inputs = match &self.text {
            Some(text) => vec![text.clone()],
            None => vec![self.access_log.join("\n"), self.error_log.join("\n")],
        };
        if !self.error_log.is_empty() {
            single.error_log_given();
        }
        for (input, number) in inputs.iter().zip(0..) {
            single.add(&mut Reader::new(number), input.as_bytes(), number);
        }
        why502::diagnose(&single.evidence())
    }

    fn takes_fault(&self, fault: Fault) -> bool {
        fault == self.fault || self.accept_faults.contains(&fault)
    }

    fn takes_cause(&self, cause: Cause) -> bool {
        self.cause == Some(cause) || self.accept_causes.contains(&cause)
    }
}

fn main() -> ExitCode {
    let (options, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    if let Some(option) = options.iter().find(|option| *option != "--wrong") {
        eprintln!("calibration: there is no option {option}; expected --wrong or files");
        return ExitCode::FAILURE;
    }
    if files.is_empty() {
        eprintln!("calibration: name at least one file of cases, JSON lines");
        return ExitCode::FAILURE;
    }
    match read(&files) {
        Ok(cases) => {
            if !options.is_empty() {
                cases.iter().for_each(name_if_wrong);
            }
            report(&cases);
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("calibration: {why}");
            ExitCode::FAILURE
        }
    }
}

fn read(files: &[String]) -> Result<Vec<(Case, Diagnosis)>, String> {
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.is_empty()) {
            let case: Case = serde_json::from_str(line)
                .map_err(|error| format!("{file}:{number}: a case was expected: {error}"))?;
            let diagnosis = case.diagnosis();
            cases.push((case, diagnosis));
        }
    }
    Ok(cases)
}

fn name_if_wrong((case, told): &(Case, Diagnosis)) {
    let fault = told.fault();
    if !case.takes_fault(fault) {
        say!("{}: {fault}, not {} {:?}", case.id, case.fault, case.accept_faults);
    } else if case.identifiable && case.cause.is_some() && !case.takes_cause(told.cause()) {
        let ranks: Vec<String> =
            told.causes().iter().map(|r| format!("{} {}", r.cause, r.confidence)).collect();
        say!("{}: {fault}: {}, not {:?}", case.id, ranks.join(", "), case.cause);
    }
}

fn report(cases: &[(Case, Diagnosis)]) {
    let faults = cases.iter().filter(|(case, told)| case.takes_fault(told.fault()));
    say!("fault            {:4} of {}", faults.count(), cases.len());
    let healthy = cases.iter().filter(|(case, _)| case.fault == Fault::None);
    let alarms = healthy.clone().filter(|(case, told)| !case.takes_fault(told.fault()));
    say!("false alarms     {:4} of {} healthy", alarms.count(), healthy.count());
    let known: Vec<_> = cases.iter().filter(|(case, _)| case.cause.is_some()).collect();
    for (name, identifiable) in [("could be named", true), ("could not", false)] {
        let asked = known.iter().filter(|(case, _)| case.identifiable == identifiable);
        let first = asked.clone().filter(|(case, told)| case.takes_cause(told.cause()));
        let third = asked.clone().filter(|(case, told)| {
            told.causes().iter().take(3).any(|ranked| case.takes_cause(ranked.cause))
        });
        say!(
            "cause, {name:14} first {:4}, among three {:4} of {}; the best constant of each fault {}",
            first.count(),
            third.count(),
            asked.clone().count(),
            best_constant(asked.map(|(case, _)| case)),
        );
    }
    reliability(&known);
}

/// How many would be right if each fault always had the same cause, the best one in hindsight.
fn best_constant<'a>(cases: impl Iterator<Item = &'a Case>) -> usize {
    let mut by_fault: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        by_fault.entry(case.fault.id()).or_default().push(case);
    }
    let right = |cases: &Vec<&Case>, cause: Cause| {
        cases.iter().filter(|case| case.takes_cause(cause)).count()
    };
    by_fault
        .values()
        .filter_map(|cases| Cause::ALL.iter().map(|cause| right(cases, *cause)).max())
        .sum()
}

/// Of the answers given with one confidence, how many are right.
fn reliability(cases: &[&(Case, Diagnosis)]) {
    const BINS: usize = 10;
    let mut bins = [(0_u32, 0_f64, 0_u32); BINS];
    for (case, told) in cases {
        let Some(first) = told.causes().iter().next() else { continue };
        let confidence = f64::from(first.confidence.get());
        let at = ((confidence * BINS as f64) as usize).min(BINS - 1);
        if let Some((count, sum, right)) = bins.get_mut(at) {
            *count += 1;
            *sum += confidence;
            *right += u32::from(case.takes_cause(first.cause));
        }
    }
    say!("\nconfidence   cases   mean   right");
    let mut error = 0.0;
    let all: u32 = bins.iter().map(|(count, ..)| count).sum();
    for (at, (count, sum, right)) in bins.into_iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
        let (mean, share) = (sum / f64::from(count), f64::from(right) / f64::from(count));
        error += (mean - share).abs() * f64::from(count) / f64::from(all.max(1));
        let from = at as f64 / BINS as f64;
        say!("{from:.1} to {:.1}   {count:5}   {mean:.2}   {share:.2}", from + 0.1);
    }
    say!("expected calibration error {error:.3}");
}
