//! The exchanges that are staged, each with what its evidence can tell.
//!
//! A path tells nothing of what is staged behind it, so that no verdict can be read off it.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use crate::certificates;
use crate::client::Ask;
use crate::gateway::{self, Gateway, Lines};
use crate::upstream::{self, Behaviour, Ending, fastcgi, response};

/// One exchange and its expected verdict.
pub(crate) struct Exchange {
    pub(crate) name: &'static str,
    pub(crate) fault: &'static str,
    /// Other faults that a fair judge takes.
    pub(crate) accept: &'static [&'static str],
    /// The first causes that a judge takes.
    pub(crate) cause: Option<&'static [&'static str]>,
    ask: Ask,
    /// Another request to the same path comes first.
    pub(crate) again: bool,
    pub(crate) path: String,
}

/// All exchanges, and the configuration that stages them.
#[derive(Default)]
pub(crate) struct Stage {
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) configuration: String,
}

impl Exchange {
    /// Runs it and returns the lines that it left.
    pub(crate) fn run(&self, gateway: &Gateway) -> Lines {
        if self.again {
            gateway.lines_of(|| drop(self.ask.run(gateway.port, &self.path)));
        }
        gateway.lines_of(|| drop(self.ask.run(gateway.port, &self.path)))
    }

    /// Whether a judge takes this fault.
    pub(crate) fn takes(&self, fault: &str) -> bool {
        self.fault == fault || self.accept.contains(&fault)
    }

    fn because(&mut self, causes: &'static [&'static str]) -> &mut Self {
        self.cause = Some(causes);
        self
    }
}

impl Stage {
    /// Adds an exchange with a path of its own; `{path}` stands for it in the configuration.
    fn add(
        &mut self,
        name: &'static str,
        part: &str,
        fault: &'static str,
        accept: &'static [&'static str],
    ) -> &mut Exchange {
        let number = self.exchanges.len() + 1;
        let path = format!("/s{number:02}/");
        let _ = writeln!(self.configuration, "{}", part.replace("{path}", &path));
        self.exchanges.push(Exchange {
            name,
            fault,
            accept,
            cause: None,
            ask: Ask::default(),
            again: false,
            path: format!("{path}orders/{}", 4100 + number),
        });
        self.exchanges.last_mut().expect("just pushed")
    }

    fn to(&mut self, name: &'static str, url: &str, fault: &'static str) -> &mut Exchange {
        self.add(name, &format!("ProxyPass {{path}} {url} {LIMITS}"), fault, &[])
    }

    fn behind(
        &mut self,
        name: &'static str,
        behaviour: Behaviour,
        fault: &'static str,
    ) -> &mut Exchange {
        let port = upstream::listen(behaviour);
        self.to(name, &format!("http://127.0.0.1:{port}/"), fault)
    }

    fn answered(&mut self, name: &'static str, bytes: &[u8], fault: &'static str) -> &mut Exchange {
        self.behind(name, Behaviour::Answers(bytes.to_vec(), Ending::Fin), fault)
    }
}

/// What a worker has: short limits, and no time out of turn.
const LIMITS: &str = "connectiontimeout=1 timeout=1 retry=0";

/// Stages everything, with files in the gateway's folder.
pub(crate) fn stage(folder: &Path) -> Stage {
    let mut stage = Stage::default();
    answers(&mut stage);
    connections(&mut stage, folder);
    responses(&mut stage);
    members(&mut stage);
    handshakes(&mut stage, folder);
    applications(&mut stage);
    policies(&mut stage);
    stage
}

fn answers(stage: &mut Stage) {
    for (name, status, fault) in [
        ("healthy-200", "200 OK", "none"),
        ("healthy-404", "404 Not Found", "none"),
        ("healthy-413", "413 Content Too Large", "none"),
        ("healthy-429", "429 Too Many Requests", "none"),
        ("answered-500", "500 Internal Server Error", "upstream-error"),
        ("answered-502", "502 Bad Gateway", "upstream-bad-gateway"),
        ("answered-503", "503 Service Unavailable", "upstream-unavailable"),
        ("answered-504", "504 Gateway Timeout", "upstream-gateway-timeout"),
    ] {
        let body = "502 Bad Gateway, timed out\n";
        // Other servers refuse uploads with it.
        stage.answered(name, &response(status, "", body), fault).accept =
            if name == "healthy-413" { &["client-invalid"] } else { &[] };
    }
    stage.answered("healthy-upload", &response("200 OK", "", "kept\n"), "none").ask =
        Ask { method: "POST", body: 20_000, ..Ask::default() };
}

fn connections(stage: &mut Stage, folder: &Path) {
    let closed = upstream::closed_port();
    stage
        .to("refused", &format!("http://127.0.0.1:{closed}/"), "connect-refused")
        .because(&["upstream-not-running"]);
    let full = upstream::full_port();
    stage.to("connect-timeout", &format!("http://127.0.0.1:{full}/"), "connect-timeout");
    let missing = folder.join("none.sock");
    // A worker is shared by all that name the same host.
    let url = |path: &Path, host| format!("unix:{}|http://{host}/", path.display());
    stage.to("socket-missing", &url(&missing, "missing.example"), "connect-invalid");
    let abandoned = folder.join("old.sock");
    upstream::abandoned_unix(&abandoned);
    let part = format!("ProxyPass {{path}} {} {LIMITS}", url(&abandoned, "abandoned.example"));
    // Without root the socket is not the workers'.
    stage.add("socket-abandoned", &part, "connect-refused", &["connect-denied"]);
    let name = "http://no-such-host.invalid/";
    let part = format!("ProxyPass {{path}} {name} {LIMITS}");
    stage.add("name-not-found", &part, "dns-not-found", &["dns-failed"]);
}

fn responses(stage: &mut Stage) {
    let nothing = |ending| Behaviour::Answers(Vec::new(), ending);
    // Of a close at once Apache writes no more than that nothing could be read.
    stage.behind("closed", nothing(Ending::Fin), "response-closed").accept =
        &["response-terminated"];
    stage.behind("reset", nothing(Ending::Rst), "response-reset");
    stage.behind("timeout", Behaviour::Stalls(Vec::new()), "response-timeout").because(&[
        "upstream-slow",
        "timeout-too-low",
        "upstream-overloaded",
    ]);
    stage.answered("bad-status-line", b"HTTP/1.1 2x0 OK\r\n\r\n", "response-malformed").accept =
        &["response-protocol-mismatch", "none"];
    stage.answered("bad-header", b"HTTP/1.1 200 OK\r\nX Y\r\n\r\n", "response-malformed").accept =
        &["none"];
    let large = response("200 OK", &format!("X-Large: {}\r\n", "x".repeat(20_000)), "ok\n");
    stage.answered("large-header", &large, "response-header-too-large").accept =
        &["response-malformed", "response-terminated"];
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort";
    stage.behind("short-body", Behaviour::Answers(short.to_vec(), Ending::Fin), "body-truncated");
    stage.behind("reset-body", Behaviour::Answers(short.to_vec(), Ending::Rst), "body-truncated");
    stage.behind("stalled-body", Behaviour::Stalls(short.to_vec()), "body-timeout");
    let chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n";
    stage.answered("bad-chunk", chunk, "body-malformed").accept =
        &["body-truncated", "body-failed"];
}

fn members(stage: &mut Stage) {
    let serves = upstream::listen(Behaviour::Serves(Duration::ZERO));
    let (one, other) = (upstream::closed_port(), upstream::closed_port());
    let group = |name: &str, ports: &[u16]| {
        let members: String = ports
            .iter()
            .map(|port| format!("BalancerMember http://127.0.0.1:{port} retry=60\n"))
            .collect();
        format!(
            "<Proxy balancer://{name}>\n{members}</Proxy>\nProxyPass {{path}} balancer://{name}/ forcerecovery=off"
        )
    };
    stage.add("retried-well", &group("well", &[one, serves]), "none", &[]);
    // Out of turn, by the request before.
    let part = group("out", &[upstream::closed_port()]);
    stage.add("out-of-turn", &part, "no-healthy-upstream", &[]).again = true;
    let part = group("down", &[one, other]);
    stage.add("all-refused", &part, "connect-refused", &["no-healthy-upstream"]);
}

fn handshakes(stage: &mut Stage, folder: &Path) {
    certificates::make(folder);
    let files = folder.display();
    let name = certificates::NAME;
    let trusting = format!(
        "SSLProxyEngine on\nSSLProxyVerify require\nSSLProxyCACertificateFile {files}/ca.pem\n\
         SSLProxyCheckPeerName on\n"
    );
    stage.configuration.push_str(&trusting);
    for (exchange, file, fault, accept) in [
        ("tls-good", "good", "none", &[] as &[_]),
        ("tls-expired", "expired", "tls-certificate-expired", &["tls-handshake-failed"]),
        ("tls-self-signed", "self", "tls-certificate-untrusted", &["tls-handshake-failed"]),
        ("tls-other-name", "other", "tls-certificate-name-mismatch", &["tls-handshake-failed"]),
    ] {
        let port = gateway::own_port();
        // The upstream is a server of the same Apache: its own view must not be logged. The address
        // is no name of a certificate, and only one exchange is about that.
        let check = if file == "other" { "on" } else { "off" };
        let server = format!(
            "Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>\nServerName {name}\n\
             SSLEngine on\nSSLCertificateFile {files}/{file}.pem\n\
             SSLCertificateKeyFile {files}/{file}.key\nErrorLog /dev/null\n\
             CustomLog /dev/null combined\n</VirtualHost>\n\
             <Proxy https://127.0.0.1:{port}/>\nSSLProxyCheckPeerName {check}\n</Proxy>\n\
             ProxyPass {{path}} https://127.0.0.1:{port}/ {LIMITS}"
        );
        stage.add(exchange, &server, fault, accept);
    }
    let plain = upstream::listen(Behaviour::Serves(Duration::ZERO));
    let part = format!("ProxyPass {{path}} https://127.0.0.1:{plain}/ {LIMITS}");
    stage.add("tls-to-plain", &part, "tls-not-spoken", &["tls-handshake-failed"]);
    let closes = upstream::listen(Behaviour::Handshakes(Vec::new(), Ending::Fin));
    let part = format!("ProxyPass {{path}} https://127.0.0.1:{closes}/ {LIMITS}");
    stage.add("tls-closed", &part, "tls-handshake-failed", &[]);
}

fn applications(stage: &mut Stage) {
    let fcgi = |port: u16| format!("ProxyPass {{path}} fcgi://127.0.0.1:{port}/ {LIMITS}");
    let answer = fastcgi::answer("", "Content-Type: text/plain\r\n\r\nhello\n");
    let part = fcgi(upstream::listen(Behaviour::FastCgi(answer)));
    stage.add("fastcgi-healthy", &part, "none", &[]);
    let noisy = fastcgi::answer(
        "PHP message: PHP Warning:  upstream timed out in /srv/app/a.php on line 3",
        "Content-Type: text/plain\r\n\r\nhello\n",
    );
    stage.add("fastcgi-warns", &fcgi(upstream::listen(Behaviour::FastCgi(noisy))), "none", &[]);
    let part = fcgi(upstream::listen(Behaviour::FastCgiStalls));
    stage.add("fastcgi-timeout", &part, "response-timeout", &[]);
    let part = fcgi(upstream::listen(Behaviour::FastCgi(Vec::new())));
    stage.add(
        "fastcgi-closed",
        &part,
        "response-closed",
        &["response-reset", "response-terminated"],
    );
    let part = fcgi(upstream::closed_port());
    stage.add("fastcgi-refused", &part, "connect-refused", &[]);
    let http = upstream::listen(Behaviour::SpeaksFirst(response("200 OK", "", "hello\n")));
    stage.add(
        "fastcgi-to-http",
        &fcgi(http),
        "response-protocol-mismatch",
        &["response-malformed", "response-reset", "request-write-failed"],
    );
}

fn policies(stage: &mut Stage) {
    let denied = "<Location {path}>\nRequire all denied\n</Location>";
    stage.add("denied", denied, "gateway-denied", &["none"]);
}
