//! Upstreams that speak HTTP/2.

use serde_json::json;

use super::{Body, Case, Stage, answers, failure, healthy, http2_cluster, late};
use crate::upstream::{self, Behaviour, Ending, http2, response};

const TERMINATED: &str = "connection_terminated";
const PROTOCOL: &str = "http_protocol_error";

pub(super) fn add(stage: &mut Stage) {
    versions(stage);
    resets(stage);
    calls(stage);
}

/// One side speaks HTTP/1, the other HTTP/2.
fn versions(stage: &mut Stage) {
    const MISMATCH: &[&str] = &["response-protocol-mismatch", "response-malformed"];
    stage.case(
        failure("/http2-to-http1", MISMATCH, PROTOCOL),
        http2_cluster(answers(response("400 Bad Request", "", ""), Ending::Fin)),
        json!({}),
    );
    stage.plain(
        failure("/http1-to-http2", MISMATCH, PROTOCOL),
        answers(http2::frame(http2::SETTINGS, 0, 0, b""), Ending::Fin),
    );
    // The server knows no protocol that the gateway names, and goes on in its own.
    let folder = stage.folder.clone();
    let old = json!({"common_tls_context": {"alpn_protocols": ["http/1.1"]}});
    let port = stage.secure("good", old, json!({"manager": {"codec_type": "HTTP1"}}));
    let mut cluster = super::tls(port, &folder, json!({}));
    crate::configuration::merge(
        &mut cluster,
        &json!({"typed_extension_protocol_options":
        http2_cluster(port)["typed_extension_protocol_options"]}),
    );
    stage.case(failure("/no-common-protocol", MISMATCH, PROTOCOL), cluster, json!({}));
}

/// Streams and connections that the upstream ends, with the codes of RFC 9113, section 7.
fn resets(stage: &mut Stage) {
    const RESET: &[&str] = &["response-reset"];
    let reset = |code: u8| http2::frame(http2::RST_STREAM, 0, 1, &[0, 0, 0, code]);
    let mut add = |case: Case, frames: Vec<u8>| {
        let port = upstream::listen(Behaviour::Http2(frames));
        stage.case(case, http2_cluster(port), json!({"timeout": "2s"}));
    };
    for (path, code) in [
        ("/stream-reset", 2),
        ("/stream-refused", 7),
        ("/stream-cancelled", 8),
        ("/stream-calm", 11),
        ("/stream-needs-http1", 13),
    ] {
        add(failure(path, RESET, TERMINATED), reset(code));
    }
    let goaway =
        |last: u8, code: u8| http2::frame(http2::GOAWAY, 0, 0, &[0, 0, 0, last, 0, 0, 0, code]);
    for (path, code) in [("/goaway", 0), ("/goaway-error", 2), ("/goaway-calm", 11)] {
        add(failure(path, RESET, TERMINATED), goaway(0, code));
    }
    // The stream that it was sent on is still worked on.
    let mut whole = http2::frame(http2::HEADERS, http2::END_HEADERS, 1, http2::STATUS_200);
    let end = http2::frame(http2::DATA, http2::END_STREAM, 1, b"whole");
    let case = healthy("/goaway-in-peace").and("its body", |it| it.body == b"whole");
    add(case, [&goaway(1, 0)[..], &whole, &end].concat());
    whole.extend(http2::frame(http2::DATA, 0, 1, b"part"));
    let cut = [&whole[..], &reset(2)].concat();
    add(late("/stream-body-reset", &["body-truncated"], "http_response_incomplete"), cut);
    let cut = [&whole[..], &goaway(0, 2)].concat();
    add(late("/stream-body-goaway", &["body-truncated"], "http_response_incomplete"), cut);
    let without = http2::frame(
        http2::HEADERS,
        http2::END_HEADERS | http2::END_STREAM,
        1,
        &http2::literal("server", "shop"),
    );
    add(failure("/stream-without-status", &["response-malformed"], PROTOCOL), without);
    let invalid = http2::frame(http2::DATA, 0, 1, b"before any headers");
    add(failure("/stream-out-of-order", &["response-malformed"], PROTOCOL), invalid);
}

/// Calls of gRPC.
fn calls(stage: &mut Stage) {
    let grpc = http2::literal("content-type", "application/grpc");
    let head = [http2::STATUS_200, &grpc].concat();
    let frame = |flags: u8, block: &[u8]| {
        http2::frame(http2::HEADERS, http2::END_HEADERS | flags, 1, block)
    };
    let status = |code: &str| http2::literal("grpc-status", code);
    let call = |code: &str| {
        let message = http2::frame(http2::DATA, 0, 1, &[0, 0, 0, 0, 0]);
        [frame(0, &head), message, frame(http2::END_STREAM, &status(code))].concat()
    };
    let only = |code: &str| frame(http2::END_STREAM, &[&head[..], &status(code)].concat());
    let mut add = |case: Case, frames: Vec<u8>| {
        let port = upstream::listen(Behaviour::Http2(frames));
        stage.case(case.curl(GRPC), http2_cluster(port), json!({"timeout": "2s"}));
    };
    let kept: fn(&crate::gateway::Response) -> bool = |it| it.body.starts_with(&[0, 0, 0, 0, 0]);
    add(healthy("/call").and("its message", kept), call("0"));
    // What was asked for is not there: the answer to a question.
    add(healthy("/call-not-found").and("its message", kept), call("5"));
    add(healthy("/call-denied"), only("7"));
    for (path, code, fault, received) in [
        ("/call-unavailable", "14", &["upstream-unavailable"], "received-status=200"),
        ("/call-late", "4", &["upstream-gateway-timeout"], "received-status=200"),
        ("/call-internal", "13", &["upstream-error"], "received-status=200"),
    ] {
        let case = late(path, fault, received)
            .and("its message", |it| it.body.starts_with(&[0, 0, 0, 0, 0]))
            .and("its trailers", |it| String::from_utf8_lossy(&it.body).contains("grpc-status: "));
        add(case, call(code));
    }
    let case = failure("/call-without-message", &["upstream-unavailable"], "received-status=200");
    add(case.body(Body::None), only("14"));
    // Envoy's own answer to a call: headers alone, with the failure in `grpc-status`.
    stage.plain(
        failure("/call-refused", &["connect-refused"], "connection_refused")
            .curl(GRPC)
            .body(Body::None)
            .and("a valid call", |it| {
                it.status == 200
                    && it.header("content-type") == "application/grpc"
                    && it.header("grpc-status") == "14"
            }),
        upstream::closed_port(),
    );
    stage.case(
        failure("/call-slow", &["response-timeout"], "http_response_timeout")
            .curl(GRPC)
            .body(Body::None)
            .and("a valid call", |it| it.header("content-type") == "application/grpc"),
        http2_cluster(upstream::listen(Behaviour::Http2(Vec::new()))),
        json!({"timeout": "0.3s"}),
    );
}

/// Without a message: curl loses a response that comes before its request is whole.
const GRPC: &[&str] = &[
    "--http2-prior-knowledge",
    "-H",
    "content-type: application/grpc",
    "-H",
    "te: trailers",
    "--request",
    "POST",
];
