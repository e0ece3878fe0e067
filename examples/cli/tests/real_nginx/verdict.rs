//! Runs the program on the lines of one exchange and compares its verdict.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::exchanges::Expected;

/// Judges what the program says of these lines; the error tells what was wrong.
pub(crate) fn judge(access: &str, error: &str, expected: Expected) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("access.log"), access).expect("a writable folder");
    fs::write(folder.path().join("error.log"), error).expect("a writable folder");
    let output = Command::new(env!("CARGO_BIN_EXE_why502"))
        .current_dir(folder.path())
        .args(["--single", "--format", "json", "access.log", "error.log"])
        .output()
        .expect("the program runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let Ok(verdict) = serde_json::from_str::<Value>(&stdout) else {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("  no JSON ({}): {stdout}{stderr}", output.status));
    };
    let fault = verdict["fault"].as_str().unwrap_or("(none printed)");
    let Expected { fault: right, accept, cause, accept_causes } = expected;
    if fault != right && !accept.contains(&fault) {
        return Err(format!("  fault {fault}, expected {right} or {accept:?}\n  {verdict}"));
    }
    let status = output.status.code();
    let wanted = if is_failure(fault) { 1 } else { 0 };
    if status != Some(wanted) {
        return Err(format!("  exit status {status:?} with fault {fault}, expected {wanted}"));
    }
    let first = verdict["causes"][0]["id"].as_str().unwrap_or("(none printed)");
    match cause {
        Some(cause) if first != cause && !accept_causes.contains(&first) => {
            Err(format!("  cause {first}, expected {cause} or {accept_causes:?}\n  {verdict}"))
        }
        _ => Ok(()),
    }
}

/// Whether the exit status counts this fault as a failure of the gateway or behind it.
fn is_failure(fault: &str) -> bool {
    !matches!(fault, "none" | "client-closed" | "client-invalid" | "gateway-denied")
}
