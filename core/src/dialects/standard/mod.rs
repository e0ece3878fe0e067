//! What several gateways share: the words of operating systems, TLS libraries and standards.

pub(crate) mod errno;
pub(crate) mod http_message;
pub(crate) mod text;
pub(crate) mod tls;
