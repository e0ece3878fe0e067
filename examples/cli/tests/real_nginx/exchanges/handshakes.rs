//! The TLS handshake with the upstream fails.

use std::path::Path;

use super::Stage;
use crate::certificates;
use crate::gateway;
use crate::upstream::{self, Behaviour, Ending, response};

impl Stage {
    pub(super) fn handshakes(&mut self, folder: &Path) {
        certificates::make(folder);
        let folder = folder.display();
        let name = certificates::NAME;
        // A session that another location began would spare the peer its certificate.
        let trusting = format!(
            "proxy_ssl_verify on; \
             proxy_ssl_trusted_certificate {folder}/ca.pem; \
             proxy_ssl_name {name}; proxy_ssl_server_name on; \
             proxy_ssl_session_reuse off;"
        );
        let [good, expired, future, own, other, modern] = gateway::own_ports();
        for (port, file, extra) in [
            (good, "good", ""),
            (expired, "expired", ""),
            (future, "future", ""),
            (own, "self", ""),
            (other, "other", ""),
            (modern, "good", "ssl_protocols TLSv1.3;"),
        ] {
            // The upstreams are servers of the same nginx: their own view must not be logged.
            self.parts.http.push_str(&format!(
                "server {{ listen 127.0.0.1:{port} ssl reuseport;\n\
                 access_log off; error_log /dev/null crit;\n\
                 ssl_certificate {folder}/{file}.pem; ssl_certificate_key {folder}/{file}.key;\n\
                 {extra} location / {{ return 200 \"paid\\n\"; }} }}\n"
            ));
        }
        let to = |port: u16| format!("proxy_pass https://127.0.0.1:{port}; {trusting}");
        self.add("healthy-tls", "a TLS upstream with a good certificate", &to(good), "none", &[]);
        self.add(
            "tls-expired",
            "the certificate expired",
            &to(expired),
            "tls-certificate-expired",
            &["tls-certificate-invalid"],
        )
        .cause("certificate-expired", &[]);
        self.add(
            "tls-future",
            "the certificate is not valid yet",
            &to(future),
            "tls-certificate-expired",
            &["tls-certificate-invalid"],
        )
        .cause("certificate-expired", &[]);
        self.add(
            "tls-self-signed",
            "the certificate signed itself",
            &to(own),
            "tls-certificate-untrusted",
            &["tls-certificate-invalid"],
        )
        .cause("certificate-untrusted", &[]);
        self.add(
            "tls-other-name",
            "the certificate is for another name",
            &to(other),
            "tls-certificate-name-mismatch",
            &["tls-certificate-invalid"],
        )
        .cause("certificate-name-mismatch", &[]);
        self.add(
            "tls-unknown-authority",
            "the gateway trusts another authority",
            &to(good).replace("ca.pem", "self.pem"),
            "tls-certificate-untrusted",
            &["tls-certificate-invalid"],
        )
        .cause("certificate-untrusted", &[]);
        self.add(
            "tls-versions",
            "TLS 1.2 to an upstream that wants 1.3",
            &format!("{} proxy_ssl_protocols TLSv1.2;", to(modern)),
            "tls-handshake-failed",
            &[],
        )
        .cause("tls-settings-mismatch", &[]);
        self.add(
            "plain-to-tls",
            "plain HTTP to a TLS port of nginx, which answers 400",
            &format!("proxy_pass http://127.0.0.1:{good};"),
            "none",
            &["response-protocol-mismatch"],
        )
        .in_combined("none", &["response-protocol-mismatch", "client-invalid"]);
        let alert = |code: u8| Behaviour::Handshakes(vec![0x15, 3, 3, 0, 2, 2, code], Ending::Fin);
        for (name, staged, behaviour, fault, accept) in [
            (
                "tls-alert-40",
                "the handshake gets alert handshake_failure",
                alert(40),
                "tls-handshake-failed",
                &[] as &[_],
            ),
            (
                "tls-alert-70",
                "the handshake gets alert protocol_version",
                alert(70),
                "tls-handshake-failed",
                &[],
            ),
            (
                "tls-alert-80",
                "the handshake gets alert internal_error",
                alert(80),
                "tls-handshake-failed",
                &[],
            ),
            (
                "tls-alert-112",
                "the handshake gets alert unrecognized_name",
                alert(112),
                "tls-handshake-failed",
                &[],
            ),
            (
                "tls-alert-116",
                "the handshake gets alert certificate_required",
                alert(116),
                "tls-client-certificate-rejected",
                &["tls-handshake-failed"],
            ),
            (
                "tls-closed",
                "the peer closes after the ClientHello",
                Behaviour::Handshakes(Vec::new(), Ending::Fin),
                "tls-handshake-failed",
                &[],
            ),
            (
                "tls-reset",
                "the peer resets after the ClientHello",
                Behaviour::Handshakes(Vec::new(), Ending::Rst),
                "tls-handshake-failed",
                &[],
            ),
            (
                "tls-stalled",
                "the peer never answers the ClientHello",
                Behaviour::HandshakeStalls,
                "tls-handshake-failed",
                &[],
            ),
            (
                "tls-to-plain",
                "TLS to a plaintext HTTP port",
                Behaviour::Handshakes(response("400 Bad Request", "", "no\n"), Ending::Fin),
                "tls-not-spoken",
                &["tls-handshake-failed"],
            ),
            (
                "tls-to-ssh",
                "TLS to an SSH port",
                Behaviour::SpeaksFirst(b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec()),
                "tls-not-spoken",
                &["tls-handshake-failed"],
            ),
        ] {
            let location = to(upstream::listen(behaviour));
            let exchange = self.add(name, staged, &location, fault, accept);
            match name {
                "tls-to-plain" => {
                    exchange.cause("scheme-mismatch", &["upstream-address-wrong"]);
                }
                "tls-alert-70" => {
                    exchange.cause("tls-settings-mismatch", &[]);
                }
                "tls-alert-112" => {
                    exchange.cause("certificate-name-mismatch", &["tls-settings-mismatch"]);
                }
                _ => {}
            }
        }
    }
}
