//! What a healthy exchange costs, and that nothing of it changes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{ENVOY, Exchange, Run};
use std::collections::BTreeMap;

fn calls(headers: usize, trailers: usize, log: usize) -> BTreeMap<&'static str, usize> {
    let all = [("headers", headers), ("trailers", trailers), ("log", log)];
    all.into_iter().filter(|(_, count)| *count > 0).collect()
}

#[test]
fn a_healthy_exchange_costs_one_call() {
    let mut run = Run::new(ENVOY, "{}");
    let mut without_body = Exchange::answered(204);
    without_body.body.clear();
    for exchange in
        [Exchange::answered(200), Exchange::answered(304), Exchange::answered(101), without_body]
    {
        let before = exchange.response.clone();
        let (response, body) = run.play(&exchange);
        assert_eq!(run.calls, calls(1, 0, 0));
        assert_eq!(response, before);
        assert_eq!(body, exchange.body.concat());
        assert!(run.table().state.is_empty() && run.table().lines.is_empty());
    }
}

#[test]
fn error_bodies_cost_one_call_more_at_the_request() {
    let mut run = Run::new(ENVOY, r#"{"error_body": {"replace": "local"}}"#);
    run.play(&Exchange::answered(200));
    assert_eq!(run.calls["request"], 1);
    assert_eq!(run.calls.values().sum::<usize>(), 2);
}

#[test]
fn a_healthy_call_of_grpc_costs_no_more() {
    let mut run = Run::new(ENVOY, "{}");
    let mut exchange = Exchange::answered(200);
    exchange.header("content-type", "application/grpc");
    exchange.trailers = Some(vec![(b"grpc-status".to_vec(), b"0".to_vec())]);
    run.play(&exchange);
    assert_eq!(run.calls, calls(1, 1, 0));

    // Nothing but headers.
    exchange.trailers = None;
    exchange.body.clear();
    exchange.header("grpc-status", "0");
    run.play(&exchange);
    assert_eq!(run.calls, calls(1, 0, 0));
}

#[test]
fn what_breaks_off_costs_one_call_more() {
    let mut run = Run::new(ENVOY, "{}");
    let mut exchange = Exchange::answered(200);
    exchange.cut = true;
    run.play(&exchange);
    assert_eq!(run.calls, calls(1, 0, 1));
}

#[test]
fn refusals_of_the_application_cost_a_little_and_count_as_healthy() {
    let mut run = Run::new(ENVOY, "{}");
    for status in [400, 401, 403, 404, 410, 429] {
        let exchange = Exchange::answered(status);
        let (response, _) = run.play(&exchange);
        assert_eq!(run.calls, calls(2, 0, 1), "{status}");
        assert_eq!(response, exchange.response, "{status}");
    }
    run.tick();
    assert_eq!(run.counter("why502_healthy"), 6);
    assert!(run.table().lines.is_empty());
}

#[test]
fn healthy_exchanges_are_counted_in_bulk() {
    let mut run = Run::new(ENVOY, "{}");
    for _ in 0..2500 {
        run.play(&Exchange::answered(200));
    }
    assert_eq!(run.counter("why502_healthy"), 2000);
    run.tick();
    assert_eq!(run.counter("why502_healthy"), 2500);
    run.play(&Exchange::answered(200));
    run.filter.on_done(common::ROOT);
    assert_eq!(run.counter("why502_healthy"), 2501, "nothing is lost at the end");
}
