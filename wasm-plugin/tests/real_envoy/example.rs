//! The example's configuration, and the metrics that dashboard, rules and README speak of.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::gateway;

#[test]
fn envoy_takes_the_examples_configuration() {
    let Some((program, module)) = gateway::programs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/envoy/envoy.yaml");
    fs::copy(module, folder.path().join("why502.wasm")).unwrap();
    let output = Command::new(program)
        .args(["--mode", "validate", "--use-dynamic-base-id", "-c"])
        .arg(example)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The names that somebody is told to look for, each with the file that says so.
pub(crate) fn names() -> BTreeSet<(String, &'static str)> {
    let mut names = BTreeSet::new();
    for file in [
        "examples/envoy/manifests/grafana-dashboard.json",
        "examples/envoy/manifests/prometheus-rules.yaml",
        "wasm-plugin/README.md",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let text = fs::read_to_string(path).unwrap();
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let ours = words.filter(|word| word.starts_with("why502_") && !word.ends_with('_'));
        names.extend(ours.map(|word| (word.to_owned(), file)));
    }
    assert!(names.len() > 12, "{names:?}");
    names
}
