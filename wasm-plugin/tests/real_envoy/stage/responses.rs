//! What comes instead of a response.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::{Case, Stage, answers, cluster, failure, healthy, late, well};
use crate::client::Ask;
use crate::upstream::{self, Behaviour, Ending, response};

pub(super) fn add(stage: &mut Stage) {
    // Envoy has one word for a connection that was closed and one that was reset.
    const ENDED: &[&str] = &["response-terminated"];
    const TERMINATED: &str = "connection_terminated";
    const PROTOCOL: &str = "http_protocol_error";
    stage.plain(failure("/reset", ENDED, TERMINATED), answers(Vec::new(), Ending::Rst));
    stage.plain(failure("/closed", ENDED, TERMINATED), answers(Vec::new(), Ending::Fin));
    stage.plain(
        failure("/half-a-head", &["response-malformed"], PROTOCOL)
            .truly("http_response_incomplete"),
        answers(b"HTTP/1.1 200 OK\r\nServer: sh".to_vec(), Ending::Fin),
    );
    stage.plain(
        failure("/garbage", &["response-malformed", "response-protocol-mismatch"], PROTOCOL),
        answers(b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec(), Ending::Fin),
    );
    let both =
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    stage.plain(
        failure("/two-lengths", &["response-malformed"], PROTOCOL),
        answers(both.to_vec(), Ending::Fin),
    );
    let large = response("200 OK", &format!("X-Large: {}\r\n", "x".repeat(90_000)), "");
    stage.plain(
        failure("/large-head", &["response-malformed"], PROTOCOL)
            .truly("http_response_header_section_size"),
        answers(large, Ending::Fin),
    );
    statuses(stage);
    uploads(stage);
    upgrades(stage);
}

fn statuses(stage: &mut Stage) {
    for (path, status, fault, received) in [
        ("/answers-500", "500 Oops", &["upstream-error"], "received-status=500"),
        ("/answers-501", "501 No", &["upstream-error"], "received-status=501"),
        ("/answers-502", "502 Bad Gateway", &["upstream-bad-gateway"], "received-status=502"),
        ("/answers-503", "503 Busy", &["upstream-unavailable"], "received-status=503"),
        ("/answers-504", "504 Late", &["upstream-gateway-timeout"], "received-status=504"),
    ] {
        let port = answers(response(status, "", &"sorry\n".repeat(20_000)), Ending::Fin);
        stage.plain(failure(path, fault, received), port);
    }
    for (path, status) in [
        ("/not-found", "404 Not Found"),
        ("/forbidden", "403 Forbidden"),
        ("/too-many", "429 Too Many Requests"),
        ("/redirect", "302 Found"),
    ] {
        let answer = response(status, "Location: /elsewhere\r\n", "own words\n");
        let case = healthy(path).and("its own body", |it| it.body == b"own words\n");
        stage.plain(case, answers(answer, Ending::Fin));
    }
}

/// Requests with a body that is not taken whole.
fn uploads(stage: &mut Stage) {
    let upload = |case: Case, size| case.asks(Ask { method: "POST", body: size, ..Ask::default() });
    stage.plain(upload(healthy("/upload"), 300_000), well());
    stage.plain(
        upload(
            failure("/upload-reset", &["response-terminated"], "connection_terminated"),
            3_000_000,
        ),
        upstream::listen(Behaviour::ResetsUpload),
    );
    // An early answer is the upstream's word, and no failure.
    stage.plain(upload(healthy("/upload-refused"), 3_000_000), refuses_uploads());
}

/// An upstream that answers 413 while the body is on its way, reads on a little, and closes.
fn refuses_uploads() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let _ = stream.set_read_timeout(Some(Duration::from_millis(300)));
            let mut buffer = [0; 65536];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(&response("413 Too Large", "Connection: close\r\n", "no\n"));
            while stream.read(&mut buffer).is_ok_and(|count| count > 0) {}
        }
    });
    port
}

/// Protocols to switch to.
fn upgrades(stage: &mut Stage) {
    const FAILED: &[&str] = &["response-upgrade-failed"];
    let websocket = Ask {
        headers: "Connection: Upgrade\r\nUpgrade: websocket\r\n",
        keeps_alive: true,
        ..Ask::default()
    };
    let allowed = json!({"upgrade_configs": [{"upgrade_type": "websocket"}]});
    stage.case(
        late("/upgrade-refused", FAILED, "http_upgrade_failed").asks(websocket.clone()),
        cluster(&[answers(response("404 Not Found", "", "no\n"), Ending::Fin)]),
        allowed.clone(),
    );
    stage.case(
        healthy("/upgrade-forbidden").asks(websocket.clone()),
        cluster(&[answers(response("401 Unauthorized", "", "who?\n"), Ending::Fin)]),
        allowed.clone(),
    );
    let switches =
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi";
    let asks = Ask { keeps_alive: false, ..websocket.clone() };
    // Either side ends an upgraded connection when it is done.
    let ends = answers(switches.to_vec(), Ending::Fin);
    stage.case(healthy("/upgrade").asks(asks.clone()), cluster(&[ends]), allowed.clone());
    let stays = upstream::listen(Behaviour::Stalls(switches.to_vec()));
    let leaves = Ask { leaves_after: Some(Duration::from_millis(150)), ..websocket.clone() };
    stage.case(healthy("/upgrade-left").asks(leaves), cluster(&[stays]), allowed.clone());
    let mut quiet = allowed.clone();
    quiet["idle_timeout"] = "0.3s".into();
    stage.case(
        late("/upgrade-quiet", &["body-timeout"], "connection_read_timeout").asks(asks.clone()),
        cluster(&[stays]),
        quiet,
    );
    stage.case(
        failure("/upgrade-closed", &["connect-refused"], "connection_refused").asks(asks),
        cluster(&[upstream::closed_port()]),
        allowed,
    );
    // Envoy itself refuses this one before any filter sees it.
    let refused = late("/upgrade-off", &["gateway-denied"], "http_request_denied").apart();
    stage.plain(refused.asks(websocket), well());
    tunnels(stage);
}

/// CONNECT. Its path is the route's name here; no such request has one.
fn tunnels(stage: &mut Stage) {
    let mut add = |case: Case, raw: &'static [u8], host: &str, port: u16| {
        let case = case.asks(Ask { raw, ..Ask::default() });
        stage.cluster(case.path, &mut cluster(&[port]));
        let cluster = super::name(case.path);
        stage.routed(
            case,
            json!({
                "match": {"connect_matcher": {}, "headers": [
                    {"name": ":authority", "string_match": {"exact": host}}]},
                "route": {"cluster": cluster, "timeout": "2s", "upgrade_configs":
                    [{"upgrade_type": "CONNECT", "connect_config": {}}]},
            }),
        );
    };
    add(
        failure("/tunnel-closed", &["connect-refused"], "connection_refused").body(super::Body::Any),
        b"CONNECT tunnel-closed:443 HTTP/1.1\r\nHost: tunnel-closed:443\r\nX-Case: /tunnel-closed\r\n\r\n",
        "tunnel-closed:443",
        upstream::closed_port(),
    );
    add(
        healthy("/tunnel"),
        b"CONNECT tunnel:443 HTTP/1.1\r\nHost: tunnel:443\r\nX-Case: /tunnel\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "tunnel:443",
        answers(response("200 OK", "", "through\n"), Ending::Fin),
    );
}
