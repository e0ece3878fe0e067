//! The rows of the tables of libraries and standards that come out otherwise, or are not read; with
//! the reason of each.

use why502::Fault;

pub const BORINGSSL_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "PROTOCOL_IS_SHUTDOWN",
        Fault::TlsHandshakeFailed,
        "Envoy passes these words on for a handshake that failed.",
    ),
    (
        "SSLV3_ALERT_CLOSE_NOTIFY",
        Fault::TlsHandshakeFailed,
        "Envoy passes these words on for a handshake that failed.",
    ),
];

pub const CURL_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "Failure when receiving data from the peer",
        Fault::ResponseTerminated,
        "The words do not tell a close from a reset, so the parent is said.",
    ),
    (
        "OpenSSL SSL_read: {text}, errno {n}",
        Fault::ResponseTerminated,
        "The words do not tell a close from a reset, so the parent is said.",
    ),
    (
        "Recv failure: {strerror}",
        Fault::ResponseTerminated,
        "The words do not tell a close from a reset, so the parent is said.",
    ),
    (
        "curl: (56)",
        Fault::ResponseTerminated,
        "The words do not tell a close from a reset, so the parent is said.",
    ),
    (
        "CURLE_RECV_ERROR",
        Fault::ResponseTerminated,
        "The words do not tell a close from a reset, so the parent is said.",
    ),
];

pub const ERRNO_TEXTS_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "(71: Protocol error)",
        Fault::ResponseMalformed,
        "A protocol error is one of HTTP that is broken or of another protocol: the parent is said.",
    ),
    (
        "(os error 71)",
        Fault::ResponseMalformed,
        "A protocol error is one of HTTP that is broken or of another protocol: the parent is said.",
    ),
    (
        "Protocol error",
        Fault::ResponseMalformed,
        "A protocol error is one of HTTP that is broken or of another protocol: the parent is said.",
    ),
    (
        "Operation timed out",
        Fault::ResponseTimeout,
        "musl and macOS say it of a connection, reqwest and others of a response: both are candidates.",
    ),
    (
        "EPROTO",
        Fault::TlsHandshakeFailed,
        "Only Node's error of TLS is seen by this name in practice.",
    ),
];

pub const GNUTLS_DIFFERS: &[(&str, Fault, &str)] = &[(
    "The operation timed out",
    Fault::ResponseTimeout,
    "The words are anybody's: which operation timed out is not told.",
)];

pub const GO_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "http: ContentLength={n} with Body length {n}",
        Fault::RequestWriteFailed,
        "The request's body was cut while it was sent, by whomever: the table of the runtime says so too.",
    ),
    (
        "operation was canceled",
        Fault::ResponseClosed,
        "Go says it behind dial or lookup; alone the words are hyper's, whose request found its connection closed.",
    ),
    (
        "malformed HTTP response \"{line}\"",
        Fault::ResponseMalformed,
        "HTTP that is broken and another protocol look alike here; the first bytes decide where they are told.",
    ),
    (
        "net/http: HTTP/1.x transport connection broken: malformed HTTP response \"{bytes}\"",
        Fault::ResponseMalformed,
        "HTTP that is broken and another protocol look alike here; the first bytes decide where they are told.",
    ),
    (
        "net/http: Transport failed to read from server: {err}",
        Fault::ResponseTerminated,
        "The words do not tell a close from a reset, so the parent is said.",
    ),
];

pub const GO_RUNTIME_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "read tcp {a}->{b}: use of closed network connection",
        Fault::ResponseClosed,
        "Who closed the connection under the read is not told; mostly it was idle or cancelled.",
    ),
    (
        "http2: Transport received Server's graceful shutdown GOAWAY",
        Fault::ResponseReset,
        "A GOAWAY before the headers is a reset in all tables.",
    ),
    (
        "read tcp {a}->{b}: read: no route to host",
        Fault::ResponseTerminated,
        "No packet came any more: the connection was neither closed nor reset.",
    ),
];

pub const GRPC_DIFFERS: &[(&str, Fault, &str)] = &[(
    "rpc error: code = DeadlineExceeded desc = latest balancer error: {text}",
    Fault::ResponseTimeout,
    "The deadline passed while a connection was tried: the status is what the caller got.",
)];

pub const HTTP_FIELDS_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "Retry-After: 120",
        Fault::Unknown,
        "A 503 that says when to come again is still a bare 503; the cause takes the field into account.",
    ),
    (
        "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT",
        Fault::Unknown,
        "A 503 that says when to come again is still a bare 503; the cause takes the field into account.",
    ),
];

pub const HTTP2_HTTP3_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "status 599",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 511",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 508",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 598",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 502",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 500",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 501",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 505",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 507",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 503",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 529",
        Fault::Unknown,
        "A bare status or page says that something failed, and not what.",
    ),
    (
        "status 504",
        Fault::ResponseTimeout,
        "A bare 504 is mostly a response that did not come, and its certainty says so.",
    ),
    ("status 421", Fault::None, "An answer of the application's, and no failure of a gateway."),
    ("status 426", Fault::None, "An answer of the application's, and no failure of a gateway."),
    ("status 429", Fault::None, "An answer of the application's, and no failure of a gateway."),
];

pub const PYTHON_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "Cannot connect to host {host}:{port} ssl:default [Connect call failed ('{ip}', {port})]",
        Fault::ConnectFailed,
        "The number of the error is not told, and other errors have the same words.",
    ),
    (
        "Read timed out.",
        Fault::ResponseTimeout,
        "Without more the words fit both; a body that stalls is a candidate.",
    ),
    (
        "httpx.ReadError",
        Fault::ResponseTerminated,
        "The words do not tell a close from a reset, so the parent is said.",
    ),
];

pub const RESOLVER_DIFFERS: &[(&str, Fault, &str)] = &[(
    "request timed out",
    Fault::ResponseTimeout,
    "hickory's words are those of every client whose request timed out.",
)];

pub const RFC9209_DIFFERS: &[(&str, Fault, &str)] = &[(
    "connection_terminated",
    Fault::ResponseTerminated,
    "The RFC says neither whether FIN or RST came, nor when.",
)];

pub const RUST_CRATES_DIFFERS: &[(&str, Fault, &str)] = &[
    (
        "h2::Error::is_go_away()",
        Fault::ResponseTerminated,
        "The question that the error answers does not tell a close from a reset.",
    ),
    (
        "h2::Error::is_io()",
        Fault::ResponseTerminated,
        "The question that the error answers does not tell a close from a reset.",
    ),
    (
        "h2::Error::is_remote()",
        Fault::ResponseTerminated,
        "The question that the error answers does not tell a close from a reset.",
    ),
    (
        "h2::Error::is_reset()",
        Fault::ResponseTerminated,
        "The question that the error answers does not tell a close from a reset.",
    ),
    (
        "reqwest::Error::is_request()",
        Fault::ResponseTerminated,
        "The question that the error answers does not tell a close from a reset.",
    ),
];

pub const RUSTLS_DIFFERS: &[(&str, Fault, &str)] = &[(
    "Error::NoCertificatesPresented",
    Fault::TlsHandshakeFailed,
    "The peer that presented none is a server, where the gateway is the client.",
)];

pub const CURL_LEFT_OUT: &[(&str, &str)] = &[
    (
        "Failed to shut down the SSL connection",
        "A connection that could not be ended well after its response says nothing of the exchange.",
    ),
    (
        "curl: (80)",
        "A connection that could not be ended well after its response says nothing of the exchange.",
    ),
    (
        "CURLE_SSL_SHUTDOWN_FAILED",
        "A connection that could not be ended well after its response says nothing of the exchange.",
    ),
    (
        "Connection died, retrying a fresh connect",
        "Repeated on a new connection at once: what became of that decides.",
    ),
    ("exitcode", "The value decides: cases hold some."),
    ("http_code", "The value decides: cases hold some."),
    ("response_code", "The value decides: cases hold some."),
    ("num_connects", "A number that curl gives for every exchange."),
    ("ssl_verify_result", "A number that curl gives for every exchange."),
    ("time_namelookup", "A number that curl gives for every exchange."),
    ("time_connect", "A number that curl gives for every exchange."),
    ("time_appconnect", "A number that curl gives for every exchange."),
    ("time_pretransfer", "A number that curl gives for every exchange."),
    ("time_starttransfer", "A number that curl gives for every exchange."),
    ("time_total", "A number that curl gives for every exchange."),
    ("size_download", "A number that curl gives for every exchange."),
    ("remote_ip", "A number that curl gives for every exchange."),
    ("remote_port", "A number that curl gives for every exchange."),
    ("curl: (47)", "The code waits or counts and says of no failure."),
    ("curl: (81)", "The code waits or counts and says of no failure."),
    ("CURLE_AGAIN", "The code waits or counts and says of no failure."),
    ("CURLE_TOO_MANY_REDIRECTS", "The code waits or counts and says of no failure."),
    ("errormsg", "The code waits or counts and says of no failure."),
];

pub const ERRNO_TEXTS_LEFT_OUT: &[(&str, &str)] = &[
    (
        "(os error 10004)",
        "A step of a connection that is under way, and no failure; the number alone says no more.",
    ),
    (
        "(os error 10036)",
        "A step of a connection that is under way, and no failure; the number alone says no more.",
    ),
    (
        "(os error 10037)",
        "A step of a connection that is under way, and no failure; the number alone says no more.",
    ),
    (
        "(os error 10056)",
        "A step of a connection that is under way, and no failure; the number alone says no more.",
    ),
    (
        "(os error 106)",
        "A step of a connection that is under way, and no failure; the number alone says no more.",
    ),
    (
        "(os error 114)",
        "A step of a connection that is under way, and no failure; the number alone says no more.",
    ),
    (
        "(os error 115)",
        "A step of a connection that is under way, and no failure; the number alone says no more.",
    ),
    (
        "(os error 4)",
        "A step of a connection that is under way, and no failure; the number alone says no more.",
    ),
];

pub const GO_LEFT_OUT: &[(&str, &str)] = &[
    (
        "http: idle connection timeout",
        "Only a form, or a note of the server's own: what failed stands behind it.",
    ),
    (
        "http: proxy error: {err}",
        "Only a form, or a note of the server's own: what failed stands behind it.",
    ),
    (
        "http: superfluous response.WriteHeader call from {fn}",
        "Only a form, or a note of the server's own: what failed stands behind it.",
    ),
];

pub const GO_RUNTIME_LEFT_OUT: &[(&str, &str)] = &[
    (
        "http: proxy error: {err}",
        "Only a form, or a note of the server's own: what failed stands behind it.",
    ),
    (
        "http: superfluous response.WriteHeader call from {func}",
        "Only a form, or a note of the server's own: what failed stands behind it.",
    ),
    (
        "stopped after 10 redirects",
        "Only a form, or a note of the server's own: what failed stands behind it.",
    ),
];

pub const GRPC_LEFT_OUT: &[(&str, &str)] = &[
    (
        "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: local connection failure",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: connection timeout",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: remote reset",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: remote refused stream reset",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: local reset",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: overflow",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: protocol error",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: {reason}",
        "Envoy's words, which are read as Envoy's.",
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: {text}",
        "Envoy's words, which are read as Envoy's.",
    ),
    ("grpc-message: {percent-encoded text}", "A field that tells of no failure by itself."),
    ("grpc-status-details-bin: {base64}", "A field that tells of no failure by itself."),
    ("grpc-timeout: {n}{H|M|S|m|u|n}", "A field that tells of no failure by itself."),
];

pub const HTTP_FIELDS_LEFT_OUT: &[(&str, &str)] = &[
    (
        "Transfer-Encoding: chunked with Content-Length",
        "A breach of HTTP in a raw response; among pasted lines they may be of two responses.",
    ),
    (
        "CDN-Loop: {cdn-id}; {params}",
        "A request's field, or one that needs the gateway's own name to tell a loop.",
    ),
    (
        "Via: 1.1 {own pseudonym}",
        "A request's field, or one that needs the gateway's own name to tell a loop.",
    ),
    ("type", "A member of a problem document, which describes an application's answer."),
    ("status", "A member of a problem document, which describes an application's answer."),
    ("title", "A member of a problem document, which describes an application's answer."),
    ("detail", "A member of a problem document, which describes an application's answer."),
    ("instance", "A member of a problem document, which describes an application's answer."),
    ("errors", "A member of a problem document, which describes an application's answer."),
    ("about:blank", "A member of a problem document, which describes an application's answer."),
];

pub const HTTP2_HTTP3_LEFT_OUT: &[(&str, &str)] = &[
    ("status 000", "A log's way to say that nothing was sent; no response has it."),
    ("status 0", "A log's way to say that nothing was sent; no response has it."),
    (
        "quic 0x0b INVALID_TOKEN",
        "QUIC's name for it is also anybody else's, and nothing around it says that QUIC speaks.",
    ),
    (
        "quic 0x0c APPLICATION_ERROR",
        "QUIC's name for it is also anybody else's, and nothing around it says that QUIC speaks.",
    ),
    (
        "quic 0x01 INTERNAL_ERROR",
        "QUIC's name for it is also anybody else's, and nothing around it says that QUIC speaks.",
    ),
];

pub const NODE_LEFT_OUT: &[(&str, &str)] = &[
    (
        "status 504 with ECONNRESET, ENOTFOUND, ECONNREFUSED, ETIMEDOUT",
        "A description of http-proxy, and no words that it writes.",
    ),
    ("status 502 with HPE_INVALID", "A description of http-proxy, and no words that it writes."),
    ("status 500", "A description of http-proxy, and no words that it writes."),
    ("econnreset event", "A description of http-proxy, and no words that it writes."),
    (
        "[HPM] Error occurred while proxying request {url} to {target} [{code}] ({link})",
        "Only a form: the code in it tells what failed.",
    ),
    (
        "[HPM] Error occurred while trying to proxy request {url} from {host} to {target} ({code}) ({link})",
        "Only a form: the code in it tells what failed.",
    ),
    (
        "Error occurred while trying to proxy: {host}{url}",
        "Only a form: the code in it tells what failed.",
    ),
    ("UND_ERR", "Only a form: the code in it tells what failed."),
    ("UND_ERR_REQ_RETRY", "Only a form: the code in it tells what failed."),
];

pub const NODE_RUNTIME_LEFT_OUT: &[(&str, &str)] = &[
    ("TypeError: fetch failed", "Only a form: the cause behind it tells what failed."),
    ("HPE_PAUSED_UPGRADE", "Only a form: the cause behind it tells what failed."),
    ("UND_ERR_REQ_RETRY", "Only a form: the cause behind it tells what failed."),
    ("UNSPECIFIED", "The word is anybody's, for whatever is not specified."),
];

pub const OPENSSL_LEFT_OUT: &[(&str, &str)] = &[(
    "error:{hex}:{library}:{function}:{reason}",
    "Without a library's name or a known reason a line of OpenSSL's is no more than a form.",
)];

pub const PYTHON_LEFT_OUT: &[(&str, &str)] = &[
    (
        "<urlopen error {reason}>",
        "Only a form, or a count of redirects, which is no failure of a gateway.",
    ),
    ("httpx.CloseError", "Only a form, or a count of redirects, which is no failure of a gateway."),
    (
        "httpx.TooManyRedirects",
        "Only a form, or a count of redirects, which is no failure of a gateway.",
    ),
    (
        "Exceeded 30 redirects.",
        "Only a form, or a count of redirects, which is no failure of a gateway.",
    ),
];

pub const RESOLVER_LEFT_OUT: &[(&str, &str)] = &[
    ("io error: {err}", "Anybody's words, which count only in a lookup's own message."),
    ("no_connections", "Anybody's words, which count only in a lookup's own message."),
    ("timeout", "Anybody's words, which count only in a lookup's own message."),
    (
        "info-code=6",
        "An extended code says why an answer of the resolver's failed, and is a number alone here.",
    ),
    (
        "info-code=7",
        "An extended code says why an answer of the resolver's failed, and is a number alone here.",
    ),
    (
        "info-code=15",
        "An extended code says why an answer of the resolver's failed, and is a number alone here.",
    ),
    (
        "info-code=16",
        "An extended code says why an answer of the resolver's failed, and is a number alone here.",
    ),
    (
        "info-code=17",
        "An extended code says why an answer of the resolver's failed, and is a number alone here.",
    ),
    (
        "info-code=18",
        "An extended code says why an answer of the resolver's failed, and is a number alone here.",
    ),
    (
        "info-code=22",
        "An extended code says why an answer of the resolver's failed, and is a number alone here.",
    ),
    (
        "info-code=23",
        "An extended code says why an answer of the resolver's failed, and is a number alone here.",
    ),
    ("NOERROR", "An answer that is well, which stands in no record of a failure."),
    ("REFUSED", "The word is anybody's for whatever was refused."),
];

pub const RUST_CRATES_LEFT_OUT: &[(&str, &str)] = &[
    (
        "code: '{code words}', message: \"{text}\", source: {debug}",
        "Only a form: what failed stands in it or behind it.",
    ),
    ("error following redirect", "Only a form: what failed stands in it or behind it."),
    ("error shutting down connection", "Only a form: what failed stands in it or behind it."),
    (
        "status: {Code}, message: \"{text}\", details: [{bytes}], metadata: {map}",
        "Only a form: what failed stands in it or behind it.",
    ),
    ("hyper::Error::is_shutdown()", "Only a form: what failed stands in it or behind it."),
    ("io::ErrorKind::Interrupted", "Only a form: what failed stands in it or behind it."),
    ("io::ErrorKind::Other", "Only a form: what failed stands in it or behind it."),
    ("io::ErrorKind::Uncategorized", "Only a form: what failed stands in it or behind it."),
    ("reqwest::Error::is_redirect()", "Only a form: what failed stands in it or behind it."),
    ("tower::buffer::error::ServiceError", "Only a form: what failed stands in it or behind it."),
    ("connection error", "Only a form: what failed stands in it or behind it."),
];

pub const RUSTLS_LEFT_OUT: &[(&str, &str)] = &[
    ("other error: {err}", "Only a form: what failed stands behind it."),
    ("unexpected error: {err}", "Only a form: what failed stands behind it."),
];
