//! Error bodies: whose are replaced, by what, and which are left alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{ENVOY, Exchange, Run, values};

const LOCAL: &str = r#"{"error_body": {"replace": "local"}}"#;

fn text(body: Vec<u8>) -> String {
    String::from_utf8(body).unwrap()
}

#[test]
fn the_body_is_of_the_kind_that_was_asked_for() {
    for (accept, kind) in [
        ("*/*", "application/problem+json"),
        ("text/html,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
    ] {
        let mut run = Run::new(ENVOY, LOCAL);
        let mut exchange = Exchange::refused();
        exchange.asks("accept", accept);
        let (response, body) = run.play(&exchange);
        assert_eq!(values(&response, "content-type"), [kind]);
        assert_eq!(values(&response, "content-length"), [body.len().to_string()]);
        assert_eq!(values(&response, "vary"), ["accept"]);
        let body = text(body);
        assert!(body.contains("cannot be reached") && body.contains("Trying again"), "{body}");
        assert!(body.contains("4bf92f35"), "{body}");
        assert!(!body.contains("10.0.0.3") && !body.contains("connect-refused"), "{body}");
    }
}

#[test]
fn a_problem_is_json_of_rfc_9457() {
    let mut run = Run::new(ENVOY, LOCAL);
    let mut exchange = Exchange::refused();
    exchange.asks("x-request-id", "a\"b\u{1}");
    let (_, body) = run.play(&exchange);
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        problem,
        serde_json::json!({
            "type": "about:blank",
            "title": "Service Unavailable",
            "status": 503,
            "detail": "The server that answers here cannot be reached. Trying again in a moment may help.",
            "request_id": "a\"b\u{1}",
        })
    );
}

#[test]
fn trusted_sources_see_the_diagnosis() {
    let settings = r#"{"error_body": {"replace": "local", "trusted":
        {"header": "X-Debug", "value": "s3cret", "cidrs": ["192.0.2.0/24"]}}}"#;
    let of = |accept: &str, client: &str, header: Option<&str>| {
        let mut run = Run::new(ENVOY, settings);
        let mut exchange = Exchange::refused();
        exchange.says("source.address", client);
        exchange.asks("accept", accept);
        if let Some(value) = header {
            exchange.asks("x-debug", value);
        }
        text(run.play(&exchange).1)
    };
    for accept in ["application/json", "text/html", "text/plain"] {
        let shows = |body: &str| body.contains("connect-refused") && body.contains("10.0.0.3");
        assert!(shows(&of(accept, "192.0.2.9:1", None)), "{accept}");
        assert!(shows(&of(accept, "198.51.100.1:1", Some("s3cret"))), "{accept}");
        assert!(!shows(&of(accept, "198.51.100.1:1", Some("s3cre"))), "{accept}");
        assert!(!shows(&of(accept, "198.51.100.1:1", None)), "{accept}");
        // An address that a header claims, as Envoy hands it on.
        assert!(!shows(&of(accept, "192.0.2.9:0", None)), "{accept}");
        assert!(!shows(&of(accept, "[::ffff:192.0.2.9]:0", None)), "{accept}");
    }
    let problem: serde_json::Value = serde_json::from_str(&of("*/*", "192.0.2.9:1", None)).unwrap();
    assert_eq!(problem["diagnosis"]["fault"], "connect-refused");
}

#[test]
fn templates_take_the_place_of_the_built_in_bodies() {
    let settings = r#"{"error_body": {"replace": "all", "templates": {
        "html": "<h1>{title}</h1><i>{request_id}</i>{fault}", "problem": "{\"no\": \"{request_id}\"}"}}}"#;
    let mut run = Run::new(ENVOY, settings);
    let mut exchange = Exchange::answered(502);
    exchange.asks("x-request-id", "<&\">");
    exchange.asks("accept", "text/html");
    let (_, body) = run.play(&exchange);
    assert_eq!(text(body), "<h1>Bad Gateway</h1><i>&lt;&amp;&quot;&gt;</i>");
    exchange.asks("accept", "application/json");
    let (_, body) = run.play(&exchange);
    assert_eq!(text(body), r#"{"no": "<&\">"}"#);
}

#[test]
fn a_large_body_goes_whole_and_what_described_it_too() {
    let mut run = Run::new(ENVOY, r#"{"error_body": {"replace": "all"}}"#);
    let mut exchange = Exchange::answered(503);
    for (name, value) in [
        ("content-length", "200000"),
        ("content-encoding", "gzip"),
        ("etag", "\"1\""),
        ("cache-control", "no-store"),
        ("retry-after", "30"),
    ] {
        exchange.header(name, value);
    }
    exchange.body = vec![vec![b'x'; 100_000], vec![], vec![b'y'; 100_000]];
    let (response, body) = run.play(&exchange);
    assert_eq!(values(&response, "content-length"), [body.len().to_string()]);
    assert!(
        values(&response, "content-encoding").is_empty() && values(&response, "etag").is_empty()
    );
    assert_eq!(values(&response, "cache-control"), ["no-store"]);
    assert!(text(body).contains("Try again in 30 seconds."));
}

#[test]
fn what_may_not_have_a_body_of_ours_keeps_its_own() {
    let mut run = Run::new(ENVOY, r#"{"error_body": {"replace": "all"}}"#);
    let mut head = Exchange::refused();
    head.asks(":method", "HEAD");
    let mut grpc = Exchange::refused();
    grpc.asks("content-type", "application/grpc");
    let mut no_body = Exchange::refused();
    no_body.body.clear();
    let not_modified = Exchange::answered(304);
    for exchange in [head, grpc, no_body, not_modified] {
        let (response, body) = run.play(&exchange);
        assert_eq!(body, exchange.body.concat());
        assert_eq!(values(&response, "content-type"), ["text/plain"]);
        assert_eq!(
            values(&response, "content-length"),
            values(&exchange.response, "content-length")
        );
    }
}

#[test]
fn only_the_proxys_own_bodies_are_local() {
    let mut run = Run::new(ENVOY, LOCAL);
    let exchange = Exchange::answered(502);
    let (_, body) = run.play(&exchange);
    assert_eq!(body, exchange.body.concat());
}

#[test]
fn a_body_without_a_length_gets_none() {
    let mut run = Run::new(ENVOY, r#"{"error_body": {"replace": "all"}}"#);
    let (response, body) = run.play(&Exchange::answered(503));
    assert!(values(&response, "content-length").is_empty());
    assert!(text(body).contains("busy"));
}

#[test]
fn what_may_have_been_done_is_not_tried_again_lightly() {
    let mut run = Run::new(ENVOY, LOCAL);
    let mut exchange =
        Exchange::local(503, 64, "upstream_reset_before_response_started{connection_termination}");
    exchange.asks(":method", "POST");
    let (_, body) = run.play(&exchange);
    assert!(text(body).contains("It may have been carried out: look before you try again."));
}
