//! Where in the life of one upstream exchange something happened.

use super::ids;

ids! {
    /// The steps of one upstream exchange, in their order.
    pub enum Phase: "phase" {
        /// Choosing an upstream.
        Select = "select",
        /// Looking up its name.
        Resolve = "resolve",
        /// Making the connection.
        Connect = "connect",
        /// The TLS handshake.
        Tls = "tls",
        /// Sending the request.
        Request = "request",
        /// Waiting for the response's headers and reading them.
        ResponseHeaders = "response-headers",
        /// Reading the response's body.
        ResponseBody = "response-body",
        /// Work of the gateway's own.
        Gateway = "gateway",
        /// The client's side of the exchange.
        Client = "client",
    }
}
