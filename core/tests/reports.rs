//! What the reports write: JSON as `schema/` describes it, Proxy-Status as RFC 9651 and RFC 9209
//! have it, and one whole report of each kind to be read as prose.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

mod corpus;

use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use why502::evidence::{Millis, Sign};
use why502::incident::{Progress, Session};
use why502::reader::Reader;
use why502::report::{
    self, CatalogueView, DiagnosisView, ExplanationView, FileView, Look, SummaryView,
    catalogue_json, diagnosis_from_json, diagnosis_html, diagnosis_json, diagnosis_markdown,
    explanation_json,
};
use why502::{Category, Cause, Evidence, Fault, Outcome, Phase, diagnose};

const DIAGNOSIS: &str = include_str!("../schema/why502-1.schema.json");
const SUMMARY: &str = include_str!("../schema/why502-summary-1.schema.json");
const EXPLANATION: &str = include_str!("../schema/why502-explanation-1.schema.json");
const CATALOGUE: &str = include_str!("../schema/why502-catalogue-1.schema.json");

/// A refusal, told by both logs: what the snapshots show.
const REFUSED: &str = "\
2026/09/14 08:11:02 [error] 417#417: *3101 connect() failed (111: Connection refused) while \
connecting to upstream, client: 203.0.113.24, server: shop.example, request: \"GET /cart/81 \
HTTP/1.1\", upstream: \"http://192.0.2.10:8080/cart/81\", host: \"shop.example\"
203.0.113.24 - - [14/Sep/2026:08:11:02 +0000] \"GET /cart/81 HTTP/1.1\" 502 157 \"-\" \
\"shop-app/7.1\" rt=0.001 uct=\"-\" uht=\"-\" urt=\"0.000\" ua=\"192.0.2.10:8080\" us=\"502\"
";

fn validator(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one of draft 2020-12");
    jsonschema::draft202012::new(&schema).unwrap()
}

/// What the schema, or the promise that nothing is null, says against a value.
fn complaints(validator: &Validator, value: &Value) -> Vec<String> {
    let mut complaints: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect();
    nulls(value, "", &mut complaints);
    complaints
}

fn nulls(value: &Value, path: &str, complaints: &mut Vec<String>) {
    match value {
        Value::Null => complaints.push(format!("{path} is null")),
        Value::Array(items) => {
            items.iter().for_each(|item| nulls(item, &format!("{path}/-"), complaints));
        }
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, field)| nulls(field, &format!("{path}/{name}"), complaints)),
        _ => {}
    }
}

fn view_of(input: &[u8]) -> DiagnosisView {
    corpus::single(input, |evidence, diagnosis| {
        DiagnosisView::new(evidence, diagnosis, &["error.log".to_owned()])
    })
}

fn session_over(input: &[u8]) -> (Session, Vec<FileView>, u64) {
    let mut session = Session::new(Millis::from_secs(90));
    let mut reader = Reader::new(0).year(Some(2026));
    let mut rest = input;
    while let Progress::Used(used) | Progress::NotUnderstood(used) =
        session.step(&mut reader, rest, true, &mut |_| {})
    {
        rest = &rest[used..];
    }
    session.flush(&mut |_| {});
    let dialect = reader.speaks().map(|dialect| dialect.name);
    let files = vec![FileView::new("gateway.log".to_owned(), dialect, reader.lines())];
    (session, files, u64::try_from(input.len()).unwrap())
}

fn summary_of(input: &[u8]) -> SummaryView {
    let (session, files, bytes) = session_over(input);
    SummaryView::new(&session, files, bytes)
}

#[test]
fn every_diagnosis_is_as_the_schema_says() {
    let validator = validator(DIAGNOSIS);
    let mut wrong = Vec::new();
    for case in corpus::all() {
        let json = report::diagnosis_json(&view_of(&case.input())).unwrap();
        assert!(!json.contains('\n'), "{}: NDJSON is one line each", case.name);
        let complaints = complaints(&validator, &serde_json::from_str(&json).unwrap());
        wrong.extend(complaints.iter().map(|complaint| format!("{}: {complaint}", case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_summary_is_as_the_schema_says() {
    let validator = validator(SUMMARY);
    let mut wrong = Vec::new();
    let mut whole = Vec::new();
    let mut inputs: Vec<(String, Vec<u8>)> =
        corpus::all().into_iter().map(|case| (case.name.clone(), case.input())).collect();
    for (_, input) in &inputs {
        whole.extend_from_slice(input);
        whole.push(b'\n');
    }
    inputs.push(("all in one".to_owned(), whole));
    inputs.push(("nothing".to_owned(), Vec::new()));
    for (name, input) in inputs {
        let json = report::summary_json(&summary_of(&input)).unwrap();
        let complaints = complaints(&validator, &serde_json::from_str(&json).unwrap());
        wrong.extend(complaints.iter().map(|complaint| format!("{name}: {complaint}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn upstreams_beyond_the_list_are_counted() {
    let validator = validator(SUMMARY);
    let log = |upstreams: usize| -> String {
        let line = |at| REFUSED.lines().next().unwrap().replace("192.0.2.10:8080", &address(at));
        (1..=upstreams)
            .map(|at| format!("{}\n", line(at).replace("*3101", &format!("*{at}"))))
            .collect()
    };
    for (upstreams, others) in [(64, None), (67, Some(3))] {
        let (session, files, bytes) = session_over(log(upstreams).as_bytes());
        let view = SummaryView::new(&session, files, bytes);
        let json: Value = serde_json::from_str(&report::summary_json(&view).unwrap()).unwrap();
        let finding = &json["findings"][0];
        assert_eq!(finding["upstreams"].as_array().unwrap().len(), 64);
        assert_eq!(finding.get("other_upstreams").and_then(Value::as_u64), others);
        assert_eq!(complaints(&validator, &json), Vec::<String>::new());
        let told = others.is_some();
        for (text, words) in [
            (report::summary_text(&view, session.summary(), Look::default()), "and others (3)"),
            (report::summary_markdown(&view), "- others: 3\n"),
            (report::summary_html(&view), "<li>others: 3</li>"),
        ] {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(text.contains(words.trim()), told, "{text}");
        }
    }
}

fn address(at: usize) -> String {
    format!("192.0.2.{at}:8080")
}

#[test]
fn the_schema_refuses_what_breaks_its_promises() {
    let validator = validator(DIAGNOSIS);
    let json = report::diagnosis_json(&view_of(REFUSED.as_bytes())).unwrap();
    let whole: Value = serde_json::from_str(&json).unwrap();
    assert!(validator.is_valid(&whole));
    let broken = |pointer: &str, value: Value| {
        let mut json = whole.clone();
        let place = json.pointer_mut(pointer);
        *place.unwrap_or_else(|| panic!("there is no {pointer}")) = value;
        assert!(!validator.is_valid(&json), "{pointer} may be anything");
    };
    broken("/schema", json!("why502/2"));
    broken("/fault", json!("connect-refuse"));
    broken("/fault", json!("none"));
    broken("/certainty", json!(1.5));
    broken("/status", Value::Null);
    broken("/at", json!("14/Sep/2026:08:11:02 +0000"));
    broken("/causes", json!([]));
    broken("/causes/0/id", json!("mercury"));
    broken("/causes/0/confidence", json!("0.5"));
    broken("/causes/0/because", json!([]));
    broken("/evidence/0/line", json!(0));
    broken("/request", json!({}));
    for (name, _) in whole.as_object().unwrap() {
        let mut json = whole.clone();
        json.as_object_mut().unwrap().remove(name);
        let needed = ["schema", "fault", "phase", "certainty", "category", "causes", "evidence"];
        assert_eq!(validator.is_valid(&json), !needed.contains(&name.as_str()), "{name}");
    }
    let mut more = whole.clone();
    more["later"] = json!({"anything": [1, 2]});
    assert!(validator.is_valid(&more), "a later version may add fields");
}

/// Every field at once, those too that no gateway tells yet.
#[test]
fn the_catalogue_is_as_its_schemas_say() {
    let explanation = validator(EXPLANATION);
    let ids = Fault::ALL.iter().map(|fault| fault.id());
    let ids: BTreeSet<_> = ids.chain(Cause::ALL.iter().map(|cause| cause.id())).collect();
    for page in ids.into_iter().flat_map(ExplanationView::of) {
        let page = serde_json::from_str(&explanation_json(&page).unwrap()).unwrap();
        let wrong = complaints(&explanation, &page);
        assert!(wrong.is_empty(), "{wrong:?} in {page}");
    }
    let list = catalogue_json(&CatalogueView::new()).unwrap();
    let wrong = complaints(&validator(CATALOGUE), &serde_json::from_str(&list).unwrap());
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_diagnosis_is_read_from_its_json_again() {
    for case in corpus::all() {
        let view = view_of(&case.input());
        let json = diagnosis_json(&view).unwrap();
        let again = diagnosis_from_json(json.as_bytes()).unwrap();
        assert_eq!(diagnosis_json(&again).unwrap(), json, "{}", case.name);
        assert_eq!(diagnosis_markdown(&again), diagnosis_markdown(&view), "{}", case.name);
        assert_eq!(diagnosis_html(&again), diagnosis_html(&view), "{}", case.name);
    }
    assert!(diagnosis_from_json(b"{}").is_err());
}

#[test]
fn the_schemas_take_whole_objects() {
    let cause = json!({"id": "upstream-not-running", "category": "overload", "confidence": 0.61,
        "because": ["the connection was refused"]});
    let remedy = json!({"cause": "upstream-not-running", "do": "Start it.", "stopgap": true,
        "setting": {"gateway": "nginx", "name": "proxy_next_upstream", "advice": "Raise it."}});
    let check = json!({"run": "ss -ltn", "tells": ["upstream-not-running", "unknown"]});
    let quote = json!({"source": "error-log", "file": "error.log", "line": 3,
        "quote": "connect() failed", "says": "connect-refused"});
    let diagnosis = json!({
        "schema": "why502/1", "gateway": "nginx", "at": "2026-09-14T08:11:02.123Z", "status": 502,
        "fault": "connect-refused", "phase": "connect", "certainty": 0.98,
        "candidates": [{"id": "none", "certainty": 0.02}], "category": "overload",
        "causes": [cause], "evidence": [quote], "remedies": [remedy], "checks": [check],
        "prevention": ["Watch it."],
        "request": {"method": "GET", "authority": "shop.example", "path": "/", "id": "7f"},
        "upstream": {"address": "192.0.2.11:80", "cluster": "shop",
            "attempts": [{"address": "192.0.2.10:80", "status": 502, "seconds": 0.001}, {}]},
        "timings_ms": {"dns": 1.2, "connect": 0.4, "tls": 3.1, "first_byte": 60000, "total": 60001},
        "proxy_status": "nginx; error=connection_refused"
    });
    assert_eq!(complaints(&validator(DIAGNOSIS), &diagnosis), [""; 0]);
    let mut summary = serde_json::to_value(summary_of(REFUSED.as_bytes())).unwrap();
    summary["incidents"] = json!([{
        "from": "2026-09-14T08:11:02Z", "to": "2026-09-14T08:12:02Z", "exchanges": 90, "failed": 7,
        "faults": ["connect-refused"], "causes": [cause],
        "scope": {"upstreams": ["192.0.2.10:80"], "paths": ["/cart"], "all_upstreams": false},
        "remedies": [remedy], "checks": [check], "prevention": ["Watch it."]
    }]);
    assert_eq!(complaints(&validator(SUMMARY), &summary), [""; 0]);
    summary["incidents"][0]["scope"]["all_upstreams"] = json!("no");
    assert_ne!(complaints(&validator(SUMMARY), &summary), [""; 0]);
}

#[test]
fn the_schemas_know_every_id() {
    fn ids(schema: &str, name: &str) -> Vec<String> {
        let schema: Value = serde_json::from_str(schema).unwrap();
        serde_json::from_value(schema["$defs"][name]["enum"].clone()).unwrap()
    }
    for schema in [DIAGNOSIS, SUMMARY, EXPLANATION, CATALOGUE] {
        let all = |ids: &mut dyn Iterator<Item = &'static str>| ids.collect::<Vec<_>>();
        assert_eq!(ids(schema, "fault"), all(&mut Fault::ALL.iter().map(|id| id.id())));
        assert_eq!(ids(schema, "cause"), all(&mut Cause::ALL.iter().map(|id| id.id())));
    }
    let categories: Vec<_> = Category::ALL.iter().map(|id| id.id()).collect();
    for schema in [DIAGNOSIS, SUMMARY, EXPLANATION] {
        assert_eq!(ids(schema, "category"), categories);
    }
    let phases: Vec<_> = Phase::ALL.iter().map(|id| id.id()).collect();
    for schema in [DIAGNOSIS, EXPLANATION] {
        assert_eq!(ids(schema, "phase"), phases);
    }
}

/// The types that RFC 9209 registers (section 2.3).
const PROXY_ERRORS: &[&str] = &[
    "dns_timeout",
    "dns_error",
    "destination_not_found",
    "destination_unavailable",
    "destination_ip_prohibited",
    "destination_ip_unroutable",
    "connection_refused",
    "connection_terminated",
    "connection_timeout",
    "connection_read_timeout",
    "connection_write_timeout",
    "connection_limit_reached",
    "tls_protocol_error",
    "tls_certificate_error",
    "tls_alert_received",
    "http_request_error",
    "http_request_denied",
    "http_response_incomplete",
    "http_response_header_section_size",
    "http_response_header_size",
    "http_response_body_size",
    "http_response_trailer_section_size",
    "http_response_trailer_size",
    "http_response_transfer_coding",
    "http_response_content_coding",
    "http_response_timeout",
    "http_upgrade_failed",
    "http_protocol_error",
    "proxy_internal_response",
    "proxy_internal_error",
    "proxy_configuration_error",
    "proxy_loop_detected",
];

/// What is wrong with a Proxy-Status member.
fn flaw(member: &str) -> Option<String> {
    let item: sfv::Item = match sfv::Parser::new(member).parse() {
        Ok(item) => item,
        Err(error) => return Some(error.to_string()),
    };
    if item.bare_item.as_token().is_none() {
        return Some("its name is no token".to_owned());
    }
    item.params.iter().find_map(|(key, value)| {
        let right = match key.as_str() {
            "error" => value.as_token().is_some_and(|e| PROXY_ERRORS.contains(&e.as_str())),
            "received-status" => {
                value.as_integer().is_some_and(|status| (100..=999).contains(&i64::from(status)))
            }
            "alert-id" => value.as_integer().is_some_and(|id| (0..=255).contains(&i64::from(id))),
            "next-hop" => value.as_string().is_some() || value.as_token().is_some(),
            _ => false,
        };
        (!right).then(|| format!("{key} is {value:?}"))
    })
}

#[test]
fn proxy_status_is_a_structured_field_for_every_fault() {
    let mut told = BTreeSet::new();
    let mut silent = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut look = |name: &str, evidence: &Evidence<'_>| {
        let diagnosis = diagnose(evidence);
        let fault = diagnosis.fault();
        match report::proxy_status(evidence, &diagnosis) {
            Some(member) => {
                told.insert(fault);
                let flaw = flaw(&member).or_else(|| {
                    let error = fault.proxy_error().is_some() == member.contains("; error=");
                    (!error).then(|| "it tells the wrong error".to_owned())
                });
                wrong.extend(flaw.map(|flaw| format!("{name}: {member}: {flaw}")));
            }
            None => {
                silent.insert(fault);
            }
        }
    };
    for case in corpus::all() {
        corpus::single(&case.input(), |evidence, _| look(&case.name, evidence));
    }
    for sign in Sign::ALL {
        for phase in Phase::ALL {
            for status in [None, Some(502), Some(504)] {
                let builder = Evidence::builder()
                    .sign(*sign, *phase, Some(503))
                    .attempt("caf\u{e9} \"\\ \n:80", status);
                let builder = match status {
                    Some(status) => builder.status(status),
                    None => builder,
                };
                look(sign.id(), &builder.build());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for fault in Fault::ALL {
        // Only ever a candidate: the evidence says either of its children.
        if *fault == Fault::BodyFailed {
            continue;
        }
        let has_none = matches!(fault, Fault::None | Fault::Unknown | Fault::ClientClosed);
        assert_eq!(told.contains(fault), !has_none, "{fault}");
        assert_eq!(silent.contains(fault), has_none, "{fault}");
    }
}

#[test]
fn the_flaws_of_a_proxy_status_are_seen() {
    for (member, sound) in [
        ("nginx; error=connection_refused; next-hop=\"192.0.2.10:8080\"", true),
        ("nginx; received-status=503", true),
        ("nginx; error=connection_refuse", false),
        ("nginx; error=\"connection_refused\"", false),
        ("nginx; error=connection_refused; next-hop=192.0.2.10:8080", false),
        ("nginx; received-status=\"503\"", false),
        ("nginx; received-status=5", false),
        ("nginx, error", false),
    ] {
        assert_eq!(flaw(member).is_none(), sound, "{member}: {:?}", flaw(member));
    }
}

fn snapshot(name: &str, report: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, report));
}

#[test]
fn a_diagnosis_as_text() {
    let view = view_of(REFUSED.as_bytes());
    snapshot("diagnosis.txt", &report::diagnosis_text(&view, Look::default()));
}

#[test]
fn a_diagnosis_as_markdown() {
    snapshot("diagnosis.md", &report::diagnosis_markdown(&view_of(REFUSED.as_bytes())));
}

#[test]
fn a_diagnosis_as_html() {
    snapshot("diagnosis.html", &report::diagnosis_html(&view_of(REFUSED.as_bytes())));
}

#[test]
fn a_diagnosis_as_json() {
    let json = report::diagnosis_json(&view_of(REFUSED.as_bytes())).unwrap();
    let value: Value = serde_json::from_str(&json).unwrap();
    snapshot("diagnosis.json", &serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn a_summary_as_text() {
    let (session, files, bytes) = session_over(REFUSED.as_bytes());
    let view = SummaryView::new(&session, files, bytes);
    let text = report::summary_text(&view, session.summary(), Look::default());
    snapshot("summary.txt", &text);
}

#[test]
fn what_counts_as_failed_is_told_in_the_summary() {
    for case in corpus::all() {
        let view = summary_of(&case.input());
        let (mut failed, mut client, mut denied) = (0, 0, 0);
        for finding in &view.findings {
            match Outcome::of(finding.fault) {
                Outcome::Client => client += finding.count,
                Outcome::Denied => denied += finding.count,
                Outcome::Healthy => panic!("{}: a finding of {}", case.name, finding.fault),
                _ => failed += finding.count,
            }
        }
        let exchanges = (view.exchanges.failed, view.exchanges.client, view.exchanges.denied);
        assert_eq!(exchanges, (failed, client, denied), "{}", case.name);
    }
}
