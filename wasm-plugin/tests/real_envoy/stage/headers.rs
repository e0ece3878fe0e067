//! What of a response is ours to change, and what is not.

use serde_json::json;

use super::{Body, Stage, answers, cluster, cluster_with, failure, healthy};
use crate::client::Ask;
use crate::gateway::Response;
use crate::upstream::{self, Ending, response};

const REFUSED: &str = "connection_refused";
const FAULT: &[&str] = &["connect-refused"];
const BUSY: &[&str] = &["upstream-unavailable"];
const RECEIVED: &str = "received-status=503";

pub(super) fn add(stage: &mut Stage) {
    kinds(stage);
    trusted(stage);
    without_body(stage);
    replaced(stage);
    mapped(stage);
    odd(stage);
}

/// The kind of body that the client likes best.
fn kinds(stage: &mut Stage) {
    let closed = upstream::closed_port();
    for (path, accept, body) in [
        ("/likes-html", "Accept: text/html\r\n", Body::Page),
        ("/likes-text", "Accept: text/plain, text/html;q=0.5\r\n", Body::Text),
        ("/likes-problems", "Accept: text/html;q=0.1, application/json\r\n", Body::Problem),
    ] {
        let case = failure(path, FAULT, REFUSED).with_headers(accept).body(body);
        stage.plain(case, closed);
    }
}

/// Who gets the diagnosis in the body.
fn trusted(stage: &mut Stage) {
    let closed = upstream::closed_port();
    let mut add = |path, door, headers, body| {
        let case = failure(path, FAULT, REFUSED).with_headers(headers).body(body).through(door);
        stage.plain(case, closed);
    };
    add("/trusted", "tested", "X-Debug: s3cret\r\n", Body::Diagnosis);
    add("/not-the-secret", "tested", "X-Debug: s3cre\r\n", Body::Problem);
    add("/near", "near", "", Body::Diagnosis);
    add("/far", "far", "", Body::Problem);
    // An address that the client itself claims to have.
    add("/claims-far", "far", "X-Forwarded-For: 203.0.113.9\r\n", Body::Problem);
    add("/claims-far-as-edge", "edge", "X-Forwarded-For: 203.0.113.9\r\n", Body::Problem);
    add("/claims-near", "near", "X-Forwarded-For: 127.0.0.1\r\n", Body::Problem);
    let settings = |network: &str| {
        json!({"error_body": {"replace": "local", "trusted": {"cidrs": [network]}},
               "summary": {"seconds": 1}, "log": {"per_second": 1000, "burst": 1000}})
    };
    stage.door("near", settings("127.0.0.0/8"), json!(null), json!(null));
    stage.door("far", settings("203.0.113.0/24"), json!(null), json!(null));
    let edge = json!({"use_remote_address": true});
    stage.door("edge", settings("203.0.113.0/24"), edge, json!(null));
    // Through this door only Envoy's own bodies are replaced.
    let busy = answers(response("503 Busy", "", "its own words\n"), Ending::Fin);
    let own = failure("/own-words", BUSY, RECEIVED).through("near");
    stage.plain(own.body(Body::Own("its own words\n")), busy);
}

/// Responses that have no body keep having none.
fn without_body(stage: &mut Stage) {
    let head = || Ask { method: "HEAD", ..Ask::default() };
    stage.plain(
        failure("/head", FAULT, REFUSED).asks(head()).body(Body::None),
        upstream::closed_port(),
    );
    let busy = b"HTTP/1.1 503 Busy\r\nContent-Length: 4000\r\nContent-Type: text/x-own\r\n\r\n";
    stage.plain(
        failure("/head-answered", BUSY, RECEIVED)
            .asks(head())
            .body(Body::None)
            .and("what GET would give", |it| {
                it.header("content-length") == "4000" && it.header("content-type") == "text/x-own"
            }),
        answers(busy.to_vec(), Ending::Fin),
    );
    stage.plain(
        healthy("/head-well")
            .asks(head())
            .and("its length", |it| it.body.is_empty() && it.header("content-length") == "6"),
        answers(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n".to_vec(), Ending::Fin),
    );
    let none: fn(&Response) -> bool = |it| {
        let added = ["content-type", "vary", "proxy-status", "x-why502"];
        it.body.is_empty() && added.iter().all(|name| it.header(name).is_empty())
    };
    stage.plain(
        healthy("/no-content").and("nothing added", none),
        answers(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec(), Ending::Fin),
    );
    stage.plain(
        healthy("/not-modified")
            .with_headers("If-None-Match: \"v1\"\r\n")
            .and("nothing added", none)
            .and("its validators", |it| {
                it.header("etag") == "\"v1\"" && it.header("cache-control") == "max-age=60"
            }),
        answers(
            b"HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nCache-Control: max-age=60\r\n\r\n"
                .to_vec(),
            Ending::Fin,
        ),
    );
    stage.plain(
        failure("/no-body", BUSY, RECEIVED).body(Body::None),
        answers(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".to_vec(), Ending::Fin),
    );
}

/// A body of ours takes the place of another.
fn replaced(stage: &mut Stage) {
    let described = "ETag: \"v1\"\r\nContent-Encoding: gzip\r\nCache-Control: no-store\r\n\
                     Retry-After: 30\r\nSet-Cookie: a=1\r\nContent-Language: tlh\r\n";
    stage.plain(
        failure("/described", BUSY, RECEIVED)
            .and("nothing of the old body", |it| {
                let old = ["etag", "content-encoding", "content-language"];
                old.iter().all(|name| it.header(name).is_empty())
            })
            .and("the rest as it was", |it| {
                it.header("cache-control") == "no-store"
                    && it.header("retry-after") == "30"
                    && it.header("set-cookie") == "a=1"
            })
            .and("it depends on Accept", |it| it.header("vary") == "accept")
            .and("the time is told", |it| {
                String::from_utf8_lossy(&it.body).contains("Try again in 30 seconds.")
            }),
        answers(response("503 Busy", described, &"not really gzip".repeat(900)), Ending::Fin),
    );
    let chunks = b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n";
    stage.plain(
        failure("/in-chunks", BUSY, RECEIVED).body(Body::Any).and("ours, whole", |it| {
            let problem = serde_json::from_slice::<serde_json::Value>(&it.body);
            problem.is_ok_and(|problem| problem["status"] == 503)
        }),
        answers(chunks.to_vec(), Ending::Fin),
    );
    // A member of ours stands behind the one that came.
    stage.plain(
        failure("/told-by-upstream", &["upstream-bad-gateway"], "received-status=502").and(
            "behind the upstream's",
            |it| {
                let field = it.header("proxy-status");
                let members: Vec<_> = field.split(',').map(str::trim).collect();
                members
                    == ["origin.example; error=connection_refused", "envoy; received-status=502"]
            },
        ),
        answers(
            response(
                "502 Bad Gateway",
                "Proxy-Status: origin.example; error=connection_refused\r\n",
                "sorry\n",
            ),
            Ending::Fin,
        ),
    );
}

/// Envoy's own answers, where the configuration words them otherwise.
fn mapped(stage: &mut Stage) {
    let mapper = json!({"local_reply_config": {
        "mappers": [{"filter": {"response_flag_filter": {"flags": ["UF"]}}, "status_code": 500}],
        "body_format": {"text_format_source": {"inline_string": "%RESPONSE_CODE% own words\n"}}}});
    let settings = |replace: &str| {
        json!({"error_body": {"replace": replace}, "summary": {"seconds": 1},
            "log": {"per_second": 1000, "burst": 1000}})
    };
    stage.door("mapped", settings("local"), mapper.clone(), json!(null));
    stage.door("mapped-kept", settings("nothing"), mapper, json!(null));
    let closed = upstream::closed_port();
    let refused = |path| {
        failure(path, FAULT, REFUSED).and("the status that it was given", |it| it.status == 500)
    };
    stage.plain(refused("/mapped").through("mapped"), closed);
    let kept = refused("/mapped-kept").body(Body::Own("500 own words\n"));
    stage.plain(kept.through("mapped-kept"), closed);
}

/// Bytes that few expect, which must not disturb anything.
fn odd(stage: &mut Stage) {
    let closed = upstream::closed_port();
    let mut raw = |path: &'static str, request: Vec<u8>| {
        let raw: &'static [u8] = request.leak();
        let case = failure(path, FAULT, REFUSED).asks(Ask { raw, ..Ask::default() });
        stage.plain(case, closed);
    };
    let request = |path: &str, more: &[u8]| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n");
        [head.as_bytes(), more, b"\r\n\r\n"].concat()
    };
    raw(
        "/not-utf8",
        request(
            "/not-utf8",
            b"X-Odd: \xff\xfe\x80\xc3\r\nUser-Agent: \xe9\r\nX-Request-Id: \xf0\x28",
        ),
    );
    raw("/odd-case", request("/odd-case", b"aCcEpT: application/json\r\nx-OdD: 1"));
    let large = format!("X-Large: {}", "x".repeat(100_000));
    raw("/large-request", request("/large-request", large.as_bytes()));
    let many = vec!["X-M: 1"; 90].join("\r\n");
    raw("/many-headers", request("/many-headers", many.as_bytes()));
    let twice = b"Accept: text/html;q=0\r\nAccept: application/json\r\nX-Request-Id: \"<b>\\\x7f";
    raw("/twice", request("/twice", &twice[..twice.len() - 1]));

    let odd = b"HTTP/1.1 503 Busy\r\nX-Odd: \xff\xfe\r\nsErVeR: \xe9\r\nProxy-Status: \xff\r\nContent-Length: 2\r\n\r\nno";
    stage.plain(failure("/answers-not-utf8", BUSY, RECEIVED), answers(odd.to_vec(), Ending::Fin));
    let large = response("503 Busy", &format!("X-Large: {}\r\n", "x".repeat(100_000)), "busy");
    let more = json!({"typed_extension_protocol_options":
    {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "common_http_protocol_options": {"max_response_headers_kb": 192},
        "explicit_http_config": {"http_protocol_options": {}},
    }}});
    stage.case(
        failure("/answers-large-head", BUSY, RECEIVED),
        cluster_with(&[answers(large, Ending::Fin)], more),
        json!({}),
    );
    let nothing = b"HTTP/1.1 599 \r\n\r\n";
    stage.case(
        failure("/unknown-status", &["upstream-error"], "received-status=599").body(Body::Any),
        cluster(&[answers(nothing.to_vec(), Ending::Fin)]),
        json!({}),
    );
}
