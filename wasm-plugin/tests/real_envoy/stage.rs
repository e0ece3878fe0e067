//! The faults that are staged, each with what Envoy's evidence can tell of it.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::certificates;
use crate::client::Ask;
use crate::gateway::Parts;
use crate::upstream::{self, Behaviour, Ending, http2, response};

/// One exchange.
pub(crate) struct Case {
    pub(crate) path: &'static str,
    pub(crate) told: Told,
    /// The faults that are right: one, where Envoy's evidence can tell.
    pub(crate) faults: &'static [&'static str],
    /// What the Proxy-Status member says.
    pub(crate) proxy_status: &'static str,
    /// Whether the verdict is known when the response's headers are sent.
    pub(crate) in_headers: bool,
    pub(crate) body: Body,
    ask: Ask,
    /// A request before it, to the same path but for a suffix.
    prelude: bool,
}

/// How an exchange counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Nothing,
    Failure,
    /// The client's doing, or a policy's: counted, and no line is written.
    Apart,
}

/// What body the client gets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    Any,
    None,
    Problem,
    /// HTML for everybody.
    Page,
    /// A problem with the diagnosis.
    Diagnosis,
    Own(&'static str),
}

pub(crate) struct Stage {
    pub(crate) parts: Parts,
    pub(crate) cases: Vec<Case>,
}

impl Case {
    pub(crate) fn run(&self, port: u16) -> Vec<u8> {
        if self.prelude {
            Ask::default().run(port, &format!("{}?before", self.path));
        }
        self.ask.run(port, self.path)
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

fn failure(
    path: &'static str,
    faults: &'static [&'static str],
    proxy_status: &'static str,
) -> Case {
    Case {
        path,
        told: Told::Failure,
        faults,
        proxy_status,
        in_headers: true,
        body: Body::Problem,
        ask: Ask::default(),
        prelude: false,
    }
}

/// A failure that is known when the response has begun.
fn late(path: &'static str, faults: &'static [&'static str]) -> Case {
    failure(path, faults, "").with(|case| {
        case.in_headers = false;
        case.body = Body::Any;
    })
}

fn healthy(path: &'static str) -> Case {
    failure(path, &[], "").with(|case| case.told = Told::Nothing)
}

impl Stage {
    /// Adds a case whose path leads to this cluster by this route action.
    fn case(&mut self, case: Case, cluster: Value, action: Value) {
        let name = case.path.trim_start_matches('/');
        let mut cluster = cluster;
        cluster["name"] = name.into();
        self.parts.clusters.push(cluster);
        let mut action = action;
        action["cluster"] = name.into();
        self.route(&case, json!({"route": action}));
        self.cases.push(case);
    }

    fn route(&mut self, case: &Case, mut route: Value) {
        route["match"] = json!({"path": case.path});
        self.parts.routes.push(route);
    }

    /// Adds a case with a plain cluster for this port.
    fn plain(&mut self, case: Case, port: u16) {
        self.case(case, cluster(&[port]), json!({}));
    }

    /// A port on which Envoy itself serves TLS with this certificate.
    fn secure(&mut self, folder: &Path, certificate: &str, demands: bool) -> u16 {
        let port = free_port();
        let file = |name: &str| json!({"filename": folder.join(name)});
        let mut context = json!({
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.\
                      DownstreamTlsContext",
            "require_client_certificate": demands,
            "common_tls_context": {"tls_certificates": [{
                "certificate_chain": file(&format!("{certificate}.pem")),
                "private_key": file(&format!("{certificate}.key")),
            }]},
        });
        if demands {
            context["common_tls_context"]["validation_context"] =
                json!({"trusted_ca": file("ca.pem")});
        }
        let manager = json!({
            "@type": "type.googleapis.com/envoy.extensions.filters.network.\
                      http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "upstream",
            "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                {"match": {"prefix": "/"}, "direct_response": {"status": 200}}]}]},
            "http_filters": [{"name": "router", "typed_config": {"@type":
                "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}],
        });
        self.parts.listeners.push(json!({
            "name": format!("secure_{port}"),
            "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
            "filter_chains": [{
                "transport_socket": {"name": "tls", "typed_config": context},
                "filters": [{"name": "hcm", "typed_config": manager}],
            }],
        }));
        port
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn cluster(ports: &[u16]) -> Value {
    let endpoints: Vec<Value> = ports
        .iter()
        .map(|port| {
            json!({"endpoint": {"address": {"socket_address":
                {"address": "127.0.0.1", "port_value": port}}}})
        })
        .collect();
    json!({
        "connect_timeout": "0.6s",
        "load_assignment": {"cluster_name": "c", "endpoints": [{"lb_endpoints": endpoints}]},
    })
}

/// The cluster spoken to in TLS.
fn tls(port: u16, folder: &Path) -> Value {
    let mut cluster = cluster(&[port]);
    cluster["transport_socket"] = json!({"name": "tls", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        "sni": certificates::NAME,
        "common_tls_context": {"validation_context": {
            "trusted_ca": {"filename": folder.join("ca.pem")},
            "match_typed_subject_alt_names": [],
        }},
    }});
    cluster
}

/// As [`tls`], and the certificate has to be for the name.
fn tls_named(port: u16, folder: &Path) -> Value {
    let mut cluster = tls(port, folder);
    cluster["transport_socket"]["typed_config"]["common_tls_context"]["validation_context"]["match_typed_subject_alt_names"] =
        json!([{"san_type": "DNS", "matcher": {"exact": certificates::NAME}}]);
    cluster
}

/// The cluster spoken to in HTTP/2.
fn http2_cluster(port: u16) -> Value {
    let mut cluster = cluster(&[port]);
    cluster["typed_extension_protocol_options"] = json!({"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http2_protocol_options": {}},
    }});
    cluster
}

fn answers(bytes: Vec<u8>, ending: Ending) -> u16 {
    upstream::listen(Behaviour::Answers(bytes, ending))
}

/// What a soak meets: one upstream that is well, and some that are not.
pub(crate) fn soak() -> Parts {
    let mut stage = Stage { parts: Parts::default(), cases: Vec::new() };
    let nothing = || json!({});
    let well = upstream::listen(Behaviour::Serves(Duration::ZERO));
    stage.case(healthy("/well"), cluster(&[well]), nothing());
    stage.case(healthy("/refused"), cluster(&[upstream::closed_port()]), nothing());
    stage.case(healthy("/empty"), cluster(&[]), nothing());
    let closes = answers(Vec::new(), Ending::Fin);
    stage.case(healthy("/closed"), cluster(&[closes]), nothing());
    let busy = answers(response("503 Busy", "", &"busy ".repeat(100)), Ending::Fin);
    stage.case(healthy("/busy"), cluster(&[busy]), nothing());
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes\n".to_vec();
    stage.case(healthy("/cut"), cluster(&[answers(cut, Ending::Fin)]), nothing());
    stage.parts
}

/// All cases.
pub(crate) fn build(folder: &Path) -> Stage {
    let mut stage = Stage { parts: Parts::default(), cases: Vec::new() };
    connections(&mut stage);
    handshakes(&mut stage, folder);
    responses(&mut stage);
    bodies(&mut stage);
    selection(&mut stage);
    protocols(&mut stage);
    clients(&mut stage);
    stage
}

fn connections(stage: &mut Stage) {
    const REFUSED: &str = "error=connection_refused";
    let closed = upstream::closed_port();
    stage.plain(failure("/refused", &["connect-refused"], REFUSED), closed);
    stage.plain(
        failure("/full", &["connect-timeout"], "error=connection_timeout"),
        upstream::full_port(),
    );
    let mut unreachable = cluster(&[80]);
    unreachable["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"]
        ["address"] = "255.255.255.255".into();
    stage.case(
        failure(
            "/unreachable",
            &["connect-unreachable", "connect-denied"],
            "error=destination_ip_unroutable",
        ),
        unreachable,
        json!({}),
    );
    stage.plain(
        failure("/refused-page", &["connect-refused"], REFUSED).with(|case| {
            case.ask.headers = "Accept: text/html\r\n";
            case.body = Body::Page;
        }),
        closed,
    );
    stage.plain(
        failure("/refused-trusted", &["connect-refused"], REFUSED).with(|case| {
            case.ask.headers = "X-Debug: s3cret\r\n";
            case.body = Body::Diagnosis;
        }),
        closed,
    );
    let retried = json!({"retry_policy": {"retry_on": "connect-failure", "num_retries": 2,
        "retry_back_off": {"base_interval": "0.01s", "max_interval": "0.02s"}}});
    stage.case(
        failure("/retried-badly", &["connect-refused"], REFUSED),
        cluster(&[closed]),
        retried.clone(),
    );
    let well = upstream::listen(Behaviour::Serves(Duration::ZERO));
    let mut both = cluster(&[closed, well]);
    both["lb_policy"] = "ROUND_ROBIN".into();
    let mut elsewhere = retried;
    elsewhere["retry_policy"]["retry_host_predicate"] = json!([{"name": "previous",
        "typed_config": {"@type": "type.googleapis.com/envoy.extensions.retry.host.\
                                   previous_hosts.v3.PreviousHostsPredicate"}}]);
    elsewhere["retry_policy"]["host_selection_retry_max_attempts"] = 5.into();
    stage.case(healthy("/retried-well"), both, elsewhere);
    stage.case(
        failure("/head", &["connect-refused"], REFUSED).with(|case| {
            case.ask.method = "HEAD";
            case.body = Body::None;
        }),
        cluster(&[closed]),
        json!({}),
    );
    stage.case(
        failure("/grpc", &["connect-refused"], REFUSED).with(|case| {
            case.ask.method = "POST";
            case.ask.headers = "Content-Type: application/grpc\r\nTE: trailers\r\n";
            case.body = Body::None;
        }),
        cluster(&[closed]),
        json!({}),
    );
}

fn handshakes(stage: &mut Stage, folder: &Path) {
    const CERTIFICATE: &str = "error=tls_certificate_error";
    const PROTOCOL: &str = "error=tls_protocol_error";
    let good = stage.secure(folder, "good", false);
    stage.case(healthy("/secure"), tls(good, folder), json!({}));
    for (path, certificate, fault) in [
        ("/expired", "expired", &["tls-certificate-expired"]),
        ("/future", "future", &["tls-certificate-expired"]),
        ("/self-signed", "self", &["tls-certificate-untrusted"]),
    ] {
        let port = stage.secure(folder, certificate, false);
        stage.case(failure(path, fault, CERTIFICATE), tls(port, folder), json!({}));
    }
    let other = stage.secure(folder, "other", false);
    stage.case(
        failure("/other-name", &["tls-certificate-name-mismatch"], CERTIFICATE),
        tls_named(other, folder),
        json!({}),
    );
    let demanding = stage.secure(folder, "good", true);
    stage.case(
        failure("/client-certificate", &["tls-handshake-failed"], PROTOCOL),
        tls(demanding, folder),
        json!({}),
    );
    let plain = upstream::listen(Behaviour::Handshakes(
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        Ending::Fin,
    ));
    stage.case(
        failure("/tls-to-plain", &["tls-not-spoken"], PROTOCOL),
        tls(plain, folder),
        json!({}),
    );
    let closes = upstream::listen(Behaviour::Handshakes(Vec::new(), Ending::Fin));
    stage.case(
        failure("/handshake-closed", &["connect-failed"], "error=destination_unavailable"),
        tls(closes, folder),
        json!({}),
    );
    // Alert 40, fatal: handshake_failure.
    let alert = upstream::listen(Behaviour::Handshakes(vec![21, 3, 3, 0, 2, 2, 40], Ending::Fin));
    stage.case(
        failure("/handshake-refused", &["tls-handshake-failed"], PROTOCOL),
        tls(alert, folder),
        json!({}),
    );
    let stalls = upstream::listen(Behaviour::HandshakeStalls);
    stage.case(
        failure(
            "/handshake-stalls",
            &["connect-timeout", "tls-handshake-failed"],
            "error=connection_timeout",
        ),
        tls(stalls, folder),
        json!({}),
    );
    stage.plain(
        failure(
            "/plain-to-tls",
            &["response-terminated", "response-closed", "response-reset"],
            "error=connection_terminated",
        ),
        good,
    );
}

fn responses(stage: &mut Stage) {
    const ENDED: &[&str] = &["response-terminated"];
    const TERMINATED: &str = "error=connection_terminated";
    const TIMEOUT: &str = "error=http_response_timeout";
    stage.plain(failure("/reset", ENDED, TERMINATED), answers(Vec::new(), Ending::Rst));
    stage.plain(failure("/closed", ENDED, TERMINATED), answers(Vec::new(), Ending::Fin));
    stage.plain(
        failure("/half-a-head", &["response-malformed"], "error=http_protocol_error"),
        answers(b"HTTP/1.1 200 OK\r\nServer: sh".to_vec(), Ending::Fin),
    );
    let soon = json!({"timeout": "0.4s"});
    stage.case(
        failure("/slow", &["response-timeout"], TIMEOUT),
        cluster(&[upstream::listen(Behaviour::Stalls(Vec::new()))]),
        soon.clone(),
    );
    stage.case(
        failure("/slow-each-try", &["response-timeout"], TIMEOUT),
        cluster(&[upstream::listen(Behaviour::Stalls(Vec::new()))]),
        json!({"timeout": "5s", "retry_policy":
            {"retry_on": "5xx", "num_retries": 1, "per_try_timeout": "0.2s"}}),
    );
    stage.plain(
        failure(
            "/garbage",
            &["response-malformed", "response-protocol-mismatch"],
            "error=http_protocol_error",
        ),
        answers(b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec(), Ending::Fin),
    );
    stage.plain(
        failure("/large-head", &["response-malformed"], "error=http_protocol_error"),
        answers(
            response("200 OK", &format!("X-Large: {}\r\n", "x".repeat(90_000)), ""),
            Ending::Fin,
        ),
    );
    for (path, status, fault, received) in [
        ("/answers-500", "500 Oops", "upstream-error", "received-status=500"),
        ("/answers-502", "502 Bad Gateway", "upstream-bad-gateway", "received-status=502"),
        ("/answers-503", "503 Busy", "upstream-unavailable", "received-status=503"),
        ("/answers-504", "504 Late", "upstream-gateway-timeout", "received-status=504"),
    ] {
        let faults: &'static [&'static str] = Vec::leak(vec![fault]);
        let port = answers(response(status, "", &"sorry\n".repeat(20_000)), Ending::Fin);
        stage.plain(failure(path, faults, received), port);
    }
}

fn bodies(stage: &mut Stage) {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes\n".to_vec();
    stage.plain(late("/body-closed", &["body-failed"]), answers(cut.clone(), Ending::Fin));
    stage.plain(late("/body-reset", &["body-failed"]), answers(cut.clone(), Ending::Rst));
    stage.plain(
        late("/body-malformed", &["body-failed"]),
        answers(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n".to_vec(),
            Ending::Fin,
        ),
    );
    stage.case(
        late("/body-stalls", &["body-timeout"]),
        cluster(&[upstream::listen(Behaviour::Stalls(cut))]),
        json!({"timeout": "0.4s"}),
    );
    let large = "x".repeat(1_000_000);
    stage.plain(healthy("/large"), answers(response("200 OK", "", &large), Ending::Fin));
}

fn selection(stage: &mut Stage) {
    stage.case(
        failure("/empty", &["no-healthy-upstream"], "error=destination_unavailable"),
        cluster(&[]),
        json!({}),
    );
    let well = upstream::listen(Behaviour::Serves(Duration::ZERO));
    let mut broken = cluster(&[well]);
    broken["circuit_breakers"] = json!({"thresholds": [{"max_requests": 0, "max_pending_requests": 0,
        "max_connections": 0}]});
    stage.case(
        failure("/circuit", &["connection-limit"], "error=connection_limit_reached"),
        broken,
        json!({}),
    );
    // Envoy's own answers here have no body.
    let no_cluster = failure("/no-cluster", &["no-upstream"], "error=destination_not_found")
        .with(|case| case.body = Body::None);
    stage.route(&no_cluster, json!({"route": {"cluster": "nowhere"}}));
    stage.cases.push(no_cluster);
    stage.cases.push(
        failure("/no-route", &["no-upstream"], "error=destination_not_found")
            .with(|case| case.body = Body::None),
    );
    let direct = healthy("/direct");
    stage.route(&direct, json!({"direct_response": {"status": 503}}));
    stage.cases.push(direct);
    let not_found = response("404 Not Found", "", "no such page\n");
    stage.plain(healthy("/not-found"), answers(not_found, Ending::Fin));
    let denied =
        failure("/denied", &["gateway-denied"], "error=http_request_denied").with(|case| {
            case.told = Told::Apart;
            case.body = Body::Own("RBAC: access denied");
        });
    stage.plain(denied, well);
}

fn protocols(stage: &mut Stage) {
    let old = answers(response("400 Bad Request", "", ""), Ending::Fin);
    stage.case(
        failure(
            "/http2-to-http1",
            &["response-protocol-mismatch", "response-malformed"],
            "error=http_protocol_error",
        ),
        http2_cluster(old),
        json!({}),
    );
    let frames = |kind, flags, stream, payload: &[u8]| http2::frame(kind, flags, stream, payload);
    stage.plain(
        failure(
            "/http1-to-http2",
            &["response-protocol-mismatch", "response-malformed"],
            "error=http_protocol_error",
        ),
        answers(frames(http2::SETTINGS, 0, 0, b""), Ending::Fin),
    );
    let reset = frames(http2::RST_STREAM, 0, 1, &[0, 0, 0, 2]);
    stage.case(
        failure("/stream-reset", &["response-reset"], "error=connection_terminated"),
        http2_cluster(upstream::listen(Behaviour::Http2(reset))),
        json!({}),
    );
    let mut call = frames(http2::HEADERS, http2::END_HEADERS, 1, http2::STATUS_200);
    call.extend(frames(http2::DATA, 0, 1, &[0, 0, 0, 0, 0]));
    let trailers = http2::literal("grpc-status", "14");
    call.extend(frames(http2::HEADERS, http2::END_HEADERS | http2::END_STREAM, 1, &trailers));
    stage.case(
        late("/grpc-trailers", &["upstream-unavailable"]),
        http2_cluster(upstream::listen(Behaviour::Http2(call))),
        json!({}),
    );
    let upgrade = json!({"upgrade_configs": [{"upgrade_type": "websocket"}]});
    stage.case(
        late("/upgrade-refused", &["response-upgrade-failed"]).with(|case| {
            case.ask.headers = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
            case.ask.keeps_alive = true;
        }),
        cluster(&[answers(response("404 Not Found", "", "no\n"), Ending::Fin)]),
        upgrade,
    );
    // An upgrade that Envoy itself refuses (`upgrade_failed`) passes no filter.
}

fn clients(stage: &mut Stage) {
    stage.plain(
        late("/client-leaves", &["client-closed"]).with(|case| {
            case.told = Told::Apart;
            case.ask.leaves_after = Some(Duration::from_millis(150));
        }),
        upstream::listen(Behaviour::Serves(Duration::from_secs(3))),
    );
    stage.plain(
        healthy("/upload").with(|case| {
            case.ask.method = "POST";
            case.ask.body = 300_000;
        }),
        upstream::listen(Behaviour::Serves(Duration::ZERO)),
    );
}
