//! The kinds of trouble that an operator thinks in.

use super::ids;

ids! {
    /// The kind of trouble that a cause belongs to.
    pub enum Category: "category" {
        /// The way to the upstream: network, names, certificates.
        Connectivity = "connectivity",
        /// The upstream does not manage its work.
        Overload = "overload",
        /// A setting does not fit.
        Misconfiguration = "misconfiguration",
        /// Somebody changes or repairs something, here or at a provider.
        Maintenance = "maintenance",
        /// One side breaks the protocol.
        Protocol = "protocol",
        /// The gateway itself.
        Gateway = "gateway",
        /// The client.
        Client = "client",
        /// The evidence does not tell.
        Unknown = "unknown",
    }
}
