//! The gateways whose words are known.

use super::ids;

ids! {
    /// Who reported the exchange.
    pub enum Gateway: "gateway" {
        /// nginx, and what is built on it where it speaks nginx's own words.
        Nginx = "nginx",
        /// Envoy, and what is built on it: Istio's proxies and gateways, Envoy Gateway, Contour.
        Envoy = "envoy",
        /// HAProxy.
        Haproxy = "haproxy",
        /// Apache HTTP Server with its proxy modules.
        Apache = "apache",
    }
}
