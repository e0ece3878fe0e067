//! The headers came, and the body does not arrive whole.

use std::path::Path;
use std::time::Duration;

use super::{Prelude, Stage};
use crate::client::Ask;
use crate::upstream::{self, Behaviour, Ending, response};

impl Stage {
    pub(super) fn bodies(&mut self, folder: &Path) {
        let part =
            || b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nonly the first part".to_vec();
        let chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".to_vec();
        self.answered(
            "body-closed",
            "a close before the declared length",
            part(),
            "body-truncated",
            &["body-failed"],
        );
        self.behind(
            "body-reset",
            "a reset before the declared length",
            Behaviour::Answers(part(), Ending::Rst),
            "body-truncated",
            &["body-failed"],
        );
        self.behind(
            "body-stalled",
            "the body stops half-way",
            Behaviour::Stalls(part()),
            "body-timeout",
            &["body-truncated"],
        )
        .cause(
            "upstream-slow",
            &["timeout-too-low", "upstream-overloaded", "network-path-down", "application-error"],
        );
        let chunked = |behaviour| {
            format!(
                "proxy_pass http://127.0.0.1:{}; proxy_http_version 1.1;",
                upstream::listen(behaviour)
            )
        };
        self.add(
            "chunks-closed",
            "a close before the last chunk",
            &chunked(Behaviour::Answers(chunk.clone(), Ending::Fin)),
            "body-truncated",
            &["body-failed"],
        );
        self.add(
            "chunks-reset",
            "a reset before the last chunk",
            &chunked(Behaviour::Answers(chunk.clone(), Ending::Rst)),
            "body-truncated",
            &["body-failed"],
        );
        let bad = [chunk.as_slice(), b"zz\r\nwhat\r\n"].concat();
        self.add(
            "bad-chunk",
            "a chunk whose size is no number",
            &chunked(Behaviour::Answers(bad, Ending::Fin)),
            "body-malformed",
            &["response-malformed", "body-failed"],
        )
        .cause("upstream-sends-invalid-http", &["application-error"]);
        let longer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more".to_vec();
        self.answered(
            "body-longer",
            "more bytes than declared",
            longer,
            "none",
            &["body-malformed", "response-malformed"],
        );
        let twice =
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc".to_vec();
        // nginx believes the last one before 1.23, and refuses both since.
        self.answered(
            "two-lengths",
            "two lengths that differ",
            twice,
            "body-truncated",
            &["response-malformed", "body-failed"],
        );
        // nginx makes the folders at its start and gives them to its workers.
        let folder = folder.display();
        let big = response("200 OK", "", &"0123456789".repeat(1_000_000));
        let port = upstream::listen(Behaviour::Answers(big, Ending::Fin));
        self.add(
            "spill-allowed",
            "a large body that nginx buffers on disk",
            &format!("proxy_pass http://127.0.0.1:{port};"),
            "none",
            &[],
        )
        .asks(Ask { reads_after: Duration::from_millis(300), ..Ask::default() });
        self.add(
            "spill-forbidden",
            "nginx may not use its own folder for large bodies",
            &format!("proxy_temp_path {folder}/spill; proxy_pass http://127.0.0.1:{port};"),
            "gateway-internal",
            &["gateway-exhausted"],
        )
        .asks(Ask { reads_after: Duration::from_millis(300), ..Ask::default() })
        .after(Prelude::Locks("spill"))
        .cause("permission-denied", &["gateway-misconfigured"]);
        self.add(
            "upload-spill-forbidden",
            "nginx may not use its own folder for uploads",
            &format!("client_body_temp_path {folder}/uploads; proxy_pass http://127.0.0.1:{port};"),
            "gateway-internal",
            &["gateway-exhausted"],
        )
        .asks(Ask { method: "POST", body: 200_000, ..Ask::default() })
        .after(Prelude::Locks("uploads"))
        .cause("permission-denied", &["gateway-misconfigured"]);
    }
}
