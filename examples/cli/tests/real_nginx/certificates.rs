//! Certificates with one fault each, made by the `openssl` command.

use std::path::Path;
use std::process::Command;

/// The name that the gateway asks its TLS upstreams for.
pub(crate) const NAME: &str = "pay.shop.example";

/// Writes `ca.pem`, and for each fault `NAME.pem` and `NAME.key`, into `folder`.
///
/// `good` chains to the authority; `expired` and `future` are not valid now; `self` signed
/// itself; `other` is for another name.
pub(crate) fn make(folder: &Path) {
    authority(folder);
    issue(folder, "good", NAME, &["-days", "30"]);
    issue(folder, "other", "mail.shop.example", &["-days", "30"]);
    // `-days` below zero ends before it begins, which OpenSSL 3 writes and 3.5 refuses.
    dated(folder, "expired", "20230101000000Z", "20240101000000Z");
    dated(folder, "future", "20990101000000Z", "20991231000000Z");
    let subject = format!("/CN={NAME}");
    with_new_key(folder, "self.key", "self.pem", &subject, &["-x509", "-days", "30"]);
}

fn authority(folder: &Path) {
    with_new_key(folder, "ca.key", "ca.pem", "/CN=Shop Root", &["-x509", "-days", "30"]);
    let settings = "[ca]\ndefault_ca = shop\n[shop]\nnew_certs_dir = .\ndatabase = index.txt\n\
                    rand_serial = yes\ndefault_md = sha256\npolicy = any\nunique_subject = no\n\
                    [any]\ncommonName = supplied\n";
    std::fs::write(folder.join("ca.cnf"), settings).expect("a writable folder");
    std::fs::write(folder.join("index.txt"), "").expect("a writable folder");
}

fn request(folder: &Path, file: &str, name: &str) {
    let (key, request) = (format!("{file}.key"), format!("{file}.csr"));
    let subject = format!("/CN={name}");
    with_new_key(folder, &key, &request, &subject, &["-new"]);
}

/// A request or a certificate of its own signing, with a key that is made for it.
fn with_new_key(folder: &Path, key: &str, out: &str, subject: &str, kind: &[&str]) {
    let mut arguments = vec!["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    arguments.extend(["-nodes", "-keyout", key, "-out", out, "-subj", subject]);
    arguments.extend(kind);
    openssl(folder, &arguments);
}

fn issue(folder: &Path, file: &str, name: &str, validity: &[&str]) {
    request(folder, file, name);
    let (request, certificate) = (format!("{file}.csr"), format!("{file}.pem"));
    let mut arguments = vec!["x509", "-req", "-in", &request, "-CA", "ca.pem", "-CAkey", "ca.key"];
    arguments.extend(["-CAcreateserial", "-out", &certificate]);
    arguments.extend(validity);
    openssl(folder, &arguments);
}

fn dated(folder: &Path, file: &str, from: &str, to: &str) {
    request(folder, file, NAME);
    let (request, certificate) = (format!("{file}.csr"), format!("{file}.pem"));
    openssl(
        folder,
        &[
            "ca",
            "-batch",
            "-notext",
            "-config",
            "ca.cnf",
            "-cert",
            "ca.pem",
            "-keyfile",
            "ca.key",
            "-in",
            &request,
            "-out",
            &certificate,
            "-startdate",
            from,
            "-enddate",
            to,
        ],
    );
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the openssl command");
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
