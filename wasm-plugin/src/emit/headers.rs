//! Response headers.

use alloc::format;
use alloc::string::String;
use why502::Diagnosis;
use why502_proxy_wasm::Failure;

use crate::settings::Settings;

/// The Proxy-Status member for a diagnosis (RFC 9209); `None` where there is none.
pub(crate) fn proxy_status(failure: &Failure, settings: &Settings) -> Option<String> {
    let member = failure.proxy_status(settings.disclose_upstream)?;
    let Some(name) = settings.proxy_status_name.as_deref() else { return Some(member.into()) };
    let parameters = member.find(';').and_then(|at| member.get(at..)).unwrap_or("");
    Some(match is_token(name) {
        true => format!("{name}{parameters}"),
        false => format!("\"{}\"{parameters}", name.replace('\\', "\\\\").replace('"', "\\\"")),
    })
}

/// A Token of Structured Fields (RFC 9651, section 3.3.4).
fn is_token(name: &str) -> bool {
    let begins = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '*');
    begins && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&b))
}

/// `connect-refused; cause=upstream-not-running; certainty=0.98`, an Item of Structured Fields.
pub(crate) fn fault_header(diagnosis: &Diagnosis) -> String {
    let (fault, cause) = (diagnosis.fault(), diagnosis.cause());
    format!("{fault}; cause={cause}; certainty={}", diagnosis.certainty())
}
