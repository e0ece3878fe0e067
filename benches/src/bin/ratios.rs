//! Measures the program against `rg` and `wc` on the same files, in one run: ratios hold on any
//! machine, seconds do not.
//!
//! ```text
//! cargo build --release -p why502-cli
//! cargo run --release -p why502-benches --bin ratios
//! ```

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use why502_benches::LOGS;

/// How many bytes each file has, at least.
const SIZE: usize = 300 << 20;
/// How often each command runs; the quickest counts.
const ROUNDS: usize = 7;
/// One line in so many of the access log is a failure.
const ONE_IN: usize = 100;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("ratios: {why}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), String> {
    let program = program()?;
    let folder = std::env::temp_dir().join(format!("why502-ratios-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let measured = compare(&program, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

fn compare(program: &Path, folder: &Path) -> Result<(), String> {
    for (name, healthy, failing, pattern) in [
        ("access log", "healthy, upstream fields", "failing, upstream fields", "\" 50[234] "),
        ("Envoy's access log", "envoy, healthy", "envoy, failing", "\" 50[234] "),
        ("HAProxy's log", "haproxy, healthy", "haproxy, failing", " 50[234] "),
        ("access log in JSON", "healthy, JSON", "failing, JSON", "\"status\":\"50[234]"),
        (
            "Envoy's access log in JSON",
            "envoy, healthy, JSON",
            "envoy, failing, JSON",
            "\"response_code\":50[234]",
        ),
    ] {
        let access = folder.join("access.log");
        write(&access, &mixed(healthy, failing)?)?;
        let rg = quickest(Path::new("rg"), &["-c", pattern], &access)?;
        let ours = quickest(program, &[], &access)?;
        println!(
            "{name}, 1 % failures: why502 {:.2} of the time of rg -c ({} against {} MiB/s)",
            ours.as_secs_f64() / rg.as_secs_f64(),
            speed(&access, ours)?,
            speed(&access, rg)?
        );
    }
    let errors = folder.join("error.log");
    write(&errors, &log("error log")?)?;
    let wc = quickest(Path::new("wc"), &["-l"], &errors)?;
    let ours = quickest(program, &[], &errors)?;
    println!(
        "error log, all failures: why502 {} MiB/s, wc -l {} MiB/s ({:.1} times as long)",
        speed(&errors, ours)?,
        speed(&errors, wc)?,
        ours.as_secs_f64() / wc.as_secs_f64()
    );
    Ok(())
}

/// The program, built beside this one.
fn program() -> Result<PathBuf, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = this.with_file_name("why502");
    if program.exists() {
        Ok(program)
    } else {
        Err(format!("{} is not there; cargo build --release -p why502-cli", program.display()))
    }
}

fn log(name: &str) -> Result<Vec<u8>, String> {
    let log = LOGS.iter().find(|log| log.name == name);
    log.map(|log| log.lines(300_000)).ok_or_else(|| format!("there is no log \"{name}\""))
}

/// A healthy log with a failing line now and then.
fn mixed(healthy: &str, failing: &str) -> Result<Vec<u8>, String> {
    let (healthy, failing) = (log(healthy)?, log(failing)?);
    let mut failing = failing.split_inclusive(|byte| *byte == b'\n').cycle();
    let mut mixed = Vec::with_capacity(healthy.len());
    for (at, line) in healthy.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let failed = at % ONE_IN == ONE_IN - 1;
        mixed.extend_from_slice(if failed { failing.next().unwrap_or(line) } else { line });
    }
    Ok(mixed)
}

fn write(file: &Path, lines: &[u8]) -> Result<(), String> {
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(file)?;
        for _ in 0..SIZE.div_ceil(lines.len().max(1)) {
            file.write_all(lines)?;
        }
        Ok(())
    };
    write().map_err(|error| format!("{}: {error}", file.display()))
}

/// The shortest of several runs; the first only warms the file up.
fn quickest(program: &Path, arguments: &[&str], file: &Path) -> Result<Duration, String> {
    let mut quickest = Duration::MAX;
    for _ in 0..=ROUNDS {
        let begun = Instant::now();
        let status = Command::new(program)
            .args(arguments)
            .arg(file)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(format!("{}: {status}", program.display()));
        }
        quickest = quickest.min(begun.elapsed());
    }
    Ok(quickest)
}

/// MiB a second.
fn speed(file: &Path, took: Duration) -> Result<u64, String> {
    let bytes = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
    Ok((bytes as f64 / took.as_secs_f64() / f64::from(1 << 20)) as u64)
}
