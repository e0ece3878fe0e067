//! FastCGI and gRPC upstreams.

use super::Stage;
use crate::client::Ask;
use crate::upstream::{self, Behaviour, fastcgi, http2, response};

impl Stage {
    pub(super) fn fastcgi(&mut self) {
        let fcgi = |behaviour| {
            format!(
                "fastcgi_param REQUEST_METHOD $request_method; \
             fastcgi_param SCRIPT_FILENAME /srv/shop/index.php; \
             fastcgi_pass 127.0.0.1:{};",
                upstream::listen(behaviour)
            )
        };
        let says =
            |stderr: &str, stdout: &str| fcgi(Behaviour::FastCgi(fastcgi::answer(stderr, stdout)));
        let failed = "Status: 500 Internal Server Error\r\nContent-Type: text/html\r\n\r\n";
        let page = "Content-Type: text/html\r\n\r\n<p>ok</p>\n";
        self.add("healthy-fastcgi", "a healthy FastCGI answer", &says("", page), "none", &[]);
        self.add(
            "fastcgi-warning",
            "PHP warns and answers 200",
            &says(
                "PHP message: PHP Warning:  Undefined variable $total in \
             /srv/shop/cart.php on line 12",
                page,
            ),
            "none",
            &[],
        );
        self.add(
            "fastcgi-no-script",
            "PHP does not find the script",
            &says(
                "Primary script unknown",
                "Status: 404 Not Found\r\nContent-Type: text/html\r\n\r\nFile not found.\n",
            ),
            "none",
            &["upstream-error"],
        )
        .cause("path-mismatch", &[]);
        self.add(
            "fastcgi-fatal",
            "PHP dies of an error and answers 500",
            &says(
                "PHP message: PHP Fatal error:  Uncaught Error: Call to undefined function \
             price() in /srv/shop/cart.php:31",
                failed,
            ),
            "upstream-error",
            &[],
        )
        .cause("application-error", &[]);
        self.add(
            "fastcgi-memory",
            "PHP reaches its memory limit and answers 500",
            &says(
                "PHP message: PHP Fatal error:  Allowed memory size of 134217728 \
             bytes exhausted (tried to allocate 4096 bytes) in \
             /srv/shop/cart.php on line 31",
                failed,
            ),
            "upstream-error",
            &[],
        )
        .cause("upstream-out-of-memory", &["application-error"]);
        self.add(
            "fastcgi-http",
            "an HTTP server where FastCGI is expected",
            &fcgi(Behaviour::FastCgi(response("400 Bad Request", "", ""))),
            "response-protocol-mismatch",
            &["response-malformed"],
        )
        .cause("scheme-mismatch", &["upstream-address-wrong"]);
        let record = fastcgi::record(99, b"what");
        self.add(
            "fastcgi-bad-record",
            "a FastCGI record of an unknown type",
            &fcgi(Behaviour::FastCgi(record)),
            "response-malformed",
            &["response-protocol-mismatch"],
        );
        self.add(
            "fastcgi-bad-header",
            "FastCGI output that is no header",
            &says("", "nothing like a header\n\n"),
            "response-malformed",
            &["response-protocol-mismatch"],
        );
        self.add(
            "fastcgi-empty",
            "a FastCGI answer without output",
            &says("", ""),
            "response-closed",
            &["response-malformed", "response-terminated"],
        );
        self.add(
            "fastcgi-closed",
            "the FastCGI server closes",
            &fcgi(Behaviour::FastCgi(Vec::new())),
            "response-closed",
            &["response-terminated"],
        );
        self.add(
            "fastcgi-timeout",
            "the FastCGI server does not answer",
            &fcgi(Behaviour::FastCgiStalls),
            "response-timeout",
            &[],
        );
    }

    pub(super) fn grpc(&mut self) {
        let grpc =
            |behaviour| format!("grpc_pass grpc://127.0.0.1:{};", upstream::listen(behaviour));
        let headers =
            [http2::STATUS_200, &http2::literal("content-type", "application/grpc")].concat();
        let open = http2::frame(http2::HEADERS, http2::END_HEADERS, 1, &headers);
        let last = http2::END_STREAM | http2::END_HEADERS;
        let ended = http2::frame(http2::HEADERS, last, 1, &http2::literal("grpc-status", "0"));
        let message = http2::frame(http2::DATA, 0, 1, &[0, 0, 0, 0, 2, 8, 1]);
        let ask = || Ask {
            method: "POST",
            body: 7,
            headers: "Content-Type: application/grpc\r\n",
            ..Ask::default()
        };
        let whole = [open.clone(), message.clone(), ended].concat();
        self.add(
            "healthy-grpc",
            "a healthy gRPC answer",
            &grpc(Behaviour::Http2(whole)),
            "none",
            &[],
        )
        .asks(ask());
        let rst = |code: u32| http2::frame(http2::RST_STREAM, 0, 1, &code.to_be_bytes());
        self.add(
            "grpc-refused-stream",
            "RST_STREAM with REFUSED_STREAM",
            &grpc(Behaviour::Http2(rst(7))),
            "response-reset",
            &["response-terminated"],
        )
        .asks(ask());
        self.add(
            "grpc-internal",
            "RST_STREAM with INTERNAL_ERROR",
            &grpc(Behaviour::Http2(rst(2))),
            "response-reset",
            &["response-terminated"],
        )
        .asks(ask());
        let goaway = http2::frame(http2::GOAWAY, 0, 0, &[0, 0, 0, 0, 0, 0, 0, 2]);
        self.add(
            "grpc-goaway",
            "GOAWAY with INTERNAL_ERROR",
            &grpc(Behaviour::Http2(goaway)),
            "response-reset",
            &["response-terminated"],
        )
        .asks(ask());
        self.add(
            "grpc-timeout",
            "the gRPC server does not answer",
            &grpc(Behaviour::Http2(Vec::new())),
            "response-timeout",
            &[],
        )
        .asks(ask());
        let cut = [open, message, rst(8)].concat();
        self.add(
            "grpc-body-reset",
            "RST_STREAM within the body",
            &grpc(Behaviour::Http2(cut)),
            "body-truncated",
            &["body-failed", "response-reset"],
        )
        .asks(ask());
        self.add(
            "grpc-http1",
            "an HTTP/1 server where gRPC is expected",
            &grpc(Behaviour::SpeaksFirst(response("400 Bad Request", "", "no\n"))),
            "response-protocol-mismatch",
            &["response-malformed"],
        )
        .asks(ask())
        .cause("scheme-mismatch", &["upstream-address-wrong"]);
    }
}
