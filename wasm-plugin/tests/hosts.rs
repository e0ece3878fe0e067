//! Hosts that offer less than Envoy: the filter takes what is there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{APISIX, ENVOY, Exchange, GOOGLE, KONG, Profile, Run, STRICT, values};

/// An exchange as such a host tells it: those properties that it does not know are hidden.
fn every(profile: Profile) -> Run {
    let mut run = Run::new(profile, r#"{"error_body": {"replace": "all"}}"#);
    let mut grpc = Exchange::answered(200);
    grpc.trailers = Some(vec![(b"grpc-status".to_vec(), b"14".to_vec())]);
    let mut upgrade = Exchange::answered(404);
    upgrade.asks("upgrade", "websocket");
    for exchange in [
        Exchange::answered(200),
        Exchange::answered(404),
        Exchange::answered(502),
        Exchange::refused(),
        Exchange::local(504, 4, "response_timeout"),
        Exchange::default(),
        grpc,
        upgrade,
    ] {
        run.play(&exchange);
    }
    run.tick();
    run.filter.on_done(common::ROOT);
    run.filter.on_delete(common::ROOT);
    run
}

#[test]
fn no_host_makes_it_fail() {
    for profile in [ENVOY, KONG, APISIX, GOOGLE, STRICT] {
        let run = every(profile);
        let table = run.table();
        assert!(
            !table.lines.iter().any(|(_, line)| line.starts_with("why502: ")),
            "{profile:?}: {:?}",
            table.lines
        );
    }
}

#[test]
fn status_and_headers_tell_a_failure_where_there_are_no_attributes() {
    for profile in [KONG, APISIX, GOOGLE] {
        let mut run = Run::new(profile, "{}");
        let (response, _) = run.play(&Exchange::answered(200));
        assert!(values(&response, "x-why502").is_empty());
        let (response, _) = run.play(&Exchange::answered(502));
        assert_eq!(values(&response, "x-why502").len(), 1, "{profile:?}");
        assert_eq!(run.lines().len(), 1, "{profile:?}");
        assert_eq!(run.lines()[0]["status"], 502);
    }
}

#[test]
fn without_a_log_phase_an_exchange_is_counted_when_it_is_gone() {
    let profile = Profile { metrics: true, ..APISIX };
    let mut run = Run::new(profile, "{}");
    run.play(&Exchange::answered(200));
    run.play(&Exchange::answered(502));
    run.filter.on_done(common::ROOT);
    assert_eq!(run.counter("why502_healthy"), 1);
    let failures =
        run.table().counters.iter().filter(|(name, _)| name.contains("failures")).count();
    assert_eq!(failures, 1);
}

#[test]
fn a_host_that_never_has_flags_is_not_asked_for_ever() {
    let mut run = Run::new(KONG, "{}");
    let mut exchange = Exchange::answered(200);
    exchange.cut = true;
    for _ in 0..20 {
        run.play(&exchange);
    }
    assert_eq!(run.calls.get("log"), None);
}

#[test]
fn a_host_without_metrics_is_asked_once() {
    let mut run = Run::new(GOOGLE, "{}");
    for _ in 0..5 {
        run.play(&Exchange::answered(502));
    }
    let asked = run.table().calls.iter().filter(|call| **call == "define_metric").count();
    assert_eq!(asked, 1);
}

#[test]
fn the_variables_of_nginx_tell_more_than_a_status() {
    let told = |status: &str, connect: &str, header: &str| {
        let mut run = Run::new(KONG, "{}");
        let mut exchange = Exchange::answered(502);
        exchange.properties.clear();
        exchange.says("ngx.upstream_addr", "10.0.0.2:80, 10.0.0.3:80");
        exchange.says("ngx.upstream_status", status);
        exchange.says("ngx.upstream_connect_time", connect);
        exchange.says("ngx.upstream_header_time", header);
        run.play(&exchange);
        let line = run.lines().remove(0);
        assert_eq!(line["gateway"], "nginx");
        assert_eq!(line["upstream"]["address"], "10.0.0.3:80");
        line["fault"].as_str().unwrap().to_owned()
    };
    assert_eq!(told("502, 502", "-, 0.001", "-, 0.012"), "upstream-bad-gateway");
    assert_eq!(told("502, 502", "-, -", "-, -"), "connect-failed");
}
