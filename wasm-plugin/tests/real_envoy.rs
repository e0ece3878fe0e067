//! The module in a real Envoy: faults that upstreams really commit, and what the filter says of each
//! in headers, access log, metrics, log lines and bodies.
//!
//! `WHY502_ENVOY` names the program, else the one in `PATH` is taken; the module is
//! `target/why502.wasm`, from `wasm-plugin/build.sh`. Without them the test passes idly, but in CI.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods, clippy::string_slice, dead_code, reason = "a test may panic")]
#![cfg(unix)]

#[path = "../../examples/cli/tests/real_nginx/certificates.rs"]
mod certificates;
#[path = "real_envoy/check.rs"]
mod check;
#[path = "../../examples/cli/tests/real_nginx/client.rs"]
mod client;
#[path = "real_envoy/comparison.rs"]
mod comparison;
#[path = "real_envoy/configuration.rs"]
mod configuration;
#[path = "real_envoy/cost.rs"]
mod cost;
#[path = "real_envoy/example.rs"]
mod example;
#[path = "real_envoy/gateway.rs"]
mod gateway;
#[path = "real_envoy/h2.rs"]
mod h2;
#[path = "../../examples/cli/tests/real_nginx/resolver.rs"]
mod resolver;
#[path = "real_envoy/sdk.rs"]
mod sdk;
#[path = "real_envoy/soak.rs"]
mod soak;
#[path = "real_envoy/stage/mod.rs"]
mod stage;
#[path = "../../examples/cli/tests/real_nginx/upstream.rs"]
mod upstream;

use std::collections::BTreeMap;

use comparison::Row;
use gateway::{Envoy, Response};
use stage::{Before, Told};

#[test]
fn each_fault_is_told_as_it_was_staged() {
    let Some((program, module)) = gateway::programs() else { return };
    let folder = tempfile::tempdir().unwrap();
    certificates::make(folder.path());
    let stage = stage::build(folder.path());
    let settings = serde_json::json!({
        "error_body": {"replace": "all", "trusted": {"header": "x-debug", "value": "s3cret"}},
        "log": {"per_second": 1000, "burst": 1000},
        "summary": {"seconds": 1},
    });
    let envoy = Envoy::start(&program, &module, folder.path(), &stage.parts, &settings, 1);
    let mut wrong = Vec::new();
    let mut rows = Vec::new();
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    let mut healthy = 0;
    for case in &stage.cases {
        let before = envoy.recorded();
        let response = Response::read(&case.run(&envoy));
        let record = envoy.record(case.path, before);
        let mut errors = case.check(&response, &record);
        if case.told == Told::Failure {
            let line = envoy.line(case.path);
            if line.as_ref().map(|line| &line["fault"]) != Some(&record["fault"]) {
                errors.push(format!("its log line is {line:?}"));
            }
        }
        match case.told {
            Told::Nothing => healthy += 1,
            Told::Unseen => {}
            Told::Failure | Told::Apart => {
                let fault = case.faults.iter().find(|fault| record["fault"] == **fault);
                *expected.entry(fault.unwrap_or(&case.faults[0])).or_default() += 1;
            }
        }
        match case.before {
            Before::Request => healthy += 1,
            Before::Failure(fault) => *expected.entry(fault).or_default() += 1,
            Before::Nothing | Before::Pressure => {}
        }
        if !errors.is_empty() {
            let body = String::from_utf8_lossy(&response.body[..response.body.len().min(200)]);
            let (path, head) = (case.path, &response.head);
            wrong.push(format!("{path}: {errors:#?}\n  {record}\n  {head}\n  {body}"));
        }
        rows.push(Row::of(case, &response, &record));
    }
    let table = comparison::write(&rows);
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        stage.cases.len(),
        wrong.join("\n")
    );
    // Other releases have other words.
    if envoy.ask("/server_info").contains("/1.40.") {
        table.unwrap();
    }

    let metrics = envoy.metrics();
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, labels, value) in &metrics {
        if ["why502_failures", "why502_client", "why502_denied"].contains(&name.as_str()) {
            assert!(
                labels.contains_key("why502_category") && labels.contains_key("why502_cluster")
            );
            let fault = expected.keys().find(|fault| labels["why502_fault"] == **fault);
            *counted.entry(fault.unwrap_or(&"another")).or_default() += value;
        }
    }
    assert_eq!(counted, expected);
    let total = |wanted: &str| -> u64 {
        metrics.iter().filter(|(name, ..)| name == wanted).map(|(.., value)| value).sum()
    };
    assert_eq!(total("why502_healthy"), healthy);
    assert_eq!(total("why502_errors"), 0);
    assert!(total("why502_time_to_failure_ms_count") > 20);
    assert!(envoy.says("why502-filter-summary/1"));
    let text = envoy.ask("/stats/prometheus");
    for (name, file) in example::names() {
        let label = format!("{name}=");
        let there = metrics.iter().any(|(each, ..)| *each == name) || text.contains(&label);
        // A histogram's name stands in front of those of its series.
        let there = there || metrics.iter().any(|(each, ..)| *each == format!("{name}_count"));
        assert!(there, "{file}: there is no {name}");
    }
    // A callback that traps ends the whole module in this worker, and Envoy says so.
    let log = envoy.stderr();
    let trap = log.lines().find(|line| line.contains("failed:") && line.contains("proxy_on_"));
    assert_eq!(trap, None);
}

#[test]
fn a_wrong_configuration_is_refused_with_its_place() {
    let Some((program, module)) = gateway::programs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let settings = serde_json::json!({"metrics": {"max_cluster": 1}});
    let said = gateway::refuse(&program, &module, folder.path(), &settings);
    assert!(
        said.contains(
            "metrics.max_cluster: there is no such field; the nearest is \"max_clusters\""
        ),
        "{said}"
    );
}
