//! The connection to the upstream is not made.

use std::path::Path;
use std::time::Duration;

use super::Stage;
use crate::client::Ask;
use crate::gateway;
use crate::upstream::{self, Behaviour};

impl Stage {
    pub(super) fn connections(&mut self, folder: &Path) {
        const STOPPED: &[&str] = &[
            "upstream-crashed",
            "upstream-address-wrong",
            "deployment-rollover",
            "firewall-blocking",
        ];
        let dead = upstream::closed_port();
        self.add(
            "refused",
            "nothing listens on the port",
            &format!("proxy_pass http://127.0.0.1:{dead};"),
            "connect-refused",
            &["connect-failed"],
        )
        .cause("upstream-not-running", STOPPED);
        self.add(
            "refused-kept",
            "nothing listens, and the client keeps its connection",
            &format!("proxy_pass http://127.0.0.1:{dead};"),
            "connect-refused",
            &["connect-failed"],
        )
        .asks(Ask { method: "POST", body: 40, keeps_alive: true, ..Ask::default() })
        .cause("upstream-not-running", STOPPED);
        let full = upstream::full_port();
        self.add(
            "connect-timeout",
            "the queue of connections is full",
            &format!("proxy_pass http://127.0.0.1:{full};"),
            "connect-timeout",
            &["connect-failed"],
        );
        self.add(
            "unreachable",
            "a broadcast address, for which TCP has no route",
            "proxy_pass http://127.255.255.255:8080;",
            "connect-unreachable",
            &["connect-failed"],
        )
        .cause("network-path-down", &["firewall-blocking", "upstream-address-wrong"]);
        self.add(
            "bind-impossible",
            "proxy_bind to an address of another host",
            &format!("proxy_bind 192.0.2.1; proxy_pass http://127.0.0.1:{dead};"),
            "gateway-exhausted",
            &["gateway-internal", "connect-failed", "connect-invalid"],
        );
        let unix = |name: &str| folder.join(name);
        let pass =
            |name: &str| format!("proxy_pass http://unix:{}:/;", folder.join(name).display());
        upstream::listen_unix(&unix("app.sock"), Behaviour::Serves(Duration::ZERO));
        gateway::open_to_all(&unix("app.sock"));
        std::fs::set_permissions(
            unix("app.sock"),
            std::os::unix::fs::PermissionsExt::from_mode(0o777),
        )
        .expect("a file of ours");
        self.add("healthy-unix", "an upstream on a Unix socket", &pass("app.sock"), "none", &[]);
        self.add(
            "unix-missing",
            "the Unix socket does not exist",
            &pass("gone.sock"),
            "connect-invalid",
            &["connect-failed"],
        )
        .cause("upstream-not-running", &["upstream-address-wrong", "upstream-crashed"]);
        upstream::listen_unix(&unix("locked.sock"), Behaviour::Serves(Duration::ZERO));
        gateway::close_to_all(&unix("locked.sock"));
        self.add(
            "unix-forbidden",
            "the workers may not write to the Unix socket",
            &pass("locked.sock"),
            "connect-denied",
            &["connect-failed"],
        )
        .cause("permission-denied", &[]);
        upstream::abandoned_unix(&unix("left.sock"));
        std::fs::set_permissions(
            unix("left.sock"),
            std::os::unix::fs::PermissionsExt::from_mode(0o777),
        )
        .expect("a file of ours");
        self.add(
            "unix-refused",
            "a Unix socket on which nothing listens",
            &pass("left.sock"),
            "connect-refused",
            &["connect-failed"],
        )
        .cause("upstream-not-running", STOPPED);
    }
}
