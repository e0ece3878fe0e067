//! Reads every case of `cases/` and compares the answer with what the case shows. All failures are
//! told at once, each with its case's name.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

mod corpus;

use corpus::Case;
use std::collections::{BTreeMap, BTreeSet};
use why502::evidence::{Millis, Source};
use why502::incident::{Progress, Session};
use why502::reader::Reader;
use why502::{Fault, Outcome};

#[test]
fn every_case_is_diagnosed() {
    let mut failures = Vec::new();
    let mut read = 0;
    for (file, cases) in corpus::files() {
        for case in cases {
            read += 1;
            failures.extend(failure(&case).map(|what| format!("{file}: {}: {what}", case.name)));
            failures.extend(each(&case).map(|what| format!("{file}: {}: {what}", case.name)));
        }
    }
    assert!(failures.is_empty(), "{} of {read}:\n{}", failures.len(), failures.join("\n"));
    assert!(read > 300, "only {read} cases were found");
}

#[test]
fn every_case_has_its_own_name_and_text() {
    let (mut names, mut texts) = (BTreeSet::new(), BTreeSet::new());
    for case in corpus::all() {
        assert!(!case.from.is_empty(), "{} says not where it comes from", case.name);
        assert!(case.text.is_empty() != case.bytes.is_empty(), "{}", case.name);
        assert!(names.insert(case.name.clone()), "{} is there twice", case.name);
        assert!(texts.insert(case.input()), "{} repeats another's text", case.name);
    }
}

#[test]
fn near_misses_are_half_as_many_as_hits() {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (file, cases) in corpus::files() {
        let (gateway, name) = file.split_once('/').unwrap();
        if name == "recorded" {
            continue;
        }
        let (hits, misses) = counts.entry(gateway.to_owned()).or_default();
        for case in cases {
            match Outcome::of(case.fault) {
                Outcome::Failed => *hits += 1,
                _ => *misses += 1,
            }
        }
    }
    for (gateway, (hits, misses)) in counts {
        assert!(misses * 2 >= hits, "{gateway}: {misses} near misses for {hits} hits");
    }
}

/// What is wrong with the answer, as to one exchange.
fn failure(case: &Case) -> Option<String> {
    corpus::single(&case.input(), |evidence, diagnosis| {
        let fault = diagnosis.fault();
        if !case.takes(fault) {
            let signs: Vec<_> =
                evidence.signs.iter().map(|seen| (seen.sign.id(), seen.phase)).collect();
            return Some(format!("{fault} instead of {}, from {signs:?}", case.fault));
        }
        let wanted = case.cause?;
        let cause = diagnosis.cause();
        let right = cause == wanted || case.accept_causes.contains(&cause);
        let ranks = || {
            let ranks = diagnosis.causes().iter();
            ranks.map(|r| format!("{} {}", r.cause, r.confidence)).collect::<Vec<_>>().join(", ")
        };
        (!right).then(|| format!("{fault}, because of {} instead of {wanted}", ranks()))
    })
}

/// What is wrong with the answer, as to a log.
fn each(case: &Case) -> Option<String> {
    let wanted = case.each.as_ref()?;
    let mut found: Vec<Fault> = Vec::new();
    let mut session = Session::new(Millis::from_secs(90));
    let mut reader = Reader::new(0).year(Some(2026));
    let input = case.input();
    let mut rest = &input[..];
    let mut done = |exchange: &why502::incident::Exchange<'_>| {
        let fault = exchange.diagnosis().fault();
        if fault != Fault::None || exchange.sources().has(Source::ErrorLog) {
            found.push(fault);
        }
    };
    while !rest.is_empty() {
        match session.step(&mut reader, rest, true, &mut done) {
            Progress::Used(used) | Progress::NotUnderstood(used) => rest = &rest[used..],
            _ => break,
        }
    }
    session.flush(&mut done);
    (found != *wanted).then(|| format!("as a log {found:?} instead of {wanted:?}"))
}
