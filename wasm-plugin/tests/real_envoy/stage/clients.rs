//! What clients do, and in which protocol.

use std::time::Duration;

use serde_json::json;

use super::{Body, Case, Stage, failure, healthy, late, server, well};
use crate::client::Ask;
use crate::h2;
use crate::upstream::{self, Behaviour};

const LEFT: &[&str] = &["client-closed"];

pub(super) fn add(stage: &mut Stage) {
    let slow = upstream::listen(Behaviour::Serves(Duration::from_secs(3)));
    let left = |path| late(path, LEFT, "-").apart();
    let leaves = Some(Duration::from_millis(150));
    stage.plain(left("/client-leaves").asks(Ask { leaves_after: leaves, ..Ask::default() }), slow);
    stage.plain(
        left("/client-leaves-upload").asks(Ask {
            method: "POST",
            announced: Some(1000),
            body: 10,
            leaves_after: leaves,
            ..Ask::default()
        }),
        slow,
    );
    invalid(stage);
    let folder = stage.folder.clone();
    let both = json!({"common_tls_context": {"alpn_protocols": ["h2", "http/1.1"]}});
    let settings = json!({"error_body": {"replace": "all"}, "summary": {"seconds": 1},
        "log": {"per_second": 1000, "burst": 1000}});
    stage.door("secure", settings, json!(null), server(&folder, "good", &both));
    http2(stage, slow);
}

/// Requests that are wrong in themselves. What Envoy refuses at once, filters learn of in the end.
fn invalid(stage: &mut Stage) {
    const ERROR: &str = "http_request_error";
    let mut raw = |case: Case, raw: &'static [u8]| {
        stage.cases.push(case.asks(Ask { raw, ..Ask::default() }));
    };
    let invalid = |path| late(path, &["client-invalid"], ERROR).apart();
    raw(invalid("/no-header"), b"GET / HTTP/1.1\r\nHost: shop.example\r\nno header\r\n\r\n");
    raw(invalid("/nul"), b"GET /nul\0 HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    let long = format!("GET / HTTP/1.1\r\nHost: s\r\nX: {}\r\n\r\n", "x".repeat(300_000));
    raw(invalid("/long"), long.into_bytes().leak());
    raw(invalid("/no-host"), b"GET /no-host HTTP/1.1\r\n\r\n");
}

fn http2(stage: &mut Stage, slow: u16) {
    const CLEAR: &[&str] = &["--http2-prior-knowledge"];
    const OVER_TLS: &[&str] = &["--http2", "-k"];
    let closed = upstream::closed_port();
    let refused = |path| failure(path, &["connect-refused"], "connection_refused");
    let version: fn(&crate::gateway::Response) -> bool = |it| it.head.starts_with("HTTP/2 ");
    stage.plain(healthy("/h2").curl(CLEAR).and("HTTP/2", version), well());
    stage.plain(refused("/h2-refused").curl(CLEAR).and("HTTP/2", version), closed);
    let head = &["--http2-prior-knowledge", "--head"];
    stage.plain(refused("/h2-head").curl(head).body(Body::None), closed);
    let secure = |case: Case| case.curl(OVER_TLS).through("secure");
    stage.plain(secure(healthy("/h2-secure")).and("HTTP/2", version), well());
    stage.plain(secure(refused("/h2-secure-refused")).and("HTTP/2", version), closed);
    let upload = &["--http2-prior-knowledge", "--data-binary", "many words"];
    stage.plain(healthy("/h2-upload").curl(upload), well());
    // The client resets its stream, or closes the connection, while the upstream works.
    let left = |path| late(path, LEFT, "-").apart();
    let cancel = h2::reset(8);
    let request = |path| h2::request(path);
    stage.plain(left("/h2-cancelled").frames(vec![request("/h2-cancelled"), cancel]), slow);
    stage.plain(left("/h2-leaves").frames(vec![request("/h2-leaves")]), slow);
}
