//! Clusters for the upstreams of a stage, and servers in TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};

use crate::certificates;
use crate::configuration::{address, merge};
use crate::upstream::{self, Behaviour, Ending};

/// The transport socket of a server with this certificate.
pub(super) fn server(folder: &Path, certificate: &str, more: &Value) -> Value {
    let file = |name: String| json!({"filename": folder.join(name)});
    let mut context = json!({
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        "common_tls_context": {"tls_certificates": [{
            "certificate_chain": file(format!("{certificate}.pem")),
            "private_key": file(format!("{certificate}.key")),
        }]},
    });
    merge(&mut context, more);
    json!({"name": "tls", "typed_config": context})
}

/// A port for a listener of Envoy's, which shares it: so nobody else gets it before Envoy runs.
pub(super) fn shared_port() -> u16 {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_reuse_port(true).unwrap();
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    let port = upstream::port_of(&socket);
    // Bound and never listening: all connections are Envoy's.
    std::mem::forget(socket);
    port
}

/// Endpoints on these ports.
pub(super) fn cluster(ports: &[u16]) -> Value {
    let endpoint = |port: &u16| json!({"endpoint": {"address": address(*port)}});
    let endpoints: Vec<Value> = ports.iter().map(endpoint).collect();
    json!({
        "connect_timeout": "5s",
        "load_assignment": {"cluster_name": "c", "endpoints": [{"lb_endpoints": endpoints}]},
    })
}

/// A cluster with more to it.
pub(super) fn cluster_with(ports: &[u16], more: Value) -> Value {
    let mut cluster = cluster(ports);
    merge(&mut cluster, &more);
    cluster
}

/// The cluster spoken to in HTTP/2.
pub(super) fn http2_cluster(port: u16) -> Value {
    cluster_with(
        &[port],
        json!({"typed_extension_protocol_options":
        {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": {"http2_protocol_options": {}},
        }}}),
    )
}

/// The cluster spoken to in TLS; the context has more than that.
pub(super) fn tls(port: u16, folder: &Path, more: Value) -> Value {
    let mut context = json!({
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        "sni": certificates::NAME,
        "common_tls_context": {"validation_context": {
            "trusted_ca": {"filename": folder.join("ca.pem")},
        }},
    });
    merge(&mut context, &more);
    cluster_with(&[port], json!({"transport_socket": {"name": "tls", "typed_config": context}}))
}

/// An upstream that answers whatever is asked.
pub(super) fn well() -> u16 {
    upstream::listen(Behaviour::Serves(Duration::ZERO))
}

pub(super) fn answers(bytes: Vec<u8>, ending: Ending) -> u16 {
    upstream::listen(Behaviour::Answers(bytes, ending))
}
