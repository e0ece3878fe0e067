//! Envoy's configuration: the listeners that are tested, each with the filter, and what a stage adds.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

/// What a stage adds to the configuration.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) clusters: Vec<Value>,
    pub(crate) routes: Vec<Value>,
    /// HTTP filters between the one under test and the router.
    pub(crate) filters: Vec<Value>,
    /// Listeners beside those under test.
    pub(crate) listeners: Vec<Value>,
    /// What the listener under test has of its own.
    pub(crate) manager: Value,
    /// More listeners under test, to the same routes.
    pub(crate) doors: Vec<Door>,
    /// What the whole configuration has of its own.
    pub(crate) more: Value,
}

/// A listener under test.
pub(crate) struct Door {
    pub(crate) name: &'static str,
    /// The filter's settings there.
    pub(crate) settings: Value,
    /// Merged into the HTTP connection manager.
    pub(crate) manager: Value,
    /// The transport socket; null for none.
    pub(crate) socket: Value,
    /// Whether the stage's filters stand in front of the one under test.
    pub(crate) last: bool,
}

/// The fields of the access log, with their names in records.
const FIELDS: &[(&str, &str)] = &[
    // The path, but where a client says which case it is.
    ("case", "%REQ(X-CASE?:PATH)%"),
    ("status", "%RESPONSE_CODE%"),
    ("flags", "%RESPONSE_FLAGS%"),
    ("details", "%RESPONSE_CODE_DETAILS%"),
    ("termination", "%CONNECTION_TERMINATION_DETAILS%"),
    ("transport", "%UPSTREAM_TRANSPORT_FAILURE_REASON%"),
    ("trailer", "%TRAILER(GRPC-STATUS)%"),
    ("fault", "%FILTER_STATE(wasm.why502.fault:PLAIN)%"),
    ("cause", "%FILTER_STATE(wasm.why502.cause:PLAIN)%"),
    ("proxy_status", "%FILTER_STATE(wasm.why502.proxy_status:PLAIN)%"),
];

/// The whole configuration. The first listener is the one that the stage gives no other name.
pub(crate) fn build(module: &Path, folder: &Path, parts: &Parts, settings: &Value) -> Value {
    let door = |door: &Door| {
        let Door { name, settings, manager, socket, last } = door;
        let mut whole = json!({
            "@type": "type.googleapis.com/envoy.extensions.filters.network.\
                      http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": name,
            "access_log": [{"name": "file", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
                "path": folder.join("access.log"),
                "log_format": {"json_format": FIELDS.iter().copied().collect::<BTreeMap<_, _>>()},
            }}],
            "route_config": {
                "validate_clusters": false,
                "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": parts.routes}],
            },
            "http_filters": filters(module, settings, &parts.filters, *last),
        });
        merge(&mut whole, manager);
        let mut chain = json!({"filters": [{"name": "hcm", "typed_config": whole}]});
        if !socket.is_null() {
            chain["transport_socket"] = socket.clone();
        }
        json!({"name": name, "address": address(0), "filter_chains": [chain]})
    };
    let (settings, manager) = (settings.clone(), parts.manager.clone());
    let tested = Door { name: "tested", settings, manager, socket: Value::Null, last: false };
    let mut listeners = vec![door(&tested)];
    listeners.extend(parts.listeners.iter().cloned());
    listeners.extend(parts.doors.iter().map(door));
    let tag = |name: &str, regex: &str| json!({"tag_name": name, "regex": regex});
    let mut whole = json!({
        "node": {"id": "tested", "cluster": "tested"},
        "admin": {"address": address(0)},
        "stats_config": {"stats_tags": [
            tag("why502_fault", r"^wasmcustom\.why502_.*(\.fault\.([a-z0-9-]+))"),
            tag("why502_category", r"^wasmcustom\.why502_.*(\.category\.([a-z0-9-]+))"),
            tag("why502_cluster", r"^wasmcustom\.why502_.*(\.cluster\.(.+))$"),
        ]},
        "static_resources": {"listeners": listeners, "clusters": parts.clusters},
    });
    merge(&mut whole, &parts.more);
    whole
}

/// The filter under test and those of the stage, in one order or the other, and the router.
fn filters(module: &Path, settings: &Value, others: &[Value], last: bool) -> Vec<Value> {
    let ours = json!({
        "name": "why502",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
            "config": {
                "name": "why502",
                "root_id": "why502",
                "vm_config": {
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": {"local": {"filename": module}},
                },
                "configuration": {
                    "@type": "type.googleapis.com/google.protobuf.StringValue",
                    "value": settings.to_string(),
                },
            },
        },
    });
    let mut filters = others.to_vec();
    filters.insert(if last { filters.len() } else { 0 }, ours);
    filters.push(router());
    filters
}

pub(crate) fn router() -> Value {
    json!({"name": "router", "typed_config":
        {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}})
}

pub(crate) fn address(port: u16) -> Value {
    json!({"socket_address": {"address": "127.0.0.1", "port_value": port}})
}

/// Puts the members of `more` into `whole`, at every depth.
pub(crate) fn merge(whole: &mut Value, more: &Value) {
    match (whole, more) {
        (Value::Object(whole), Value::Object(more)) => {
            for (name, value) in more {
                merge(whole.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (_, Value::Null) => {}
        (whole, more) => *whole = more.clone(),
    }
}
