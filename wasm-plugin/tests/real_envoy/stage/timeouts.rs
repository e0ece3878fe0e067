//! Limits of time.

use std::time::Duration;

use serde_json::json;

use super::{Stage, cluster, failure, healthy, late};
use crate::client::Ask;
use crate::upstream::{self, Behaviour};

pub(super) fn add(stage: &mut Stage) {
    const LATE: &[&str] = &["response-timeout"];
    const TIMEOUT: &str = "http_response_timeout";
    let stalls = upstream::listen(Behaviour::Stalls(Vec::new()));
    let mut slow =
        |path, action| stage.case(failure(path, LATE, TIMEOUT), cluster(&[stalls]), action);
    slow("/slow", json!({"timeout": "0.4s"}));
    slow(
        "/slow-each-try",
        json!({"timeout": "5s", "retry_policy":
        {"retry_on": "5xx", "num_retries": 1, "per_try_timeout": "0.2s"}}),
    );
    slow(
        "/slow-hedged",
        json!({"timeout": "0.6s", "retry_policy":
        {"retry_on": "5xx", "num_retries": 1, "per_try_timeout": "0.2s"},
        "hedge_policy": {"hedge_on_per_try_timeout": true}}),
    );
    slow("/idle", json!({"idle_timeout": "0.3s"}));
    slow(
        "/idle-each-try",
        json!({"retry_policy": {"retry_on": "5xx", "num_retries": 0,
        "per_try_idle_timeout": "0.3s"}}),
    );
    slow(
        "/longest-stream",
        json!({"max_stream_duration": {"max_stream_duration": "0.3s"},
        "timeout": "0s"}),
    );
    let begun = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes\n".to_vec();
    let stops = upstream::listen(Behaviour::Stalls(begun));
    for (path, action) in [
        ("/body-stalls", json!({"timeout": "0.4s"})),
        ("/body-idle", json!({"idle_timeout": "0.3s"})),
    ] {
        let case = late(path, &["body-timeout"], "connection_read_timeout");
        stage.case(case, cluster(&[stops]), action);
    }
    // The client does not send what it announced.
    let waits = Ask { method: "POST", announced: Some(1000), body: 10, ..Ask::default() };
    stage.case(
        failure("/upload-idle", &["client-invalid"], "http_request_error")
            .apart()
            .asks(waits.clone()),
        cluster(&[stalls]),
        json!({"idle_timeout": "0.3s"}),
    );
    stage.door(
        "limited",
        json!({"error_body": {"replace": "local"}}),
        json!({
            "request_timeout": "0.4s",
            "request_headers_timeout": "0.4s",
            "common_http_protocol_options": {"max_connection_duration": "0.3s"},
            "max_request_headers_kb": 8,
        }),
        json!(null),
    );
    stage.case(
        failure("/upload-late", &["client-invalid"], "http_request_error")
            .apart()
            .asks(waits)
            .through("limited"),
        cluster(&[stalls]),
        json!({}),
    );
    // A connection that has lived long enough is drained, not cut.
    stage.case(
        healthy("/long-lived").through("limited"),
        cluster(&[upstream::listen(Behaviour::Serves(Duration::from_millis(600)))]),
        json!({}),
    );
    let half =
        Ask { raw: b"GET /head-late HTTP/1.1\r\nHost: shop.example\r\nX-Case", ..Ask::default() };
    let case = late("/head-late", &["client-invalid"], "http_request_error").apart();
    stage.cases.push(case.asks(half).through("limited"));
}
