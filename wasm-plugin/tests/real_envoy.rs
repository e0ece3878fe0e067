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
#[path = "../../examples/cli/tests/real_nginx/client.rs"]
mod client;
#[path = "real_envoy/cost.rs"]
mod cost;
#[path = "real_envoy/gateway.rs"]
mod gateway;
#[path = "real_envoy/soak.rs"]
mod soak;
#[path = "real_envoy/stage.rs"]
mod stage;
#[path = "../../examples/cli/tests/real_nginx/upstream.rs"]
mod upstream;

use std::collections::BTreeMap;

use gateway::{Envoy, Response};
use stage::{Body, Case, Told};

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
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    for case in &stage.cases {
        let bytes = case.run(envoy.port);
        let record = envoy.record(case.path);
        let response = Response::read(&bytes);
        let mut errors = case.check(&response, &record);
        let line = envoy.line(case.path);
        if case.told == Told::Failure
            && line.as_ref().map(|l| &l["fault"]) != Some(&record["fault"])
        {
            errors.push(format!("its log line is {line:?}"));
        }
        if case.told != Told::Nothing {
            let fault = case.faults.iter().find(|fault| record["fault"] == **fault);
            *expected.entry(fault.unwrap_or(&case.faults[0])).or_default() += 1;
        }
        if !errors.is_empty() {
            wrong.push(format!("{}: {errors:#?}\n  {record}\n  {}", case.path, response.head));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        stage.cases.len(),
        wrong.join("\n")
    );
    assert!(stage.cases.len() >= 30);

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
    let healthy = stage.cases.iter().filter(|case| case.told == Told::Nothing).count();
    assert_eq!(total("why502_healthy"), u64::try_from(healthy).unwrap());
    assert_eq!(total("why502_errors"), 0);
    assert!(total("why502_time_to_failure_ms_count") > 20);
    assert!(envoy.says("why502-filter-summary/1"));
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

impl Case {
    fn check(&self, response: &Response, record: &serde_json::Value) -> Vec<String> {
        let mut errors = Vec::new();
        let mut check = |what: &str, holds: bool| {
            if !holds {
                errors.push(what.to_owned());
            }
        };
        let fault = record["fault"].as_str().unwrap_or("-");
        let header = response.header("x-why502");
        let in_header = header.split(';').next().unwrap_or("");
        match self.told {
            Told::Nothing => {
                check("nothing is told", fault == "-" && header.is_empty());
                return errors;
            }
            _ => check("the fault", self.faults.contains(&fault)),
        }
        if self.in_headers {
            check("the header names the fault", in_header == fault);
            let member = response.header("proxy-status");
            let error = member
                .strip_prefix("envoy; ")
                .and_then(|rest| rest.split(';').next())
                .unwrap_or("")
                .to_owned();
            check(&format!("Proxy-Status is {}", self.proxy_status), error == self.proxy_status);
            check("no address is disclosed", !member.contains("127.0.0.1"));
        } else {
            check("the response has no header of ours", header.is_empty());
        }
        let body = String::from_utf8_lossy(&response.body).into_owned();
        let length = response.header("content-length");
        match self.body {
            Body::Any => {}
            Body::Problem => {
                check("a problem", response.header("content-type") == "application/problem+json");
                check("its length", length == response.body.len().to_string());
                let problem: Result<serde_json::Value, _> = serde_json::from_str(&body);
                let status = problem.as_ref().map(|problem| problem["status"].clone());
                check("its status", status.ok() == Some(response.status.into()));
                check("no address is in it", !body.contains("127.0.0.1"));
            }
            Body::Page => {
                check("HTML", response.header("content-type") == "text/html; charset=utf-8");
                check("its length", length == response.body.len().to_string());
                check("a page for everybody", !body.contains("127.0.0.1") && !body.contains(fault));
            }
            Body::Diagnosis => {
                let problem: Result<serde_json::Value, _> = serde_json::from_str(&body);
                let named = problem.is_ok_and(|problem| problem["diagnosis"]["fault"] == fault);
                check("the diagnosis", named && body.contains("127.0.0.1"));
            }
            Body::None => check("no body", body.is_empty()),
            Body::Own(own) => check("its own body", body == own),
        }
        errors
    }
}
