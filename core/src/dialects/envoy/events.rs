//! Event logs: what outlier detection and health checks write, an object in a line each. From
//! api/envoy/data/cluster/v3/outlier_detection_event.proto and
//! api/envoy/data/core/v3/health_check_event.proto.

use crate::evidence::{Attempt, Evidence, Origin, Seen, Sign, Source};
use crate::scan::{self, json, time};
use crate::vocabulary::{Gateway, Phase};

/// Reads an event. False, and nothing read, where the line is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    if !scan::holds(line, b"_ejections\"") && !scan::holds(line, b"_checker_type\"") {
        return false;
    }
    let origin = Origin { source: Source::ErrorLog, ..origin };
    let mut event = Evidence { gateway: Some(Gateway::Envoy), event: true, ..Evidence::default() };
    let mut address = None;
    // What happened, and why, as far as it is told.
    let (mut sign, mut quote, mut phase) = (None, None, None);
    json::each(line, |around, key, value| match (around, key) {
        (b"", b"action") => {
            sign = Some(if value == b"EJECT" { Sign::MemberDisabled } else { Sign::Harmless });
        }
        (b"", b"type") => quote = Some(value),
        (b"", b"cluster_name") => event.cluster = Some(value),
        (b"", b"upstream_url") => address = Some(value),
        (b"", b"timestamp") => event.at = time::any(value),
        (b"", b"health_checker_type") => sign = sign.or(Some(Sign::Harmless)),
        // One that failed a check is in turn until it is ejected.
        (b"health_check_failure_event", b"failure_type") => quote = Some(value),
        (b"eject_unhealthy_event", b"failure_type") => {
            let failed = check(value);
            (sign, phase, quote) = (Some(failed.0), failed.1, Some(value));
        }
        (b"socket_address", b"address") => address = Some(value),
        _ => {}
    });
    let Some(sign) = sign else { return false };
    event.sources.add(Source::ErrorLog);
    event.records.push((origin, line));
    if let Some(address) = address {
        event.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
    }
    event.add(Seen { phase, event: true, quote: quote.unwrap_or(line), origin, ..Seen::new(sign) });
    *evidence = event;
    true
}

/// How a health check failed (`HealthCheckFailureType`).
fn check(kind: &[u8]) -> (Sign, Option<Phase>) {
    match kind {
        // Before `NETWORK_TIMEOUT` was there, it stood for that as well.
        b"NETWORK" => (Sign::Failed, Some(Phase::Connect)),
        // Connecting and answering have one time limit.
        b"NETWORK_TIMEOUT" => (Sign::TimedOut, None),
        // The answer was not the one that was expected.
        b"ACTIVE" => (Sign::CheckFailed, None),
        // The member itself asked for it, in a header of an answer.
        _ => (Sign::MemberDisabled, None),
    }
}
