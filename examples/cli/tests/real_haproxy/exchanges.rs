//! The exchanges that are staged, each with what its evidence can tell. A path tells nothing of what
//! is staged behind it.

use std::path::Path;
use std::time::Duration;

use crate::certificates;
use crate::client::Ask;
use crate::gateway::{Gateway, Records};
use crate::upstream::{self, Behaviour, Ending};

/// The fault that a judge takes as right, and others that a fair one takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    pub(crate) fault: &'static str,
    pub(crate) accept: &'static [&'static str],
}

const fn expected(fault: &'static str, accept: &'static [&'static str]) -> Expected {
    Expected { fault, accept }
}

/// One exchange.
pub(crate) struct Exchange {
    pub(crate) name: &'static str,
    path: String,
    ask: Ask,
    /// One request before it, which still runs meanwhile.
    behind_another: bool,
    expected: Expected,
    /// What is told where connection errors are logged.
    in_rich: Expected,
}

impl Exchange {
    pub(crate) const fn expected(&self, rich: bool) -> &Expected {
        if rich { &self.in_rich } else { &self.expected }
    }

    /// Asks once through each frontend, all at a time where they do not disturb each other.
    pub(crate) fn run(&self, gateway: &Gateway) -> Records {
        for port in gateway.ports() {
            let before = Ask { leaves_after: None, ..Ask::default() };
            let running = self.behind_another.then(|| before.send(*port, &before_of(&self.path)));
            if running.is_some() {
                std::thread::sleep(Duration::from_millis(40));
            }
            self.ask.run(*port, &self.path);
            drop(running);
        }
        gateway.lines_of(&self.path)
    }
}

/// A path of the same backend with another name.
fn before_of(path: &str) -> String {
    let backend = path.split('/').nth(1).unwrap_or_default();
    format!("/{backend}/before")
}

/// All exchanges, the backends that stage them, and what is to be said of servers.
#[derive(Default)]
pub(crate) struct Stage {
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) servers: Vec<(&'static str, Expected)>,
    backends: String,
}

const CUT: Expected = expected("response-terminated", &["response-closed", "response-reset"]);
const UNCONNECTED: Expected = expected("connect-failed", &["connect-refused"]);

impl Stage {
    pub(crate) fn new(folder: &Path) -> Self {
        let mut stage = Self::default();
        certificates::make(folder);
        stage.answers();
        stage.connections();
        stage.handshakes(folder);
        stage.responses();
        stage.own_doing();
        stage.checks();
        stage
    }

    /// What the gateway is given beside its frontends.
    pub(crate) fn configuration(&self) -> String {
        self.backends.clone()
    }

    /// A backend of one server, and an exchange through it.
    fn add(&mut self, name: &'static str, server: &str, expected: Expected) -> &mut Exchange {
        let number = self.exchanges.len() + 1;
        if !server.is_empty() {
            self.backends.push_str(&format!("backend s{number:02}\n  {server}\n"));
        }
        self.exchanges.push(Exchange {
            name,
            path: format!("/s{number:02}/orders/{}", 4100 + number),
            ask: Ask::default(),
            behind_another: false,
            expected,
            in_rich: expected,
        });
        self.exchanges.last_mut().expect("just pushed")
    }

    fn behind(
        &mut self,
        name: &'static str,
        behaviour: Behaviour,
        expected: Expected,
    ) -> &mut Exchange {
        let port = upstream::listen(behaviour);
        self.add(name, &format!("server a1 127.0.0.1:{port}"), expected)
    }

    fn answers(&mut self) {
        for (name, status, fault) in [
            ("healthy", "200 OK", "none"),
            ("not-found", "404 Not Found", "none"),
            ("own-502", "502 Bad Gateway", "upstream-bad-gateway"),
            ("own-503", "503 Service Unavailable", "upstream-unavailable"),
            ("own-504", "504 Gateway Timeout", "upstream-gateway-timeout"),
            ("own-500", "500 Internal Server Error", "upstream-error"),
        ] {
            let bytes = upstream::response(status, "", "words\n");
            self.behind(name, Behaviour::Answers(bytes, Ending::Fin), expected(fault, &[]));
        }
        let dead = upstream::closed_port();
        let alive = upstream::listen(Behaviour::Serves(Duration::ZERO));
        self.add(
            "retried-elsewhere",
            &format!(
                "balance first\n  option redispatch 1\n  server a1 127.0.0.1:{dead}\n  server a2 \
                 127.0.0.1:{alive}"
            ),
            expected("none", &[]),
        );
    }

    fn connections(&mut self) {
        let dead = upstream::closed_port();
        self.add("refused", &format!("server a1 127.0.0.1:{dead}"), UNCONNECTED);
        let full = upstream::full_port();
        let server = format!("server a1 127.0.0.1:{full}");
        self.add("connect-timeout", &server, expected("connect-timeout", &[]));
        let server = format!("server a1 127.0.0.1:{dead} disabled");
        self.add("none-healthy", &server, expected("no-healthy-upstream", &[]));
        self.add("no-backend", "", expected("no-upstream", &["no-healthy-upstream"])).path =
            "/nowhere/4100".to_owned();
        let slow = upstream::listen(Behaviour::Serves(Duration::from_millis(550)));
        let server = format!("timeout queue 200ms\n  server a1 127.0.0.1:{slow} maxconn 1");
        self.add("queue", &server, expected("connection-limit", &[])).behind_another = true;
    }

    fn handshakes(&mut self, folder: &Path) {
        let folder = folder.display();
        let secured = |port: u16, more: &str| {
            format!("server a1 127.0.0.1:{port} ssl ca-file {folder}/ca.pem {more}")
        };
        let failed = expected("connect-failed", &["tls-handshake-failed"]);
        let plain = upstream::listen(Behaviour::SpeaksFirst(b"220 mail.shop.example\r\n".to_vec()));
        self.add("tls-to-plaintext", &secured(plain, "verify none"), failed).in_rich =
            expected("tls-not-spoken", &["tls-handshake-failed"]);
        let alert = vec![0x15, 3, 3, 0, 2, 2, 40];
        let port = upstream::listen(Behaviour::Handshakes(alert, Ending::Fin));
        self.add("tls-alert", &secured(port, "verify none"), failed).in_rich =
            expected("tls-handshake-failed", &[]);
        let port = upstream::listen(Behaviour::HandshakeStalls);
        self.add(
            "tls-stalls",
            &secured(port, "verify none"),
            expected("connect-timeout", &["tls-handshake-failed"]),
        );
    }

    fn responses(&mut self) {
        let silent = || Behaviour::Stalls(Vec::new());
        self.behind("slow", silent(), expected("response-timeout", &[]));
        let nothing = |ending| Behaviour::Answers(Vec::new(), ending);
        self.behind("closed", nothing(Ending::Fin), CUT);
        self.behind("reset", nothing(Ending::Rst), CUT);
        let malformed = expected("response-malformed", &[]);
        let foreign = b"SSH-2.0-OpenSSH_9.2\r\n".to_vec();
        self.behind("foreign", Behaviour::Answers(foreign, Ending::Fin), malformed);
        let broken = b"HTTP/1.1 200 OK\r\nX Y: 1\r\n\r\n".to_vec();
        self.behind("broken-header", Behaviour::Answers(broken, Ending::Fin), malformed);
        let long = upstream::response("200 OK", &format!("X-Long: {}\r\n", "x".repeat(20_000)), "");
        self.behind(
            "long-header",
            Behaviour::Answers(long, Ending::Fin),
            expected("response-malformed", &["response-header-too-large"]),
        );
        let part = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.".to_vec();
        let cut = expected("body-truncated", &[]);
        self.behind("cut-body", Behaviour::Answers(part.clone(), Ending::Fin), cut);
        self.behind("stalled-body", Behaviour::Stalls(part), expected("body-timeout", &[]));
    }

    fn own_doing(&mut self) {
        let denied = expected("gateway-denied", &[]);
        self.add("denied", "", denied).path = "/denied/4101".to_owned();
        self.add("sorry", "", expected("gateway-denied", &["none"])).path =
            "/sorry/4102".to_owned();
        let left = expected("client-closed", &[]);
        // More than the buffers between hold.
        let large = upstream::response("200 OK", "", &"x".repeat(16 << 20));
        self.behind("client-left", Behaviour::Answers(large, Ending::Fin), left).ask =
            Ask { leaves_after: Some(Duration::from_millis(80)), ..Ask::default() };
    }

    /// Servers that are checked, and fail.
    fn checks(&mut self) {
        let dead = upstream::closed_port();
        let silent = upstream::listen(Behaviour::Stalls(Vec::new()));
        let wrong = upstream::response("500 Internal Server Error", "", "");
        let wrong = upstream::listen(Behaviour::Answers(wrong, Ending::Fin));
        let greeting = b"SSH-2.0-OpenSSH_9.2\r\n".to_vec();
        let foreign = upstream::listen(Behaviour::SpeaksFirst(greeting));
        let checked = "check inter 200ms fall 1";
        self.backends.push_str(&format!(
            "backend checks\n  option httpchk GET /health\n  timeout check 300ms\n  server refused \
             127.0.0.1:{dead} {checked}\n  server silent 127.0.0.1:{silent} {checked}\n  server \
             wrong 127.0.0.1:{wrong} {checked}\n  server foreign 127.0.0.1:{foreign} {checked}\n  \
             server secured 127.0.0.1:{foreign} {checked} ssl verify none\n"
        ));
        self.servers = vec![
            ("checks/refused", expected("connect-refused", &[])),
            ("checks/silent", expected("response-timeout", &[])),
            ("checks/wrong", expected("upstream-error", &[])),
            ("checks/foreign", expected("response-malformed", &[])),
            ("checks/secured", expected("tls-handshake-failed", &["tls-not-spoken"])),
        ];
    }
}
