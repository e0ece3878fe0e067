//! The gateways whose words are known.

use super::ids;

ids! {
    /// Who reported the exchange.
    pub enum Gateway: "gateway" {
        /// nginx, and what is built on it where it speaks nginx's own words.
        Nginx = "nginx",
    }
}
