//! Measures how right the answers are on cases whose truth is known: faults, causes, and whether
//! the confidences are probabilities.
//!
//! ```text
//! cargo run -p why502-benches --bin calibration -- [--part fit|test] [--wrong] CASES.jsonl…
//! ```
//!
//! `--part` takes one half of the cases only: weights are fitted on the one and judged on the other.
//! Cases from one place (a thread, a staged failure) are in the same half, whatever file they are
//! in. With `--wrong` it names each case that is answered wrongly; do not ask it of the test half.
//!
//! The error of calibration is the usual one (ECE): answers are put into ten bins by the confidence
//! of their first cause; in each, the mean confidence is set against the share that is right; the
//! error is the mean of these differences, each bin counting by its answers. It is told of the
//! failures whose cause somebody knew, and once more of all, where only `unknown` is right of those
//! whose cause nobody named. They had one all the same, so that the second table is the worst case.

mod cases;

use cases::{Case, Part, Told};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;
use why502::{Cause, Fault};

/// Prints a line; whoever reads may have had enough.
macro_rules! say {
    ($($words:tt)*) => {{
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

/// What is asked for.
#[derive(Default)]
struct Options {
    part: Option<Part>,
    wrong: bool,
    files: Vec<String>,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--wrong" => options.wrong = true,
                "--part" => {
                    options.part = match arguments.next().as_deref() {
                        Some("fit") => Some(Part::Fit),
                        Some("test") => Some(Part::Test),
                        _ => return Err("--part wants fit or test".into()),
                    };
                }
                option if option.starts_with("--") => {
                    return Err(format!("there is no option {option}; expected --part or --wrong"));
                }
                file => options.files.push(file.into()),
            }
        }
        if options.files.is_empty() {
            return Err("name at least one file of cases, JSON lines".into());
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    let answer = Options::read(std::env::args().skip(1)).and_then(|options| {
        let told = cases::read(&options.files)?;
        let (part, rest): (Vec<Told>, Vec<Told>) = told
            .into_iter()
            .partition(|told| options.part.is_none_or(|part| told.case.part() == part));
        if options.wrong {
            part.iter().for_each(name_if_wrong);
        }
        report(&part, &rest);
        Ok(())
    });
    match answer {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("calibration: {why}");
            ExitCode::FAILURE
        }
    }
}

fn name_if_wrong(told: &Told) {
    let Told { case, answer } = told;
    let fault = answer.fault();
    let ranks = || {
        let ranks = answer.causes().iter().map(|r| format!("{} {}", r.cause, r.confidence));
        ranks.collect::<Vec<_>>().join(", ")
    };
    if !told.fault_is_right() {
        say!("{}: {fault}, not {} {:?}", case.id, case.fault, case.accept_faults);
    } else if case.cause.is_some() && !told.cause_is_within(if case.identifiable { 1 } else { 3 }) {
        say!("{}: {fault}: {}, not {:?}", case.id, ranks(), case.cause);
    }
}

/// Reports on one part; the other one gives the constants to compare with.
fn report(part: &[Told], rest: &[Told]) {
    let of = |name: &str, right: usize, all: usize| {
        let share = 100.0 * right as f64 / all.max(1) as f64;
        say!("{name:44} {right:4} of {all:4}  {share:5.1} %");
    };
    let faults = part.iter().filter(|told| told.fault_is_right());
    of("fault", faults.count(), part.len());
    let healthy = || part.iter().filter(|told| told.case.fault == Fault::None);
    let alarms = healthy().filter(|told| !told.fault_is_right());
    of("false alarm, of healthy exchanges", alarms.count(), healthy().count());
    let failed: Vec<&Told> = part.iter().filter(|told| told.case.fault != Fault::None).collect();
    let constants = Constants::learn(if rest.is_empty() { part } else { rest });
    for (name, identifiable) in [("could be named", true), ("could not", false)] {
        let asked = || {
            let known = failed.iter().filter(|told| told.case.cause.is_some());
            known.filter(|told| told.case.identifiable == identifiable)
        };
        let all = asked().count();
        let within = |count| asked().filter(|told| told.cause_is_within(count)).count();
        of(&format!("cause that {name}, first"), within(1), all);
        of(&format!("cause that {name}, in the first three"), within(3), all);
        let constant = asked().filter(|told| constants.right(&told.case)).count();
        of(&format!("cause that {name}, constant of its fault"), constant, all);
    }
    let known = failed.iter().filter(|told| told.case.cause.is_some());
    reliability(
        "failures whose cause is known",
        known.map(|told| (*told, told.cause_is_within(1))),
    );
    reliability(
        "all failures",
        failed.iter().map(|told| {
            let open = told.case.cause.is_none() && told.answer.cause() == Cause::Unknown;
            (*told, open || told.cause_is_within(1))
        }),
    );
}

/// What would be said if each fault always had the same cause: the best one of other cases, so that
/// it is no hindsight. The true fault is given to it.
struct Constants(BTreeMap<&'static str, Cause>);

impl Constants {
    fn learn(told: &[Told]) -> Self {
        let mut by_fault: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
        for Told { case, .. } in told.iter().filter(|told| told.case.cause.is_some()) {
            by_fault.entry(case.fault.id()).or_default().push(case);
        }
        let best = |cases: Vec<&Case>| {
            let right =
                |cause: &&Cause| cases.iter().filter(|case| case.takes_cause(**cause)).count();
            Cause::ALL.iter().rev().max_by_key(right).copied()
        };
        Self(
            by_fault.into_iter().filter_map(|(fault, cases)| Some((fault, best(cases)?))).collect(),
        )
    }

    fn right(&self, case: &Case) -> bool {
        self.0.get(case.fault.id()).is_some_and(|cause| case.takes_cause(*cause))
    }
}

/// Of the answers given with one confidence, how many are right.
fn reliability<'a>(of: &str, told: impl Iterator<Item = (&'a Told, bool)>) {
    const BINS: usize = 10;
    let mut bins = [(0_u32, 0_f64, 0_u32); BINS];
    for (told, right) in told {
        let Some(first) = told.answer.causes().iter().next() else { continue };
        let confidence = f64::from(first.confidence.get());
        let at = ((confidence * BINS as f64) as usize).min(BINS - 1);
        if let Some((count, sum, good)) = bins.get_mut(at) {
            *count += 1;
            *sum += confidence;
            *good += u32::from(right);
        }
    }
    say!("\n{of}\nconfidence   cases   mean   right");
    let mut error = 0.0;
    let all: u32 = bins.iter().map(|(count, ..)| count).sum();
    for (at, (count, sum, right)) in bins.into_iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
        let (mean, share) = (sum / f64::from(count), f64::from(right) / f64::from(count));
        error += (mean - share).abs() * f64::from(count) / f64::from(all.max(1));
        let from = at as f64 / BINS as f64;
        say!("{from:.1} to {:.1}   {count:5}   {mean:.2}   {share:.2}", from + 0.1);
    }
    say!("calibration error {error:.3}");
}
