//! Runs the program on the lines of one exchange and compares its verdict.

use std::fs;
use std::process::Command;

use crate::exchanges::Expected;

/// Judges what the program says of these lines; the error tells what was wrong.
pub(crate) fn judge(lines: &str, expected: &Expected) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("haproxy.log"), lines).expect("a writable folder");
    let output = Command::new(env!("CARGO_BIN_EXE_why502"))
        .current_dir(folder.path())
        .args(["--single", "--format", "json", "haproxy.log"])
        .output()
        .expect("the program runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let Ok(verdict) = serde_json::from_str::<serde_json::Value>(&stdout) else {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("  no JSON ({}): {stdout}{stderr}", output.status));
    };
    let fault = verdict["fault"].as_str().unwrap_or("(none printed)");
    if fault != expected.fault && !expected.accept.contains(&fault) {
        return Err(format!("  fault {fault}, expected {expected:?}\n  {verdict}"));
    }
    match verdict["gateway"].as_str() {
        Some("haproxy") => Ok(()),
        other => Err(format!("  gateway {other:?}\n  {verdict}")),
    }
}
