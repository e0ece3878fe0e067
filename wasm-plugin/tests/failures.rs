//! What is said of a failure, and where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{ENVOY, Exchange, Run, values};
use why502_filter::host::Level;

#[test]
fn a_failure_is_told_in_every_way() {
    let mut run = Run::new(ENVOY, "{}");
    run.play(&Exchange::answered(200));
    let (response, body) = run.play(&Exchange::refused());

    assert_eq!(values(&response, "proxy-status"), ["envoy; error=connection_refused"]);
    let fault = values(&response, "x-why502");
    assert_eq!(fault.len(), 1);
    assert!(fault[0].starts_with("connect-refused; cause=upstream-not-running; certainty=0.9"));
    assert_eq!(body, Exchange::refused().body.concat(), "bodies stay by default");

    let state = run.table().state.clone();
    assert_eq!(state["why502.fault"], "connect-refused");
    assert_eq!(state["why502.cause"], "upstream-not-running");
    assert_eq!(state["why502.category"], "overload");
    assert_eq!(
        state["why502.proxy_status"],
        "envoy; error=connection_refused; next-hop=\"10.0.0.3:8080\""
    );

    let series = "why502_failures.fault.connect-refused.category.overload.cluster.cart";
    run.tick();
    assert_eq!(run.counter(series), 1);
    assert_eq!(run.counter("why502_healthy"), 1);
    assert_eq!(run.counter("why502_errors"), 0);
    assert_eq!(run.table().histograms["why502_time_to_failure_ms"], [12]);

    let lines = run.lines();
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../core/schema/why502-1.schema.json")).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(line)
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{line:#}");
    assert_eq!(line["fault"], "connect-refused");
    assert_eq!(line["at"], "2026-11-18T11:06:40Z");
    assert_eq!(line["status"], 503);
    assert_eq!(line["request"]["path"], "/cart?id=7");
    assert_eq!(line["upstream"]["cluster"], "cart");
    assert_eq!(line["timings_ms"]["total"], 12.0);
    assert!(line.get("remedies").is_none() && line.get("checks").is_none());
}

#[test]
fn each_way_can_be_switched_off() {
    let off = r#"{"response_headers": {"proxy_status": false, "fault": false},
        "filter_state": {"enabled": false}, "metrics": {"enabled": false},
        "log": {"enabled": false}, "summary": {"seconds": 0}}"#;
    let mut run = Run::new(ENVOY, off);
    let exchange = Exchange::refused();
    let (response, body) = run.play(&exchange);
    assert_eq!((response, body), (exchange.response.clone(), exchange.body.concat()));
    run.table().now += 3600 * 1_000_000_000;
    run.tick();
    let table = run.table();
    assert!(table.state.is_empty() && table.names.is_empty() && table.lines.is_empty());
}

#[test]
fn a_member_stands_behind_that_of_the_upstream() {
    let mut run = Run::new(
        ENVOY,
        r#"{"response_headers": {"proxy_status_name": "edge 1", "fault": "x-fault"}}"#,
    );
    let mut exchange = Exchange::answered(502);
    exchange.header("proxy-status", "inner; error=connection_refused");
    let (response, _) = run.play(&exchange);
    assert_eq!(
        values(&response, "proxy-status"),
        ["inner; error=connection_refused", "\"edge 1\"; received-status=502"]
    );
    assert!(values(&response, "x-fault")[0].starts_with("upstream-bad-gateway; "));
}

#[test]
fn upstreams_are_disclosed_only_where_that_is_asked_for() {
    let mut run = Run::new(ENVOY, r#"{"response_headers": {"disclose_upstream": true}}"#);
    let (response, _) = run.play(&Exchange::refused());
    assert_eq!(
        values(&response, "proxy-status"),
        ["envoy; error=connection_refused; next-hop=\"10.0.0.3:8080\""]
    );
}

#[test]
fn a_body_that_is_cut_is_told_at_the_log_phase() {
    let mut run = Run::new(ENVOY, "{}");
    let mut exchange = Exchange::answered(200);
    exchange.cut = true;
    exchange.at_end.insert("response.flags".into(), 64_i64.to_le_bytes().to_vec());
    exchange.at_end.insert(
        "response.code_details".into(),
        b"upstream_reset_after_response_started{connection_termination}".to_vec(),
    );
    run.play(&exchange);
    assert_eq!(run.table().state["why502.fault"], "body-truncated");
    let lines = run.lines();
    assert_eq!((&lines[0]["fault"], &lines[0]["status"]), (&"body-truncated".into(), &200.into()));
}

#[test]
fn what_a_client_does_is_counted_apart() {
    let mut run = Run::new(ENVOY, "{}");
    let mut gone = Exchange::answered(200);
    gone.cut = true;
    gone.at_end.insert("response.flags".into(), (1_i64 << 14).to_le_bytes().to_vec());
    gone.at_end.insert("response.code_details".into(), b"downstream_remote_disconnect".to_vec());
    run.play(&gone);
    let denied = Exchange::local(403, 0, "rbac_access_denied_matched_policy[none]");
    run.play(&denied);
    assert!(run.table().lines.is_empty());
    run.tick();
    let names = run.table().counters.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "why502_client.fault.client-closed.category.client.cluster.cart",
            "why502_denied.fault.gateway-denied.category.gateway.cluster.cart",
        ]
    );
}

#[test]
fn calls_of_grpc_fail_with_status_200() {
    let mut run = Run::new(ENVOY, r#"{"error_body": {"replace": "all"}}"#);
    // Envoy's own answer: headers and nothing else.
    let mut local = Exchange::refused();
    local.response.retain(|(name, _)| name != b":status" && name != b"content-type");
    for (name, value) in
        [(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "14")]
    {
        local.header(name, value);
    }
    local.has("response.code", 200);
    local.body.clear();
    let (response, _) = run.play(&local);
    assert!(values(&response, "x-why502")[0].starts_with("connect-refused;"));
    assert_eq!(values(&response, "content-type"), ["application/grpc"]);

    // The application's, in trailers.
    let mut upstream = Exchange::answered(200);
    upstream.trailers = Some(vec![(b"grpc-status".to_vec(), b"14".to_vec())]);
    let before = upstream.body.concat();
    let (_, body) = run.play(&upstream);
    assert_eq!(body, before);
    assert_eq!(run.table().state["why502.fault"], "upstream-unavailable");
    assert_eq!(run.lines()[1]["fault"], "upstream-unavailable");
    assert_eq!(run.lines()[1]["status"], 200);
}

#[test]
fn clusters_have_series_up_to_a_limit() {
    let mut run = Run::new(ENVOY, r#"{"metrics": {"max_clusters": 2}}"#);
    for cluster in ["a", "b", "c", "d", "a", "outbound|80||x.y.svc.cluster.local", "", "\u{fc}"] {
        let mut exchange = Exchange::refused();
        exchange.says("xds.cluster_name", cluster);
        run.play(&exchange);
    }
    run.tick();
    let count = |cluster: &str| {
        let name = "why502_failures.fault.connect-refused.category.overload.cluster.";
        run.counter(&format!("{name}{cluster}"))
    };
    assert_eq!((count("a"), count("b"), count("other"), count("none")), (2, 1, 4, 1));
}

#[test]
fn lines_are_limited_and_the_rest_counted() {
    let mut run = Run::new(ENVOY, r#"{"log": {"per_second": 1, "burst": 2}}"#);
    for _ in 0..10 {
        run.play(&Exchange::refused());
    }
    assert_eq!(run.lines().len(), 2);
    run.table().now += 1_000_000_000;
    run.tick();
    assert_eq!(run.counter("why502_log_suppressed"), 8);
    run.play(&Exchange::refused());
    assert_eq!(run.lines()[2]["suppressed"], 8);
}

#[test]
fn what_failed_is_summed_up() {
    let mut run = Run::new(ENVOY, r#"{"log": {"enabled": false}, "summary": {"seconds": 30}}"#);
    for _ in 0..3 {
        run.play(&Exchange::refused());
        run.play(&Exchange::answered(200));
    }
    run.play(&Exchange::answered(503));
    run.tick();
    assert!(run.lines().is_empty());
    run.table().now += 30 * 1_000_000_000;
    run.tick();
    let lines = run.lines();
    assert_eq!(lines.len(), 1);
    let (line, first) = (&lines[0], &lines[0]["causes"][0]);
    assert_eq!(line["schema"], "why502-filter-summary/1");
    assert_eq!((line["seconds"].clone(), line["healthy"].clone()), (30.into(), 3.into()));
    assert_eq!(line["failed"], 4);
    assert_eq!((&first["fault"], &first["count"]), (&"connect-refused".into(), &3.into()));
    // Nothing failed since: nothing is said.
    run.table().now += 60 * 1_000_000_000;
    run.tick();
    assert_eq!(run.lines().len(), 1);
}

#[test]
fn a_wrong_configuration_is_refused_with_its_place() {
    let mut run = Run::new(ENVOY, "{}");
    run.table().configuration = r#"{"log": {"burts": 1}}"#.into();
    assert!(!run.filter.on_configure(common::ROOT));
    let (level, line) = run.table().lines[0].clone();
    assert_eq!(level, Level::Error);
    assert_eq!(
        line,
        "why502: configuration: log.burts: there is no such field; the nearest is \"burst\""
    );
}

#[test]
fn a_configuration_that_is_taken_away_loses_no_count() {
    let mut run = Run::new(ENVOY, "{}");
    run.play(&Exchange::refused());
    run.play(&Exchange::answered(200));
    run.filter.on_context_create(500, common::ROOT);
    run.filter.on_response_headers(500, true);
    let series = "why502_failures.fault.connect-refused.category.overload.cluster.cart";
    assert_eq!((run.counter("why502_healthy"), run.counter(series)), (0, 0));
    run.filter.on_done(common::ROOT);
    run.filter.on_delete(common::ROOT);
    assert_eq!((run.counter("why502_healthy"), run.counter(series)), (1, 1));
    run.filter.on_log(500);
    run.filter.on_delete(500);
    assert_eq!(run.counter("why502_healthy"), 2);
}

#[test]
fn an_upgrade_that_is_refused_is_told_at_the_log_phase() {
    let mut run = Run::new(ENVOY, "{}");
    let mut exchange = Exchange::answered(404);
    exchange.asks("upgrade", "websocket");
    run.play(&exchange);
    assert_eq!(run.table().state["why502.fault"], "response-upgrade-failed");
}
