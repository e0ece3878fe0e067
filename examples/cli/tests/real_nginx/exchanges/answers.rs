//! The upstream answers: healthy exchanges, near misses, and errors of its own.

use std::time::Duration;

use super::Stage;
use crate::client::Ask;
use crate::upstream::{self, Behaviour, Ending, response};

impl Stage {
    pub(super) fn answers(&mut self) {
        let text = |status: &str| response(status, "", "an order\n");
        self.answered("healthy-200", "a healthy answer", text("200 OK"), "none", &[]);
        self.answered(
            "healthy-200-kept",
            "the client keeps the connection",
            text("200 OK"),
            "none",
            &[],
        )
        .asks(Ask { keeps_alive: true, ..Ask::default() });
        let big = response("200 OK", "", &"0123456789".repeat(40_000));
        self.answered("healthy-200-big", "a healthy answer of 400 kB", big, "none", &[]);
        let chunked =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        let location = format!(
            "proxy_pass http://127.0.0.1:{}; proxy_http_version 1.1;",
            upstream::listen(Behaviour::Answers(chunked.to_vec(), Ending::Fin))
        );
        self.add("healthy-chunked", "a healthy chunked answer", &location, "none", &[]);
        let unframed = b"HTTP/1.1 200 OK\r\n\r\nuntil the close\n".to_vec();
        self.answered("healthy-until-close", "a body that the close ends", unframed, "none", &[]);
        self.answered(
            "healthy-204",
            "an answer without body",
            b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
            "none",
            &[],
        );
        let moved = response("301 Moved Permanently", "Location: /orders\r\n", "");
        self.answered("healthy-301", "a redirect", moved, "none", &[]);
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".to_vec();
        self.answered("healthy-head", "HEAD: a length and no body", head, "none", &[])
            .asks(Ask { method: "HEAD", ..Ask::default() });
        self.answered("healthy-post", "a POST of 20 kB", text("201 Created"), "none", &[])
            .asks(Ask { method: "POST", body: 20_000, ..Ask::default() });
        let partial =
            response("206 Partial Content", "Content-Range: bytes 0-8/900\r\n", "an order\n");
        self.answered("healthy-206", "a part that was asked for", partial, "none", &[])
            .asks(Ask { headers: "Range: bytes=0-8\r\n", ..Ask::default() });
        let unchanged = b"HTTP/1.1 304 Not Modified\r\nETag: \"7\"\r\n\r\n".to_vec();
        self.answered("healthy-304", "the client has it already", unchanged, "none", &[])
            .asks(Ask { headers: "If-None-Match: \"7\"\r\n", ..Ask::default() });
        self.answered("healthy-put", "a PUT of 2 MB", text("200 OK"), "none", &[]).asks(Ask {
            method: "PUT",
            body: 2_000_000,
            ..Ask::default()
        });
        let slow = Behaviour::Serves(Duration::from_millis(350));
        self.behind("healthy-slow", "an answer just within the read timeout", slow, "none", &[])
            .asks(Ask { keeps_alive: true, ..Ask::default() });
        let searched = text("200 OK");
        self.answered(
            "healthy-words",
            "a client asks for the words of a failure",
            searched,
            "none",
            &[],
        )
        .path
        .push_str("?q=connect()+failed+(111:+Connection+refused)+while+connecting+to+upstream");
        self.answered("upstream-422", "the upstream answers 422", text("422 No"), "none", &[]);
        let gone = b"HTTP/1.1 204 No Content

"
        .to_vec();
        self.answered("healthy-delete", "a DELETE without content", gone, "none", &[])
            .asks(Ask { method: "DELETE", ..Ask::default() });
        self.answered(
            "healthy-kept-post",
            "a POST on a kept connection",
            text("200 OK"),
            "none",
            &[],
        )
        .asks(Ask { method: "POST", body: 64, keeps_alive: true, ..Ask::default() });
        for (name, staged, status) in [
            ("upstream-400", "the upstream answers 400", "400 Bad Request"),
            ("upstream-403", "the upstream answers 403", "403 Forbidden"),
            ("upstream-404", "the upstream answers 404", "404 Not Found"),
            ("upstream-429", "the upstream answers 429", "429 Too Many Requests"),
        ] {
            let blurred: &[&str] = match name {
                // Without upstream fields the gateway may have said it.
                "upstream-400" => &["client-invalid"],
                "upstream-403" | "upstream-429" => &["gateway-denied"],
                _ => &[],
            };
            self.answered(name, staged, text(status), "none", &[]).in_combined("none", blurred);
        }
        for (name, staged, status, fault) in [
            ("upstream-500", "the upstream answers 500", "500 Oops", "upstream-error"),
            ("upstream-502", "the upstream answers 502", "502 Bad Gateway", "upstream-bad-gateway"),
            ("upstream-503", "the upstream answers 503", "503 Busy", "upstream-unavailable"),
            ("upstream-504", "the upstream answers 504", "504 Slow", "upstream-gateway-timeout"),
        ] {
            // An own failure would have left a line in the error log; the status alone is weak.
            let blurred: &[&str] = match name {
                "upstream-504" => &["unknown", "response-timeout"],
                _ => &["unknown"],
            };
            self.answered(name, staged, text(status), fault, &[]).in_combined(fault, blurred);
        }
        let location = format!(
            "proxy_pass http://127.0.0.1:{}; proxy_intercept_errors on; \
             error_page 500 /sorry.html;",
            upstream::listen(Behaviour::Answers(text("500 Oops"), Ending::Fin))
        );
        self.add(
            "upstream-500-own-page",
            "a 500 with the gateway's page",
            &location,
            "upstream-error",
            &[],
        )
        .in_combined("upstream-error", &["unknown"]);
        let upgraded = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
                         Connection: Upgrade\r\n\r\n\x81\x05hello\x88\x00";
        let upgrade = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
                       proxy_set_header Connection \"upgrade\";";
        let ask = Ask {
            headers: "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            keeps_alive: true,
            ..Ask::default()
        };
        let closing = upstream::listen(Behaviour::Answers(upgraded.to_vec(), Ending::Fin));
        self.add(
            "healthy-websocket",
            "a WebSocket that the upstream closes",
            &format!("proxy_pass http://127.0.0.1:{closing}; {upgrade}"),
            "none",
            &[],
        )
        .asks(ask.clone());
        let idle = upstream::listen(Behaviour::Stalls(upgraded.to_vec()));
        self.add(
            "websocket-idle",
            "an idle WebSocket that the gateway's timeout ends",
            &format!("proxy_pass http://127.0.0.1:{idle}; {upgrade}"),
            "body-timeout",
            &["none"],
        )
        .asks(ask)
        // Only the info level has a line for it, and without one a 101 is a 101.
        .unless_logged("none", &[]);
    }
}
