//! The exchanges that are staged, each with what its evidence can tell.
//!
//! A path tells nothing of what is staged behind it, so that no verdict can be read off it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::certificates;
use crate::client::Ask;
use crate::gateway::{Gateway, Lines};
use crate::upstream::{self, Behaviour, Ending, http2};

/// One exchange and its expected verdicts.
pub(crate) struct Exchange {
    pub(crate) name: &'static str,
    /// What flags and status tell.
    pub(crate) by_flags: Expected,
    /// What details and the transport failure reason tell.
    pub(crate) expected: Expected,
    /// What the application log tells.
    pub(crate) in_log: Expected,
    ask: Ask,
    path: String,
}

/// The fault that a judge takes as right.
#[derive(Clone, Copy)]
pub(crate) struct Expected {
    pub(crate) fault: &'static str,
    pub(crate) accept: &'static [&'static str],
    pub(crate) cause: Option<&'static str>,
    pub(crate) accept_causes: &'static [&'static str],
}

const fn expect(fault: &'static str, accept: &'static [&'static str]) -> Expected {
    Expected { fault, accept, cause: None, accept_causes: &[] }
}

/// All exchanges, and the configuration that stages them.
pub(crate) struct Stage {
    pub(crate) exchanges: Vec<Exchange>,
    folder: PathBuf,
    routes: Vec<Value>,
    clusters: Vec<Value>,
    runtime: serde_json::Map<String, Value>,
}

impl Exchange {
    /// Runs the exchange and returns the lines it left.
    pub(crate) fn run(&self, gateway: &Gateway) -> Lines {
        let mark = gateway.mark();
        self.ask.run(gateway.port, &self.path);
        gateway.lines_since(&mark)
    }

    fn asks(&mut self, ask: Ask) -> &mut Self {
        self.ask = ask;
        self
    }

    fn by_flags(&mut self, fault: &'static str, accept: &'static [&'static str]) -> &mut Self {
        self.by_flags = expect(fault, accept);
        self
    }

    fn in_log(&mut self, fault: &'static str, accept: &'static [&'static str]) -> &mut Self {
        self.in_log = expect(fault, accept);
        self
    }
}

impl Stage {
    /// Stages everything, with files in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        let mut stage = Self {
            exchanges: Vec::new(),
            folder: folder.to_owned(),
            routes: Vec::new(),
            clusters: Vec::new(),
            runtime: serde_json::Map::new(),
        };
        stage.answers();
        stage.connections();
        stage.responses();
        stage.bodies();
        stage.selection();
        stage.handshakes();
        stage.streams();
        stage.clients();
        stage
    }

    fn answers(&mut self) {
        let answers = |status: &str| {
            Behaviour::Answers(upstream::response(status, "", "answer\n"), Ending::Fin)
        };
        for (name, status, fault) in [
            ("healthy", "200 OK", "none"),
            ("not-found", "404 Not Found", "none"),
            ("too-many", "429 Too Many Requests", "none"),
            ("bad-gateway-behind", "502 Bad Gateway", "upstream-bad-gateway"),
            ("unavailable-behind", "503 Service Unavailable", "upstream-unavailable"),
            ("timeout-behind", "504 Gateway Timeout", "upstream-gateway-timeout"),
            ("error-behind", "500 Internal Server Error", "upstream-error"),
        ] {
            self.behind(name, answers(status), fault, &[]);
        }
        self.behind("healthy-spoof", answers("200 OK"), "none", &[]).asks(Ask {
            headers: "X-Forwarded-For: 503 UF\r\nX-Request-Id: x\" \"y\" \"no_healthy_upstream\r\n",
            ..Ask::default()
        });
        let [dead, live] =
            [upstream::closed_port(), upstream::listen(Behaviour::Serves(Duration::ZERO))];
        let retries = json!({"retry_policy": {"retry_on": "connect-failure", "num_retries": 3}});
        let hosts = endpoints(&[dead, live]);
        self.add("retried-well", hosts, json!({}), retries.clone(), "none", &[]);
        self.add("retried-in-vain", endpoints(&[dead]), json!({}), retries, "connect-refused", &[])
            .by_flags("connect-failed", &[]);
    }

    fn connections(&mut self) {
        let plain = |stage: &mut Self, name, hosts, extra, fault, accept| {
            stage.add(name, hosts, extra, json!({}), fault, accept).by_flags("connect-failed", &[]);
        };
        let dead = upstream::closed_port();
        plain(self, "refused", endpoints(&[dead]), json!({}), "connect-refused", &[]);
        let full = upstream::full_port();
        plain(self, "connect-timeout", endpoints(&[full]), json!({}), "connect-timeout", &[]);
        let nowhere = endpoint(json!({"socket_address":
            {"address": "127.255.255.255", "port_value": 8080}}));
        plain(self, "unreachable", nowhere, json!({}), "connect-unreachable", &["connect-denied"]);
        let missing = self.folder.join("missing.sock");
        let pipe = endpoint(json!({"pipe": {"path": missing.to_string_lossy()}}));
        plain(self, "socket-missing", pipe, json!({}), "connect-invalid", &[]);
        let bind = json!({"upstream_bind_config": {"source_address":
            {"address": "192.0.2.1", "port_value": 0}}});
        plain(self, "bind-impossible", endpoints(&[dead]), bind, "gateway-exhausted", &[]);
        let grpc = Ask {
            method: "POST",
            headers: "Content-Type: application/grpc\r\nTE: trailers\r\n",
            ..Ask::default()
        };
        self.add("grpc-refused", endpoints(&[dead]), json!({}), json!({}), "connect-refused", &[])
            .by_flags("connect-failed", &[])
            .asks(grpc);
    }

    fn responses(&mut self) {
        const ENDED: &[&str] = &["response-closed", "response-reset"];
        self.behind(
            "closed",
            Behaviour::Answers(Vec::new(), Ending::Fin),
            "response-terminated",
            ENDED,
        );
        self.behind(
            "reset",
            Behaviour::Answers(Vec::new(), Ending::Rst),
            "response-terminated",
            ENDED,
        );
        self.behind("stalled", Behaviour::Stalls(Vec::new()), "response-timeout", &[]);
        let garbage = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n".to_vec();
        self.behind(
            "garbage",
            Behaviour::Answers(garbage, Ending::Fin),
            "response-malformed",
            &["response-protocol-mismatch"],
        );
        let large = format!("X-Large: {}\r\n", "a".repeat(200_000));
        let large = upstream::response("200 OK", &large, "large\n");
        self.behind(
            "header-too-large",
            Behaviour::Answers(large, Ending::Fin),
            "response-malformed",
            &["response-header-too-large"],
        )
        .in_log("response-header-too-large", &[]);
    }

    fn bodies(&mut self) {
        const CUT: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome";
        // Envoy says the same of a body that ends early and of one that cannot be decoded.
        for (name, ending) in [("cut", Ending::Fin), ("cut-by-reset", Ending::Rst)] {
            self.behind(name, Behaviour::Answers(CUT.to_vec(), ending), "body-failed", &[])
                .in_log("body-truncated", &[]);
        }
        self.behind("body-stalls", Behaviour::Stalls(CUT.to_vec()), "body-timeout", &[]);
        let chunk =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nsome\r\n".to_vec();
        self.behind(
            "bad-chunk",
            Behaviour::Answers(chunk, Ending::Fin),
            "body-failed",
            &["body-malformed"],
        )
        .in_log("body-malformed", &[]);
    }

    fn selection(&mut self) {
        self.add("no-members", json!([]), json!({}), json!({}), "no-healthy-upstream", &[]);
        let dead = upstream::closed_port();
        let breaker = json!({"circuit_breakers": {"thresholds": [{"max_pending_requests": 0}]}});
        self.add("overflow", endpoints(&[dead]), breaker, json!({}), "connection-limit", &[]);
        let exchange = self.add(
            "maintenance",
            endpoints(&[dead]),
            json!({}),
            json!({}),
            "no-healthy-upstream",
            &[],
        );
        exchange.by_flags("connection-limit", &["no-healthy-upstream"]);
        let cluster = format!("c{}", self.exchanges.len());
        self.runtime.insert(format!("upstream.maintenance_mode.{cluster}"), json!(100));
        self.routed(
            "cluster-unknown",
            json!({"route": {"cluster_header": "x-cluster"}}),
            "no-upstream",
            &[],
        )
        .asks(Ask { headers: "X-Cluster: nobody\r\n", ..Ask::default() });
        self.routed(
            "direct",
            json!({"direct_response": {"status": 503, "body": {"inline_string": "later"}}}),
            "unknown",
            &["gateway-denied"],
        );
        let exchange = self.routed("no-route", json!({"redirect": {}}), "no-upstream", &[]);
        exchange.path = "/nowhere".to_owned();
        let exchange =
            self.routed("redirect", json!({"redirect": {"path_redirect": "/x"}}), "none", &[]);
        exchange.ask = Ask::default();
        self.add(
            "upgrade-refused",
            endpoints(&[dead]),
            json!({}),
            json!({}),
            "gateway-denied",
            &[],
        )
        .by_flags("gateway-denied", &["none"])
        .asks(Ask { headers: "Upgrade: websocket\r\nConnection: Upgrade\r\n", ..Ask::default() });
    }

    fn handshakes(&mut self) {
        certificates::make(&self.folder);
        let tls = |folder: &Path, verify: bool| {
            let ca = folder.join("ca.pem");
            let names = json!([{"san_type": "DNS", "matcher": {"exact": certificates::NAME}}]);
            let context = match verify {
                true => json!({"trusted_ca": {"filename": ca.to_string_lossy()},
                    "match_typed_subject_alt_names": names}),
                false => json!({}),
            };
            json!({"transport_socket": {"name": "tls", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                "sni": certificates::NAME,
                "common_tls_context": {"validation_context": context}}}})
        };
        let folder = self.folder.clone();
        let plain = upstream::listen(Behaviour::Handshakes(
            b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            Ending::Fin,
        ));
        self.add(
            "tls-not-spoken",
            endpoints(&[plain]),
            tls(&folder, false),
            json!({}),
            "tls-not-spoken",
            &[],
        )
        .by_flags("connect-failed", &[]);
        let alert =
            upstream::listen(Behaviour::Handshakes(vec![21, 3, 3, 0, 2, 2, 40], Ending::Fin));
        self.add(
            "tls-alert",
            endpoints(&[alert]),
            tls(&folder, false),
            json!({}),
            "tls-handshake-failed",
            &[],
        )
        .by_flags("connect-failed", &[]);
        let name =
            upstream::listen(Behaviour::Handshakes(vec![21, 3, 3, 0, 2, 2, 116], Ending::Fin));
        self.add(
            "tls-certificate-demanded",
            endpoints(&[name]),
            tls(&folder, false),
            json!({}),
            "tls-client-certificate-rejected",
            &[],
        )
        .by_flags("connect-failed", &[]);
        let closes = upstream::listen(Behaviour::Handshakes(Vec::new(), Ending::Rst));
        self.add(
            "tls-reset",
            endpoints(&[closes]),
            tls(&folder, false),
            json!({}),
            "tls-handshake-failed",
            &["connect-failed"],
        )
        .by_flags("connect-failed", &[]);
        for (kind, fault) in [
            ("expired", "tls-certificate-expired"),
            ("future", "tls-certificate-expired"),
            ("self", "tls-certificate-untrusted"),
            ("other", "tls-certificate-name-mismatch"),
        ] {
            let socket = folder.join(format!("{kind}.sock"));
            let pipe = endpoint(json!({"pipe": {"path": socket.to_string_lossy()}}));
            self.add(kind, pipe, tls(&folder, true), json!({}), fault, &[])
                .by_flags("connect-failed", &[]);
        }
    }

    fn streams(&mut self) {
        let version = json!({"typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": {"http2_protocol_options": {}}}}});
        let reset = |code: u8| http2::frame(http2::RST_STREAM, 0, 1, &[0, 0, 0, code]);
        for (name, code) in [("stream-reset", 2), ("stream-refused", 7)] {
            let port = upstream::listen(Behaviour::Http2(reset(code)));
            self.add(name, endpoints(&[port]), version.clone(), json!({}), "response-reset", &[]);
        }
        let old = upstream::response("200 OK", "", "HTTP/1\n");
        let port = upstream::listen(Behaviour::SpeaksFirst(old));
        self.add(
            "version-mismatch",
            endpoints(&[port]),
            version,
            json!({}),
            "response-malformed",
            &["response-protocol-mismatch", "response-terminated", "response-reset"],
        )
        .by_flags("response-malformed", &["response-terminated", "response-reset"])
        .in_log(
            "response-malformed",
            &["response-protocol-mismatch", "response-terminated", "response-reset"],
        );
    }

    fn clients(&mut self) {
        self.behind("client-left", Behaviour::Stalls(Vec::new()), "client-closed", &[])
            .asks(Ask { leaves_after: Some(Duration::from_millis(100)), ..Ask::default() });
        self.behind("client-malformed", Behaviour::Stalls(Vec::new()), "client-invalid", &[]).asks(
            Ask {
                raw: b"GET / HTTP/1.1\r\nHost: shop.example\r\nno header\r\n\r\n",
                ..Ask::default()
            },
        );
    }

    /// Adds an exchange with a cluster of these endpoints, with more set in the cluster and the route.
    fn add(
        &mut self,
        name: &'static str,
        hosts: Value,
        cluster: Value,
        route: Value,
        fault: &'static str,
        accept: &'static [&'static str],
    ) -> &mut Exchange {
        let number = self.exchanges.len() + 1;
        let id = format!("c{number}");
        self.clusters.push(merged(
            json!({"name": id, "connect_timeout": "0.5s", "type": "STATIC", "load_assignment":
                {"cluster_name": id, "endpoints": [{"lb_endpoints": hosts}]}}),
            cluster,
        ));
        let action = merged(json!({"cluster": id, "timeout": "0.6s"}), route);
        self.routed(name, json!({"route": action}), fault, accept)
    }

    /// The same with an action of its own.
    fn routed(
        &mut self,
        name: &'static str,
        action: Value,
        fault: &'static str,
        accept: &'static [&'static str],
    ) -> &mut Exchange {
        let number = self.exchanges.len() + 1;
        let prefix = format!("/s{number:02}/");
        self.routes.push(merged(json!({"match": {"prefix": prefix}}), action));
        let expected = expect(fault, accept);
        self.exchanges.push(Exchange {
            name,
            by_flags: expected,
            expected,
            in_log: expected,
            ask: Ask::default(),
            path: format!("{prefix}orders/{}", 4100 + number),
        });
        self.exchanges.last_mut().expect("just pushed")
    }

    /// The same with one HTTP upstream.
    fn behind(
        &mut self,
        name: &'static str,
        behaviour: Behaviour,
        fault: &'static str,
        accept: &'static [&'static str],
    ) -> &mut Exchange {
        let hosts = endpoints(&[upstream::listen(behaviour)]);
        self.add(name, hosts, json!({}), json!({}), fault, accept)
    }

    /// Envoy's whole configuration; it chooses its ports itself.
    pub(crate) fn configuration(&self) -> Value {
        let router = json!({"name": "envoy.filters.http.router", "typed_config":
            {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}});
        let manager = |routes: &Value, logs: Value| {
            json!({"filters": [{"name": "http", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                "stat_prefix": "shop", "access_log": logs, "http_filters": [router],
                "preserve_external_request_id": true,
                "route_config": {"virtual_hosts": [{"name": "shop", "domains": ["*"], "routes": routes}]}}}]})
        };
        let local = json!({"socket_address": {"address": "127.0.0.1", "port_value": 0}});
        let routes = Value::Array(self.routes.clone());
        let mut listeners = vec![json!({"name": "shop", "address": local,
            "filter_chains": [manager(&routes, self.access_logs())]})];
        let answer = json!([{"match": {"prefix": "/"}, "direct_response": {"status": 200}}]);
        for kind in ["expired", "future", "self", "other"] {
            let file = |end: &str| {
                self.folder.join(format!("{kind}.{end}")).to_string_lossy().into_owned()
            };
            let socket = json!({"transport_socket": {"name": "tls", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                "common_tls_context": {"tls_certificates": [{
                    "certificate_chain": {"filename": file("pem")}, "private_key": {"filename": file("key")}}]}}}});
            listeners.push(json!({"name": kind, "address": {"pipe": {"path": file("sock")}},
                "filter_chains": [merged(manager(&answer, json!([])), socket)]}));
        }
        json!({
            "admin": {"address": local},
            "layered_runtime": {"layers": [{"name": "staged", "static_layer": self.runtime}]},
            "static_resources": {"listeners": listeners, "clusters": self.clusters},
        })
    }

    fn access_logs(&self) -> Value {
        const FILE: &str =
            "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog";
        let file = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let fields = json!({
            "start_time": "%START_TIME%", "method": "%REQ(:METHOD)%",
            "path": "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%", "protocol": "%PROTOCOL%",
            "response_code": "%RESPONSE_CODE%", "response_flags": "%RESPONSE_FLAGS%",
            "response_code_details": "%RESPONSE_CODE_DETAILS%",
            "connection_termination_details": "%CONNECTION_TERMINATION_DETAILS%",
            "upstream_transport_failure_reason": "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
            "bytes_sent": "%BYTES_SENT%", "duration": "%DURATION%",
            "upstream_service_time": "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
            "x_forwarded_for": "%REQ(X-FORWARDED-FOR)%", "user_agent": "%REQ(USER-AGENT)%",
            "request_id": "%REQ(X-REQUEST-ID)%", "authority": "%REQ(:AUTHORITY)%",
            "upstream_host": "%UPSTREAM_HOST%", "upstream_cluster": "%UPSTREAM_CLUSTER%",
            "downstream_remote_address": "%DOWNSTREAM_REMOTE_ADDRESS%",
        });
        let istio = "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" \
            %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% \
            \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\" %BYTES_RECEIVED% %BYTES_SENT% %DURATION% \
            %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \
            \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER% \
            %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% \
            %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";
        json!([
            {"name": "default", "typed_config": {"@type": FILE, "path": file("access.log")}},
            {"name": "json", "typed_config": {"@type": FILE, "path": file("access.json"),
                "log_format": {"json_format": fields}}},
            {"name": "istio", "typed_config": {"@type": FILE, "path": file("access.istio"),
                "log_format": {"text_format_source": {"inline_string": istio}}}},
        ])
    }
}

/// Endpoints at these ports of the loopback.
fn endpoints(ports: &[u16]) -> Value {
    let host = |port: &u16| {
        json!({"endpoint": {"address":
            {"socket_address": {"address": "127.0.0.1", "port_value": port}}}})
    };
    ports.iter().map(host).collect()
}

fn endpoint(address: Value) -> Value {
    json!([{"endpoint": {"address": address}}])
}

/// One object with the members of both.
fn merged(mut this: Value, that: Value) -> Value {
    if let (Value::Object(this), Value::Object(that)) = (&mut this, that) {
        this.extend(that);
    }
    this
}
