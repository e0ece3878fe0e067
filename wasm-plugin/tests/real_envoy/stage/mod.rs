//! The faults that are staged, each with what Envoy's evidence can tell of it.

mod bodies;
mod clients;
mod clusters;
mod connections;
mod handshakes;
mod headers;
mod names;
mod policies;
mod responses;
mod selection;
mod streams;
mod timeouts;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use clusters::{answers, cluster, cluster_with, http2_cluster, server, shared_port, tls, well};
use serde_json::{Value, json};

use crate::client::Ask;
use crate::configuration::{Door, Parts, address, merge, router};
use crate::gateway::{Envoy, Response};
use crate::h2;
use crate::upstream::{self, Ending, response};

/// One exchange.
pub(crate) struct Case {
    pub(crate) path: &'static str,
    pub(crate) told: Told,
    /// The faults that are right: one, where Envoy's evidence can tell.
    pub(crate) faults: &'static [&'static str],
    /// What our Proxy-Status member says: an error type, or the status that the upstream answered with.
    pub(crate) proxy_status: &'static str,
    /// The same, as it is true by construction: where it differs, Envoy's evidence does not tell.
    pub(crate) truth: &'static str,
    /// Whether the verdict is known when the response's headers are sent.
    pub(crate) in_headers: bool,
    pub(crate) body: Body,
    /// What else has to be true of the response.
    pub(crate) also: Vec<Check>,
    pub(crate) before: Before,
    client: Client,
    /// The listener that is asked.
    door: &'static str,
}

/// Something that has to be true of a response, with its name.
pub(crate) type Check = (&'static str, fn(&Response) -> bool);

/// How an exchange counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is healthy, or at least nobody's business here.
    Nothing,
    Failure,
    /// The client's doing, or a policy's: counted, and no line is written.
    Apart,
    /// Envoy answers before any filter sees the request: nothing can be told, and nothing is counted.
    Unseen,
}

/// What body the client gets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    Any,
    None,
    Problem,
    /// HTML for everybody.
    Page,
    /// Plain text for everybody.
    Text,
    /// A problem with the diagnosis.
    Diagnosis,
    Own(&'static str),
}

/// What happens before the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    Nothing,
    /// A request to the same path, that ends well.
    Request,
    /// A request to the same path, that fails so.
    Failure(&'static str),
    /// Envoy is put under this pressure, and relieved of it afterwards.
    Pressure,
}

/// Who asks.
enum Client {
    Http1(Ask),
    /// `curl` with these arguments, for HTTP/2 and TLS.
    Curl(&'static [&'static str]),
    /// HTTP/2 frames, one group after the other, with a pause between them.
    Frames(Vec<Vec<u8>>),
}

pub(crate) struct Stage {
    pub(crate) parts: Parts,
    pub(crate) cases: Vec<Case>,
    folder: PathBuf,
}

/// All cases.
pub(crate) fn build(folder: &Path) -> Stage {
    let mut stage = Stage { parts: Parts::default(), cases: Vec::new(), folder: folder.into() };
    connections::add(&mut stage);
    names::add(&mut stage);
    handshakes::add(&mut stage);
    responses::add(&mut stage);
    timeouts::add(&mut stage);
    bodies::add(&mut stage);
    streams::add(&mut stage);
    selection::add(&mut stage);
    policies::add(&mut stage);
    headers::add(&mut stage);
    clients::add(&mut stage);
    // Envoy's own member stands behind ours, under a name of its own.
    let compared = json!({
        "proxy_status_config": {"literal_proxy_name": "builtin", "remove_details": true},
        "max_request_headers_kb": 192,
        // Else every response that closes its connection takes a second, and draining five.
        "delayed_close_timeout": "0.05s",
        "drain_timeout": "0.3s",
    });
    stage.parts.manager = compared.clone();
    for door in &mut stage.parts.doors {
        let mut manager = compared.clone();
        merge(&mut manager, &door.manager);
        door.manager = manager;
    }
    stage
}

/// What a soak meets: one upstream that is well, and some that are not.
pub(crate) fn soak() -> Parts {
    let mut stage =
        Stage { parts: Parts::default(), cases: Vec::new(), folder: PathBuf::default() };
    stage.plain(healthy("/well"), well());
    stage.plain(healthy("/refused"), upstream::closed_port());
    stage.case(healthy("/empty"), cluster(&[]), json!({}));
    stage.plain(healthy("/closed"), answers(Vec::new(), Ending::Fin));
    let busy = response("503 Busy", "", &"busy ".repeat(100));
    stage.plain(healthy("/busy"), answers(busy, Ending::Fin));
    stage.plain(healthy("/cut"), answers(bodies::CUT.to_vec(), Ending::Fin));
    stage.parts
}

/// A failure that is known when the response's headers are sent.
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
        truth: proxy_status,
        in_headers: true,
        body: Body::Problem,
        also: Vec::new(),
        before: Before::Nothing,
        client: Client::Http1(Ask::default()),
        door: "tested",
    }
}

/// A failure that is known when the response has begun, or when there is nobody to answer any more.
fn late(path: &'static str, faults: &'static [&'static str], proxy_status: &'static str) -> Case {
    let case = failure(path, faults, proxy_status).body(Body::Any);
    Case { in_headers: false, ..case }
}

fn healthy(path: &'static str) -> Case {
    Case { told: Told::Nothing, body: Body::Any, ..failure(path, &[], "-") }
}

/// Envoy answers before any filter sees the request.
fn unseen(path: &'static str, truth: &'static str) -> Case {
    Case { told: Told::Unseen, ..healthy(path) }.truly(truth)
}

impl Case {
    pub(crate) fn run(&self, envoy: &Envoy) -> Vec<u8> {
        let port = envoy.door(self.door);
        match self.before {
            Before::Nothing => {}
            Before::Request | Before::Failure(_) => {
                self.ask(port, &format!("{}?before", self.path));
                // What Envoy learns of it comes to its workers a moment later.
                thread::sleep(Duration::from_millis(200));
            }
            Before::Pressure => envoy.press("1"),
        }
        let bytes = self.ask(port, self.path);
        if self.before == Before::Pressure {
            envoy.press("0");
        }
        bytes
    }

    fn ask(&self, port: u16, path: &str) -> Vec<u8> {
        match &self.client {
            Client::Http1(ask) => ask.run(port, path),
            Client::Curl(arguments) => h2::curl(port, path, arguments, self.door == "secure"),
            Client::Frames(groups) => h2::send(port, groups),
        }
    }

    fn asks(self, ask: Ask) -> Self {
        Self { client: Client::Http1(ask), ..self }
    }

    /// With these header lines.
    fn with_headers(self, headers: &'static str) -> Self {
        self.asks(Ask { headers, ..Ask::default() })
    }

    fn curl(self, arguments: &'static [&'static str]) -> Self {
        Self { client: Client::Curl(arguments), ..self }
    }

    fn frames(self, groups: Vec<Vec<u8>>) -> Self {
        Self { client: Client::Frames(groups), ..self }
    }

    fn body(self, body: Body) -> Self {
        Self { body, ..self }
    }

    fn truly(self, truth: &'static str) -> Self {
        Self { truth, ..self }
    }

    /// The client's doing, or a policy's.
    fn apart(self) -> Self {
        Self { told: Told::Apart, body: Body::Any, ..self }
    }

    fn before(self, before: Before) -> Self {
        Self { before, ..self }
    }

    fn through(self, door: &'static str) -> Self {
        Self { door, ..self }
    }

    fn and(mut self, what: &'static str, holds: fn(&Response) -> bool) -> Self {
        self.also.push((what, holds));
        self
    }
}

impl Stage {
    /// Adds a case whose path leads to this cluster by this route action.
    fn case(&mut self, case: Case, mut cluster: Value, action: Value) {
        self.cluster(case.path, &mut cluster);
        let mut action = action;
        action["cluster"] = name(case.path).into();
        self.routed(case, json!({"route": action}));
    }

    fn cluster(&mut self, path: &str, cluster: &mut Value) {
        cluster["name"] = name(path).into();
        self.parts.clusters.push(cluster.take());
    }

    /// Adds a case with a route of its own.
    fn routed(&mut self, case: Case, mut route: Value) {
        if route["match"].is_null() {
            route["match"] = json!({"path": case.path});
        }
        self.parts.routes.push(route);
        self.cases.push(case);
    }

    /// Adds a case with a plain cluster for this port.
    fn plain(&mut self, case: Case, port: u16) {
        self.case(case, cluster(&[port]), json!({}));
    }

    /// Adds a case whose requests pass this HTTP filter, as no others do.
    fn guarded(&mut self, case: Case, kind: &str, mut settings: Value, port: u16) {
        settings["@type"] =
            format!("type.googleapis.com/envoy.extensions.filters.http.{kind}").into();
        let filter = format!("guard{}", case.path);
        self.parts
            .filters
            .push(json!({"name": filter, "disabled": true, "typed_config": settings}));
        self.cluster(case.path, &mut cluster(&[port]));
        let cluster = name(case.path);
        self.routed(case, json!({
            "route": {"cluster": cluster},
            "typed_per_filter_config": {filter: {
                "@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "config": {}}},
        }));
    }

    /// A port on which Envoy itself serves TLS with this certificate. The context, and the listener,
    /// have more than that.
    fn secure(&mut self, certificate: &str, context: Value, listener: Value) -> u16 {
        let port = shared_port();
        let mut manager = json!({
            "@type": "type.googleapis.com/envoy.extensions.filters.network.\
                      http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "upstream",
            "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                {"match": {"prefix": "/"}, "direct_response": {"status": 200}}]}]},
            "http_filters": [router()],
        });
        merge(&mut manager, &listener["manager"]);
        let socket = server(&self.folder, certificate, &context);
        let mut chain = json!({"transport_socket": socket,
            "filters": [{"name": "hcm", "typed_config": manager}]});
        merge(&mut chain, &listener["chain"]);
        self.parts.listeners.push(json!({
            "name": format!("secure_{port}"),
            "address": address(port),
            "filter_chains": [chain],
            "listener_filters": listener["filters"],
        }));
        port
    }

    fn door(&mut self, name: &'static str, settings: Value, manager: Value, socket: Value) {
        self.parts.doors.push(Door { name, settings, manager, socket, last: name == "last" });
    }
}

/// The cluster of a path: a name that no client may learn.
pub(crate) fn name(path: &str) -> String {
    format!("hidden-{}", path.trim_start_matches('/'))
}
