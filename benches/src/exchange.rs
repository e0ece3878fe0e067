//! One exchange of each kind, as a proxy knows it.

use core::time::Duration;
use why502::evidence::{Protocol, Sign};
use why502::{Evidence, Fault, Gateway, Phase, builder::Builder};

/// An exchange with the fault that it ends in.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// What happens in it.
    pub name: &'static str,
    /// What is concluded of it.
    pub fault: Fault,
    /// All that is known about it.
    pub evidence: fn() -> Evidence<'static>,
}

/// What every exchange of these has in common.
fn begun(status: u16) -> Builder<'static> {
    Evidence::builder()
        .gateway(Gateway::Nginx)
        .status(status)
        .request("GET", "/cart/items?page=2")
        .authority("shop.example")
        .protocol(Protocol::Http)
        .upstream("10.0.0.3:8080")
}

/// The upstream took the connection.
fn connected(status: u16) -> Builder<'static> {
    begun(status).connected_in(Duration::from_micros(400)).reused_connection(false)
}

/// One of each kind.
pub const EXCHANGES: &[Exchange] = &[
    Exchange {
        name: "refused",
        fault: Fault::ConnectRefused,
        evidence: || begun(502).errno(Phase::Connect, 111).total(Duration::from_millis(1)).build(),
    },
    Exchange {
        name: "connect timeout",
        fault: Fault::ConnectTimeout,
        evidence: || {
            begun(504)
                .timed_out(Phase::Connect)
                .connect_limit(Duration::from_secs(60))
                .total(Duration::from_millis(60_001))
                .build()
        },
    },
    Exchange {
        name: "name not found",
        fault: Fault::DnsNotFound,
        evidence: || {
            Evidence::builder()
                .gateway(Gateway::Nginx)
                .status(502)
                .request("GET", "/cart/items?page=2")
                .authority("shop.example")
                .upstream("cart.internal.example:8080")
                .sign(Sign::NameNotFound, Phase::Resolve, Some(3))
                .resolved_in(Duration::from_millis(2))
                .build()
        },
    },
    Exchange {
        name: "certificate expired",
        fault: Fault::TlsCertificateExpired,
        evidence: || {
            connected(502)
                .protocol(Protocol::Https)
                .tls_verify_error(10)
                .handshake_in(Duration::from_millis(3))
                .build()
        },
    },
    Exchange {
        name: "response timeout",
        fault: Fault::ResponseTimeout,
        evidence: || {
            connected(504)
                .timed_out(Phase::ResponseHeaders)
                .response_limit(Duration::from_secs(60))
                .total(Duration::from_millis(60_001))
                .build()
        },
    },
    Exchange {
        name: "closed",
        fault: Fault::ResponseClosed,
        evidence: || {
            connected(502)
                .reused_connection(true)
                .closed(Phase::ResponseHeaders)
                .received(0)
                .total(Duration::from_millis(2))
                .build()
        },
    },
    Exchange {
        name: "reset",
        fault: Fault::ResponseReset,
        evidence: || {
            connected(502)
                .reset(Phase::ResponseHeaders)
                .received(0)
                .total(Duration::from_millis(812))
                .build()
        },
    },
    Exchange {
        name: "header too large",
        fault: Fault::ResponseHeaderTooLarge,
        evidence: || {
            connected(502)
                .sign(Sign::HeaderTooLarge, Phase::ResponseHeaders, None)
                .header_limit(4096)
                .total(Duration::from_millis(41))
                .build()
        },
    },
    Exchange {
        name: "body truncated",
        fault: Fault::BodyTruncated,
        evidence: || {
            connected(200)
                .closed(Phase::ResponseBody)
                .received(18_322)
                .first_byte_in(Duration::from_millis(38))
                .total(Duration::from_millis(912))
                .build()
        },
    },
    Exchange {
        name: "upstream 503",
        fault: Fault::UpstreamUnavailable,
        evidence: || {
            Evidence::builder()
                .gateway(Gateway::Nginx)
                .status(503)
                .request("GET", "/cart/items?page=2")
                .authority("shop.example")
                .protocol(Protocol::Http)
                .attempt("10.0.0.3:8080", Some(503))
                .connected_in(Duration::from_micros(400))
                .first_byte_in(Duration::from_millis(2))
                .total(Duration::from_millis(2))
                .build()
        },
    },
    Exchange {
        name: "client closed",
        fault: Fault::ClientClosed,
        evidence: || {
            connected(499)
                .sign(Sign::ClientGone, Phase::Client, None)
                .total(Duration::from_millis(8_012))
                .build()
        },
    },
    Exchange {
        name: "healthy",
        fault: Fault::None,
        evidence: || {
            Evidence::builder()
                .gateway(Gateway::Nginx)
                .status(200)
                .request("GET", "/cart/items?page=2")
                .authority("shop.example")
                .protocol(Protocol::Http)
                .attempt("10.0.0.3:8080", Some(200))
                .connected_in(Duration::from_micros(400))
                .first_byte_in(Duration::from_millis(38))
                .total(Duration::from_millis(39))
                .build()
        },
    },
];
