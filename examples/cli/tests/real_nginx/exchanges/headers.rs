//! The request is on its way, and the response's headers do not come well.

use super::{KEPT, Prelude, Stage};
use crate::client::Ask;
use crate::upstream::{self, Behaviour, Ending, response};

impl Stage {
    pub(super) fn requests(&mut self) {
        self.behind(
            "upload-reset",
            "a reset while a large body is being sent",
            Behaviour::ResetsUpload,
            "response-reset",
            &["request-write-failed", "response-terminated"],
        )
        .asks(Ask { method: "POST", body: 8_000_000, ..Ask::default() });
        self.behind(
            "upload-stalled",
            "an upstream that does not read a large body",
            Behaviour::NeverReads,
            "request-write-failed",
            &[],
        )
        .asks(Ask { method: "POST", body: 16_000_000, ..Ask::default() });
    }

    pub(super) fn headers(&mut self) {
        self.answered(
            "closed",
            "the upstream closes without a byte",
            Vec::new(),
            "response-closed",
            &["response-terminated"],
        );
        self.behind(
            "reset",
            "the upstream resets without a byte",
            Behaviour::Answers(Vec::new(), Ending::Rst),
            "response-reset",
            &["response-terminated"],
        );
        self.answered(
            "partial-header",
            "the upstream closes within the headers",
            b"HTTP/1.1 200 OK\r\nContent-Le".to_vec(),
            "response-closed",
            &["response-terminated", "response-malformed"],
        );
        self.behind(
            "timeout",
            "no answer within the read timeout",
            Behaviour::Stalls(Vec::new()),
            "response-timeout",
            &[],
        );
        self.behind(
            "timeout-in-headers",
            "the headers stop half-way",
            Behaviour::Stalls(b"HTTP/1.1 200 OK\r\nServer: shop\r\n".to_vec()),
            "response-timeout",
            &[],
        );
        self.answered(
            "garbage",
            "bytes that are no HTTP",
            b"\x00\x01\x02\x03 what is this\r\n\r\n".to_vec(),
            "response-malformed",
            &["response-protocol-mismatch"],
        );
        self.behind(
            "ssh-banner",
            "an SSH server",
            Behaviour::SpeaksFirst(b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec()),
            "response-malformed",
            &["response-protocol-mismatch"],
        );
        self.answered(
            "bad-status",
            "a status that is no number",
            b"HTTP/1.1 abc OK\r\n\r\n".to_vec(),
            "response-malformed",
            &[],
        );
        self.answered(
            "bad-header",
            "a header line without colon",
            b"HTTP/1.1 200 OK\r\nthis is no header\r\n\r\n".to_vec(),
            "response-malformed",
            &[],
        )
        .cause("upstream-sends-invalid-http", &["application-error"]);
        self.answered(
            "bad-header-byte",
            "a zero byte in a header",
            b"HTTP/1.1 200 OK\r\nX-Trace: a\0b\r\n\r\n".to_vec(),
            "response-malformed",
            &[],
        )
        .cause("upstream-sends-invalid-http", &["application-error"]);
        let large = format!("Set-Cookie: session={}\r\n", "c".repeat(20_000));
        self.answered(
            "large-headers",
            "a cookie of 20 kB",
            response("200 OK", &large, "an order\n"),
            "response-header-too-large",
            &["response-malformed"],
        )
        .cause("buffer-too-small", &["application-error", "upstream-sends-invalid-http"]);
        for (name, staged, ending, fault, accept) in [
            (
                "idle-post-closed",
                "a POST on an idle connection that is closed",
                Ending::Fin,
                "response-closed",
                &["response-terminated", "response-reset"],
            ),
            (
                "idle-post-reset",
                "a POST on an idle connection that is reset",
                Ending::Rst,
                "response-reset",
                &["response-terminated", "response-closed"],
            ),
        ] {
            let port = upstream::listen(Behaviour::ServesOnce(ending));
            let pool = self.group(&format!("server 127.0.0.1:{port}; keepalive 4;"));
            self.add(name, staged, &format!("proxy_pass http://{pool}; {KEPT}"), fault, accept)
                .asks(Ask { method: "POST", body: 64, ..Ask::default() })
                .after(Prelude::Asked);
        }
    }
}
