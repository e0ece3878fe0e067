//! The gateway or the client ends the exchange, and no upstream failed.

use std::time::Duration;

use super::{Prelude, Stage};
use crate::client::Ask;
use crate::upstream::{self, Behaviour};

impl Stage {
    pub(super) fn policies(&mut self) {
        let healthy = upstream::listen(Behaviour::Serves(Duration::ZERO));
        let dead = upstream::closed_port();
        let pass = format!("proxy_pass http://127.0.0.1:{healthy};");
        self.add("denied", "deny all", &format!("deny all; {pass}"), "gateway-denied", &[])
            .cause("policy-denied", &[]);
        self.parts.http.push_str(
            "limit_req_zone $server_name zone=orders:1m rate=1r/m;\n\
             limit_req_zone $server_name zone=patient:1m rate=5r/s;\n",
        );
        self.add(
            "limit-req",
            "a second request where one a minute is allowed",
            &format!("limit_req zone=orders; {pass}"),
            "gateway-denied",
            &["connection-limit"],
        )
        .after(Prelude::Asked)
        .cause("policy-denied", &["limit-too-low"]);
        self.add(
            "limit-req-delay",
            "a second request that only has to wait",
            &format!("limit_req zone=patient burst=5; {pass}"),
            "none",
            &[],
        )
        .after(Prelude::Asked);
        self.add("return-444", "return 444", "return 444;", "gateway-denied", &["none", "unknown"]);
        self.add(
            "return-503",
            "return 503",
            "return 503;",
            "unknown",
            &["gateway-denied", "no-upstream"],
        )
        .in_combined("unknown", &["gateway-denied", "upstream-unavailable"]);
        self.add("return-200", "return 200", "return 200 'up';", "none", &[]);
        self.add(
            "no-index",
            "a folder without an index",
            "autoindex off; alias /usr/;",
            "gateway-denied",
            &["none", "no-upstream"],
        );
        self.exchanges.last_mut().expect("just pushed").path =
            format!("/s{:02}/", self.exchanges.len());
        for (name, port) in [("permit", healthy), ("broken", dead)] {
            self.parts.locations.push_str(&format!(
                "location = /auth/{name} {{ internal; proxy_pass_request_body off; \
             proxy_pass http://127.0.0.1:{port}; }}\n"
            ));
        }
        self.add(
            "auth-permits",
            "the authorization service permits",
            &format!("auth_request /auth/permit; {pass}"),
            "none",
            &[],
        );
        self.add(
            "auth-refused-connection",
            "the authorization service is down",
            &format!("auth_request /auth/broken; {pass}"),
            "connect-refused",
            &["connect-failed", "gateway-internal"],
        );
        self.add(
            "redirect-cycle",
            "a rewrite that leads to itself",
            "rewrite ^(.*)$ $1/ last;",
            "gateway-internal",
            &["gateway-loop"],
        );
    }

    pub(super) fn clients(&mut self) {
        let silent = || Behaviour::Stalls(Vec::new());
        let leaves =
            |after| Ask { leaves_after: Some(Duration::from_millis(after)), ..Ask::default() };
        self.behind(
            "client-leaves",
            "the client leaves before the headers",
            silent(),
            "client-closed",
            &[],
        )
        .asks(leaves(200))
        .cause("client-aborted", &["upstream-slow", "timeout-too-low"]);
        let part = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nonly the first part".to_vec();
        self.behind(
            "client-leaves-in-body",
            "the client leaves within the body",
            Behaviour::Stalls(part),
            "client-closed",
            &[],
        )
        .asks(leaves(200))
        .cause("client-aborted", &["upstream-slow", "timeout-too-low"]);
        let healthy = format!(
            "proxy_pass http://127.0.0.1:{};",
            upstream::listen(Behaviour::Serves(Duration::ZERO))
        );
        self.add(
            "client-large-body",
            "a body over client_max_body_size",
            &format!("client_max_body_size 1k; {healthy}"),
            "client-invalid",
            &["gateway-denied"],
        )
        .asks(Ask { method: "POST", body: 9_000, ..Ask::default() })
        .cause("client-bad-request", &["buffer-too-small", "limit-too-low", "policy-denied"]);
        self.add(
            "client-slow-body",
            "a body that does not come",
            &format!("client_body_timeout 400ms; {healthy}"),
            "client-invalid",
            &["client-closed"],
        )
        .asks(Ask { method: "POST", body: 10, announced: Some(500), ..Ask::default() });
        self.add("client-no-host", "a request without Host", &healthy, "client-invalid", &[])
            .asks(Ask {
                raw: b"GET /s00/orders HTTP/1.1\r\nConnection: close\r\n\r\n",
                ..Ask::default()
            })
            .in_combined("client-invalid", &["none", "unknown"]);
        self.add("client-tls", "TLS to the plaintext port", &healthy, "client-invalid", &[])
            .asks(Ask {
                raw: b"\x16\x03\x01\x01\x00\x01\x00\x00\xfc\x03\x03\x0a\x0a\r\n\r\n",
                ..Ask::default()
            })
            .in_combined("client-invalid", &["none", "unknown"]);
    }
}
