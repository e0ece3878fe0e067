//! Facts as JSON: the schema and the reader take the same, and what is wrong is named.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

use jsonschema::Validator;
use serde_json::{Value, json};
use std::time::Duration;
use why502::builder::{Facts, FactsError};
use why502::evidence::Sign;
use why502::{Evidence, Fault, Gateway, Phase, diagnose};

const SCHEMA: &str = include_str!("../schema/evidence.schema.json");

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one of draft 2020-12");
    jsonschema::draft202012::new(&schema).unwrap()
}

fn read(facts: &Value) -> Result<Facts, FactsError> {
    facts.to_string().parse()
}

/// Everything that the schema has a name for.
fn whole() -> Value {
    json!({
        "gateway": "nginx",
        "at": "2026-11-22T12:03:04.123Z",
        "status": 502,
        "request": {"method": "GET", "authority": "shop.example", "path": "/cart", "id": "7",
                    "upgrade": false},
        "upstream": {"address": "10.0.0.3:8080", "cluster": "cart", "protocol": "https",
                     "reused": true, "received_bytes": 0,
                     "attempts": [{"address": "10.0.0.2:8080", "status": 502},
                                  {"address": "10.0.0.3:8080"}]},
        "timings_ms": {"dns": 1.5, "connect": 0, "tls": 3.25, "first_byte": 10, "total": 60001},
        "limits_ms": {"connect": 1000, "response": 60000, "send": 60000, "idle": 75000},
        "header_limit_bytes": 4096,
        "headers": {"Server": "nginx", "via": ["1.1 a", "1.1 b"], "Retry-After": "120"},
        "body": "<html>",
        "response": "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "error": {"name": "TypeError", "message": "fetch failed", "code": 20, "errno": -111,
                  "syscall": "connect", "address": "10.0.0.3", "port": 8080, "hostname": "cart",
                  "stack": "TypeError", "config": {"url": "x"},
                  "cause": {"code": "ECONNREFUSED", "cause": "words"},
                  "errors": [{"code": "ECONNREFUSED"}]},
        "signs": [{"sign": "reset", "phase": "response-headers", "number": 104},
                  {"sign": "none-healthy"}, {"errno": 111, "phase": "connect"},
                  {"tls_alert": 112}, {"tls_verify_code": 10}]
    })
}

#[test]
fn the_schema_and_the_reader_take_the_same() {
    let validator = validator();
    for facts in [whole(), json!({}), json!({"error": "socket hang up"}), json!({"status": 0})] {
        let wrong: Vec<String> = validator.iter_errors(&facts).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{facts}: {wrong:?}");
        read(&facts).unwrap_or_else(|error| panic!("{facts}: {error}"));
    }
    for (facts, path) in [
        (json!({"colour": 1}), "colour"),
        (json!({"status": "502"}), "status"),
        (json!({"status": 1000}), "status"),
        (json!({"gateway": "squid"}), "gateway"),
        (json!({"at": "yesterday, around noon"}), "at"),
        (json!({"request": {"verb": "GET"}}), "request.verb"),
        (
            json!({"upstream": {"attempts": [{"address": "a"}, {"status": 1}]}}),
            "upstream.attempts[1]",
        ),
        (json!({"upstream": {"protocol": "gopher"}}), "upstream.protocol"),
        (json!({"timings_ms": {"total": -1}}), "timings_ms.total"),
        (json!({"timings_ms": {"total": "1s"}}), "timings_ms.total"),
        (json!({"header_limit_bytes": 1.5}), "header_limit_bytes"),
        (json!({"headers": {"server": 1}}), "headers.server"),
        (json!({"headers": {"server": [1]}}), "headers.server[0]"),
        (json!({"error": 7}), "error"),
        (json!({"signs": [{"sign": "broken"}]}), "signs[0].sign"),
        (json!({"signs": [{"sign": "reset", "phase": "middle"}]}), "signs[0].phase"),
        (json!({"signs": [{"errno": 111}]}), "signs[0]"),
        (json!({"signs": [{"tls_alert": 112, "sign": "reset"}]}), "signs[0]"),
        (json!({"signs": [{}]}), "signs[0]"),
        (json!([]), "."),
        (json!({"request": ["GET"]}), "request"),
        (json!({"signs": [["reset"]]}), "signs[0]"),
    ] {
        // That a time is one is beyond the schema.
        let refused = !validator.is_valid(&facts) || path == "at";
        assert!(refused, "the schema takes {facts}");
        match read(&facts) {
            Err(FactsError::Field { path: found, .. }) => assert_eq!(found, path, "{facts}"),
            other => panic!("{facts}: {other:?}"),
        }
    }
}

#[test]
fn the_schema_knows_every_name() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let names = |value: &Value| -> Vec<String> { serde_json::from_value(value.clone()).unwrap() };
    let sign = &schema["$defs"]["sign"]["oneOf"][0]["properties"];
    let signs: Vec<_> = Sign::ALL.iter().map(|sign| sign.id()).collect();
    assert_eq!(names(&sign["sign"]["enum"]), signs);
    let phases: Vec<_> = Phase::ALL.iter().map(|phase| phase.id()).collect();
    assert_eq!(names(&sign["phase"]["enum"]), phases);
    let gateways: Vec<_> = Gateway::ALL.iter().map(|gateway| gateway.id()).collect();
    assert_eq!(names(&schema["properties"]["gateway"]["enum"]), gateways);
}

#[test]
fn facts_become_the_evidence_that_a_builder_makes() {
    let facts = json!({
        "gateway": "nginx", "status": 504,
        "request": {"method": "GET", "authority": "shop.example", "path": "/cart"},
        "upstream": {"address": "10.0.0.3:8080", "reused": false},
        "timings_ms": {"total": 60001.5}, "limits_ms": {"response": 60000},
        "signs": [{"sign": "timed-out", "phase": "response-headers"}]
    });
    let facts = read(&facts).unwrap();
    let built = Evidence::builder()
        .gateway(Gateway::Nginx)
        .status(504)
        .request("GET", "/cart")
        .authority("shop.example")
        .upstream("10.0.0.3:8080")
        .reused_connection(false)
        .total(Duration::from_micros(60_001_500))
        .response_limit(Duration::from_secs(60))
        .timed_out(Phase::ResponseHeaders)
        .build();
    assert_eq!(facts.evidence(), built);
}

#[test]
fn each_way_to_tell_of_a_fault_tells_it() {
    for (facts, fault) in [
        (json!({}), Fault::Unknown),
        (json!({"status": 200}), Fault::None),
        (json!({"status": 404, "headers": {"server": "nginx"}}), Fault::None),
        (json!({"status": 502}), Fault::Unknown),
        (json!({"error": "connect ECONNREFUSED 10.0.0.3:80"}), Fault::ConnectRefused),
        (json!({"error": {"code": "ECONNREFUSED"}}), Fault::ConnectRefused),
        (json!({"error": {"message": "Failed to fetch"}}), Fault::Unknown),
        (json!({"signs": [{"errno": 113, "phase": "connect"}]}), Fault::ConnectUnreachable),
        (json!({"signs": [{"tls_alert": 116}]}), Fault::TlsClientCertificateRejected),
        (json!({"signs": [{"tls_verify_code": 10}]}), Fault::TlsCertificateExpired),
        (json!({"signs": [{"sign": "none-healthy"}]}), Fault::NoHealthyUpstream),
        (json!({"response": "SSH-2.0-x\r\n"}), Fault::ResponseMalformed),
        (json!({"status": 500, "body": "connect ECONNREFUSED 127.0.0.1:5432"}), Fault::Unknown),
        (
            json!({"status": 504, "body": "Error occurred while trying to proxy: a (ECONNREFUSED)"}),
            Fault::ConnectRefused,
        ),
        (
            json!({"status": 502, "headers": {"Proxy-Status": "a; error=dns_timeout"}}),
            Fault::DnsTimeout,
        ),
        (
            json!({"status": 503, "body": "upstream connect error or disconnect/reset before headers. \
                 reset reason: connection timeout"}),
            Fault::ConnectTimeout,
        ),
        (
            json!({"status": 200, "upstream": {"attempts": [{"address": "a:1", "status": 502},
                 {"address": "b:1", "status": 200}]}}),
            Fault::None,
        ),
    ] {
        let found = read(&facts).unwrap();
        assert_eq!(diagnose(&found.evidence()).fault(), fault, "{facts}");
    }
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let error = "{\"status\":\n 50".parse::<Facts>().unwrap_err();
    assert!(matches!(error, FactsError::NotJson { line: 2, .. }), "{error}");
    let error = "{} {}".parse::<Facts>().unwrap_err();
    assert!(matches!(error, FactsError::NotJson { line: 1, .. }), "{error}");
    let error = r#"{"signs":[{"sign":"timedout"}]}"#.parse::<Facts>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "signs[0].sign: expected a sign, such as timed-out, found \"timedout\" (line 1, column 19)"
    );
    for (facts, said) in [
        (
            "{\n \"upstream\": {\"attempts\": [{\"address\": \"a\"},\n  {\"address\": 7}]}}",
            "upstream.attempts[1].address: expected a text, found 7 (line 3, column 15)",
        ),
        (
            r#"{"upstream":{"attempts":[{"status":1}]}}"#,
            "upstream.attempts[0]: missing field `address` (line 1, column 26)",
        ),
        (
            r#"{"limits_ms":{"sent":1}}"#,
            "limits_ms.sent: unknown field `sent`, expected one of `connect`, `response`, `send`, \
             `idle` (line 1, column 22)",
        ),
        (r#"{"request": null}"#, "request: expected an object, found null (line 1, column 1)"),
        (" []", ".: expected an object, found an array (line 1, column 2)"),
    ] {
        assert_eq!(facts.parse::<Facts>().unwrap_err().to_string(), said);
    }
}
