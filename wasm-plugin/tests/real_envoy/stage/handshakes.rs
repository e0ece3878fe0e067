//! TLS with the upstream.

use serde_json::{Value, json};

use super::{Case, Stage, cluster, failure, healthy, tls};
use crate::certificates;
use crate::upstream::{self, Behaviour, Ending};

const CERTIFICATE: &str = "tls_certificate_error";
const PROTOCOL: &str = "tls_protocol_error";
const ALERT: &str = "tls_alert_received";
const FAILED: &[&str] = &["tls-handshake-failed"];

pub(super) fn add(stage: &mut Stage) {
    let folder = stage.folder.clone();
    let nothing = || json!({});
    let good = stage.secure("good", nothing(), nothing());
    stage.case(healthy("/secure"), tls(good, &folder, nothing()), nothing());
    for (path, certificate, fault) in [
        ("/expired", "expired", &["tls-certificate-expired"]),
        ("/future", "future", &["tls-certificate-expired"]),
        ("/self-signed", "self", &["tls-certificate-untrusted"]),
    ] {
        let port = stage.secure(certificate, nothing(), nothing());
        let case = failure(path, fault, CERTIFICATE);
        stage.case(case, tls(port, &folder, nothing()), nothing());
    }
    let other_authority = json!({"common_tls_context": {"validation_context": {
        "trusted_ca": {"filename": folder.join("self.pem")}}}});
    stage.case(
        failure("/unknown-authority", &["tls-certificate-untrusted"], CERTIFICATE),
        tls(good, &folder, other_authority),
        nothing(),
    );
    let other = stage.secure("other", nothing(), nothing());
    let named = json!({"common_tls_context": {"validation_context": {
        "match_typed_subject_alt_names":
            [{"san_type": "DNS", "matcher": {"exact": certificates::NAME}}]}}});
    stage.case(
        failure("/other-name", &["tls-certificate-name-mismatch"], CERTIFICATE),
        tls(other, &folder, named),
        nothing(),
    );
    demands(stage);
    nothing_in_common(stage);
    peers(stage, good);
}

/// The upstream wants the gateway's certificate.
fn demands(stage: &mut Stage) {
    let folder = stage.folder.clone();
    let demands = json!({"require_client_certificate": true, "common_tls_context":
        {"validation_context": {"trusted_ca": {"filename": folder.join("ca.pem")}}}});
    let port = stage.secure("good", demands, json!({}));
    // To 1.2 BoringSSL answers with `handshake_failure`, which says no more.
    let case = failure("/client-certificate", FAILED, ALERT);
    stage.case(case, tls(port, &folder, json!({})), json!({}));
    let newest = json!({"common_tls_context": {"tls_params":
        {"tls_maximum_protocol_version": "TLSv1_3"}}});
    // In 1.3 the alert comes when the request is sent, and Envoy only says that the connection ended.
    let ended =
        |path| failure(path, &["response-terminated"], "connection_terminated").truly(ALERT);
    let case = ended("/client-certificate-of-1.3");
    stage.case(case, tls(port, &folder, newest.clone()), json!({}));
    let file = |name: &str| json!({"filename": folder.join(name)});
    let mut wrong = newest;
    wrong["common_tls_context"]["tls_certificates"] =
        json!([{"certificate_chain": file("self.pem"), "private_key": file("self.key")}]);
    stage.case(ended("/client-certificate-wrong"), tls(port, &folder, wrong), json!({}));
}

/// Both speak TLS, and agree on nothing.
fn nothing_in_common(stage: &mut Stage) {
    let folder = stage.folder.clone();
    let parameters = |parameters: Value| json!({"common_tls_context": {"tls_params": parameters}});
    let newest = parameters(json!({"tls_minimum_protocol_version": "TLSv1_3",
        "tls_maximum_protocol_version": "TLSv1_3"}));
    let port = stage.secure("good", newest, json!({}));
    let case = failure("/no-common-version", FAILED, ALERT);
    stage.case(case, tls(port, &folder, json!({})), json!({}));
    let one = |cipher: &str| parameters(json!({"cipher_suites": [cipher]}));
    let port = stage.secure("good", one("ECDHE-ECDSA-AES256-GCM-SHA384"), json!({}));
    stage.case(
        failure("/no-common-cipher", FAILED, ALERT),
        tls(port, &folder, one("ECDHE-ECDSA-AES128-GCM-SHA256")),
        json!({}),
    );
    // A server that has a certificate for another name alone, and hangs up on whoever asks for none.
    let by_name = json!({"chain": {"filter_chain_match": {"server_names": ["mail.shop.example"]}},
        "filters": [{"name": "names", "typed_config": {"@type": "type.googleapis.com/\
            envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"}}]});
    let port = stage.secure("other", json!({}), by_name);
    let mut nameless = tls(port, &folder, json!({}));
    nameless["transport_socket"]["typed_config"]["sni"] = "".into();
    stage.case(failure("/no-server-name", FAILED, PROTOCOL), nameless, json!({}));
    for (path, number) in [
        ("/alert-handshake-failure", 40),
        ("/alert-protocol-version", 70),
        ("/alert-internal-error", 80),
        ("/alert-unrecognized-name", 112),
        ("/alert-no-application-protocol", 120),
    ] {
        let case = failure(path, FAILED, ALERT);
        alert(stage, case, number);
    }
    let case = failure("/alert-unknown-ca", &["tls-client-certificate-rejected"], ALERT);
    alert(stage, case, 48);
}

/// A server that answers with this alert, fatal.
fn alert(stage: &mut Stage, case: Case, number: u8) {
    let bytes = vec![21, 3, 3, 0, 2, 2, number];
    let port = upstream::listen(Behaviour::Handshakes(bytes, Ending::Fin));
    let folder = stage.folder.clone();
    stage.case(case, tls(port, &folder, json!({})), json!({}));
}

/// Peers that speak something else, or nothing.
fn peers(stage: &mut Stage, good: u16) {
    let folder = stage.folder.clone();
    let mut add = |case: Case, behaviour: Behaviour| {
        stage.case(case, tls(upstream::listen(behaviour), &folder, json!({})), json!({}));
    };
    let plain = b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec();
    add(
        failure("/tls-to-plain", &["tls-not-spoken"], PROTOCOL),
        Behaviour::Handshakes(plain, Ending::Fin),
    );
    // Of a handshake that the peer ends without a word, Envoy says what it says of a connection.
    add(
        failure("/handshake-closed", &["connect-failed"], "destination_unavailable")
            .truly(PROTOCOL),
        Behaviour::Handshakes(Vec::new(), Ending::Fin),
    );
    add(
        failure("/handshake-reset", FAILED, PROTOCOL),
        Behaviour::Handshakes(Vec::new(), Ending::Rst),
    );
    let mut stalls = tls(upstream::listen(Behaviour::HandshakeStalls), &folder, json!({}));
    stalls["connect_timeout"] = "0.4s".into();
    let case = failure("/handshake-stalls", &["connect-timeout"], "connection_timeout");
    stage.case(case, stalls, json!({}));
    stage.case(
        failure("/plain-to-tls", &["response-terminated"], "connection_terminated"),
        cluster(&[good]),
        json!({}),
    );
}
