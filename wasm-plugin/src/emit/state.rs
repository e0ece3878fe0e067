//! Filter state: what access logs print with `%FILTER_STATE(wasm.why502.fault:PLAIN)%`.

use alloc::string::ToString;
use why502_proxy_wasm::Failure;

use crate::host::{Answer, Host};

/// Keeps the diagnosis as filter state: `why502.fault`, `why502.cause`, `why502.category`,
/// `why502.certainty` and `why502.proxy_status`, behind Envoy's prefix `wasm.`.
pub(crate) fn set(host: &impl Host, failure: &Failure) -> Answer<()> {
    let diagnosis = failure.diagnosis();
    host.set_property(b"why502.fault", diagnosis.fault().id().as_bytes())?;
    host.set_property(b"why502.cause", diagnosis.cause().id().as_bytes())?;
    host.set_property(b"why502.category", diagnosis.category().id().as_bytes())?;
    host.set_property(b"why502.certainty", diagnosis.certainty().to_string().as_bytes())?;
    // Access logs are the operator's: the address may stand there.
    match failure.proxy_status(true) {
        Some(member) => host.set_property(b"why502.proxy_status", member.as_bytes()),
        None => Ok(()),
    }
}
