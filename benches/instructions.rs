//! Counts instructions under valgrind: the same on every machine of a kind, whatever its load.
//!
//! The program runs itself once for each scenario, and callgrind counts what happens within the
//! `measured_…` functions. It fails where one structured exchange costs more than is promised, or
//! where four times the input costs much more than four times the work.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::{Command, ExitCode};
use why502::incident::Session;
use why502::reader::Reader;
use why502::{Diagnosis, Evidence};
use why502_benches::{EXCHANGES, HOSTILE, LOGS, read_on};

/// What one structured exchange may cost, from its evidence to ranked causes.
const MOST: u64 = 2_400;
/// How many lines are read uncounted, then counted.
const LINES: usize = 1_000;
/// The smaller size of hostile input; the larger has four times as many bytes.
const SIZE: usize = 1 << 16;
/// What four times the input may cost at most: what grows faster is a quadratic in hiding.
const STEEPEST: f64 = 4.6;
/// In front of a scenario's name, says that this run is the one that is counted.
const SCENARIO: &str = "--scenario=";

fn main() -> ExitCode {
    let scenario =
        std::env::args().find_map(|given| given.strip_prefix(SCENARIO).map(String::from));
    match scenario {
        Some(scenario) => {
            run(&scenario);
            ExitCode::SUCCESS
        }
        None if cfg!(debug_assertions) => {
            println!("instructions: only an optimised build is worth counting; cargo bench");
            ExitCode::SUCCESS
        }
        None => match table() {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(why) => {
                eprintln!("instructions: {why}");
                ExitCode::FAILURE
            }
        },
    }
}

/// Prints every count; answers whether all keep their promise.
fn table() -> Result<bool, String> {
    let mut kept = true;
    let filter = std::env::args().skip(1).find(|given| !given.starts_with('-')).unwrap_or_default();
    let chosen = |name: &str| name.contains(&filter);
    println!("{:44} {:>9} {:>9}", "one exchange, structured", "builder", "diagnosis");
    for exchange in EXCHANGES.iter().filter(|exchange| chosen(exchange.name)) {
        let facts = count(&format!("facts/{}", exchange.name), "measured_facts")?;
        let diagnosis = count(&format!("diagnosis/{}", exchange.name), "measured_diagnosis")?;
        let broken = if diagnosis > MOST { "  more than is promised" } else { "" };
        kept &= broken.is_empty();
        println!("{:44} {facts:9} {diagnosis:9}{broken}", exchange.name);
    }
    println!("\n{:44} {:>9} {:>9}", "one line", "total", "per byte");
    for log in LOGS.iter().filter(|log| chosen(log.name)) {
        let total = count(&format!("log/{}", log.name), "measured_log")?;
        let bytes = log.lines(2 * LINES).len() - log.lines(LINES).len();
        let each = total as f64 / bytes as f64;
        println!("{:44} {:9} {each:9.2}", log.name, total / LINES as u64);
    }
    println!("\n{:44} {:>9} {:>9}", "hostile input", "per byte", "4n / n");
    for hostile in HOSTILE.iter().filter(|hostile| chosen(hostile.name)) {
        let small = count(&format!("small/{}", hostile.name), "measured_log")?;
        let large = count(&format!("large/{}", hostile.name), "measured_log")?;
        let each = large as f64 / (4 * SIZE) as f64;
        let growth = large as f64 / small as f64;
        let broken = if growth > STEEPEST { "  not linear" } else { "" };
        kept &= broken.is_empty();
        println!("{:44} {each:9.2} {growth:9.2}{broken}", hostile.name);
    }
    if !kept {
        eprintln!(
            "\ninstructions: a promise is broken (one exchange: {MOST}; hostile input: linear)"
        );
    }
    Ok(kept)
}

/// How many instructions a scenario takes within a function. The profile stays in the target
/// folder, for `callgrind_annotate`.
fn count(scenario: &str, function: &str) -> Result<u64, String> {
    let myself = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut out = String::from(env!("CARGO_TARGET_TMPDIR"));
    let name: String = scenario
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { '-' })
        .collect();
    let _ = write!(out, "/{name}.callgrind");
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .arg(format!("--toggle-collect=*{function}*"))
        .arg(format!("--callgrind-out-file={out}"))
        .arg(myself)
        .arg(format!("{SCENARIO}{scenario}"))
        .output()
        .map_err(|error| {
            format!("valgrind does not run ({error}); it must be installed to count")
        })?;
    let said = String::from_utf8_lossy(&counted.stderr);
    if !counted.status.success() {
        return Err(format!("{scenario} failed under valgrind:\n{said}"));
    }
    let total = said.lines().find_map(|line| line.split_once("Collected :"));
    let total = total.and_then(|(_, number)| number.trim().parse().ok());
    // Nothing counted is a function that was not found, and no fast one.
    total.filter(|total| *total > 0).ok_or_else(|| format!("{scenario}: nothing counted:\n{said}"))
}

/// Runs one scenario: once uncounted, so that what happens only once is over, then counted.
fn run(scenario: &str) {
    let Some((kind, name)) = scenario.split_once('/') else { return };
    if let Some(exchange) = EXCHANGES.iter().find(|exchange| exchange.name == name) {
        let evidence = (exchange.evidence)();
        black_box(why502::diagnose(&evidence));
        if kind == "facts" {
            measured_facts(exchange.evidence);
        } else {
            black_box(measured_diagnosis(&evidence));
        }
    }
    if let Some(log) = LOGS.iter().find(|log| log.name == name) {
        let text = log.lines(2 * LINES);
        let (warm, counted) = text.split_at(log.lines(LINES).len());
        let (mut session, mut reader) = begin();
        read_on(&mut session, &mut reader, warm);
        measured_log(&mut session, &mut reader, counted);
    }
    if let Some(hostile) = HOSTILE.iter().find(|hostile| hostile.name == name) {
        let text = (hostile.text)(if kind == "small" { SIZE } else { 4 * SIZE });
        let (mut session, mut reader) = begin();
        read_on(&mut session, &mut reader, &text);
        measured_log(&mut session, &mut reader, &text);
    }
}

fn begin() -> (Session, Reader) {
    (Session::new(why502::evidence::Millis::from_secs(90)), Reader::new(0))
}

#[inline(never)]
fn measured_facts(facts: fn() -> Evidence<'static>) {
    black_box(black_box(facts)());
}

#[inline(never)]
fn measured_diagnosis(evidence: &Evidence<'_>) -> Diagnosis {
    why502::diagnose(black_box(evidence))
}

#[inline(never)]
fn measured_log(session: &mut Session, reader: &mut Reader, text: &[u8]) {
    read_on(session, reader, black_box(text));
    session.flush(&mut |_| {});
}
