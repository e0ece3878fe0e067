//! No server to send to, or no address for its name.

use std::time::Duration;

use super::{Prelude, Stage};
use crate::resolver;
use crate::upstream::{self, Behaviour};

impl Stage {
    pub(super) fn selection(&mut self) {
        let (one, two) = (upstream::closed_port(), upstream::closed_port());
        let pool = self.group(&format!(
            "server 127.0.0.1:{one} fail_timeout=60s; server 127.0.0.1:{two} fail_timeout=60s;"
        ));
        self.add(
            "none-live",
            "both servers were marked down before",
            &format!("proxy_pass http://{pool};"),
            "no-healthy-upstream",
            &[],
        )
        .after(Prelude::Asked);
        let slow = upstream::listen(Behaviour::Serves(Duration::from_millis(500)));
        let pool = self.group(&format!("server 127.0.0.1:{slow} max_conns=1;"));
        self.add(
            "max-conns",
            "the only server has as many connections as it may",
            &format!("proxy_pass http://{pool};"),
            "no-healthy-upstream",
            &["connection-limit"],
        )
        .after(Prelude::Running);
        let down = upstream::listen(Behaviour::Serves(Duration::ZERO));
        let pool = self.group(&format!("server 127.0.0.1:{down} down;"));
        self.add(
            "marked-down",
            "the only server is marked down in the configuration",
            &format!("proxy_pass http://{pool};"),
            "no-healthy-upstream",
            &["no-upstream"],
        );
        self.add(
            "no-location",
            "a path for which there is neither location nor file",
            "",
            "no-upstream",
            &["none"],
        );
        self.parts.http.push_str("limit_conn_zone $server_name zone=visitors:1m;\n");
        let slow = upstream::listen(Behaviour::Serves(Duration::from_millis(500)));
        self.add(
            "limit-conn",
            "a second connection where one is allowed",
            &format!("limit_conn visitors 1; proxy_pass http://127.0.0.1:{slow};"),
            "connection-limit",
            &["gateway-denied"],
        )
        .after(Prelude::Running)
        .cause(
            "limit-too-low",
            &["policy-denied", "upstream-slow", "upstream-overloaded", "unknown"],
        );
    }

    pub(super) fn names(&mut self) {
        let server = resolver::listen();
        let resolver =
            format!("resolver 127.0.0.1:{server} valid=1s ipv6=off; resolver_timeout 1s;");
        let port = upstream::listen(Behaviour::Serves(Duration::ZERO));
        let by_name = |name: &str, resolver: &str| {
            format!("{resolver} set $cart {name}.shop.example; proxy_pass http://$cart:{port};")
        };
        const RESOLVER: &[&str] = &["dns-record-wrong", "provider-outage"];
        self.add("healthy-name", "an upstream by name", &by_name("cart", &resolver), "none", &[]);
        self.add(
            "name-missing",
            "the name server says NXDOMAIN",
            &by_name("stock", &resolver),
            "dns-not-found",
            &["dns-failed"],
        )
        .cause("dns-record-wrong", &["upstream-address-wrong"]);
        self.add(
            "name-empty",
            "the name has no address",
            &by_name("mail", &resolver),
            "dns-not-found",
            &["dns-failed"],
        )
        .cause("dns-record-wrong", &["upstream-address-wrong"]);
        self.add(
            "name-broken",
            "the name server says SERVFAIL",
            &by_name("billing", &resolver),
            "dns-failed",
            &[],
        )
        .cause("dns-resolver-failing", RESOLVER);
        self.add(
            "name-forbidden",
            "the name server says REFUSED",
            &by_name("admin", &resolver),
            "dns-failed",
            &[],
        )
        .cause("dns-resolver-failing", RESOLVER);
        self.add(
            "name-silent",
            "the name server does not answer",
            &by_name("search", &resolver),
            "dns-timeout",
            &["dns-failed"],
        )
        .cause("dns-resolver-failing", &["network-path-down", "firewall-blocking"]);
        self.add(
            "no-resolver",
            "a name at run time and no resolver set",
            &by_name("cart", ""),
            "dns-failed",
            &["dns-not-found"],
        )
        .cause("dns-resolver-failing", &["gateway-misconfigured"]);
        self.add(
            "no-scheme",
            "a target without scheme",
            "set $cart cart; proxy_pass $cart;",
            "connect-invalid",
            &["gateway-internal"],
        )
        .cause("upstream-address-wrong", &["gateway-misconfigured", "scheme-mismatch"]);
    }
}
