//! Event logs: what outlier detection and health checks write, an object in a line each. From
//! api/envoy/data/cluster/v3/outlier_detection_event.proto and
//! api/envoy/data/core/v3/health_check_event.proto.

use crate::evidence::{Attempt, Evidence, Origin, Seen, Sign, Source};
use crate::scan::{self, json, time};
use crate::vocabulary::Gateway;

/// Reads an event. False, and nothing read, where the line is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    if !scan::holds(line, b"_ejections\"") && !scan::holds(line, b"_checker_type\"") {
        return false;
    }
    let origin = Origin { source: Source::ErrorLog, ..origin };
    let mut event = Evidence { gateway: Some(Gateway::Envoy), event: true, ..Evidence::default() };
    let mut address = None;
    let mut checker = false;
    // What happened, and why, as far as it is told.
    let (mut sign, mut quote) = (None, None);
    json::each(line, |around, key, value| match (around, key) {
        (b"", b"action") => {
            sign = Some(if value == b"EJECT" { Sign::MemberDisabled } else { Sign::Harmless });
        }
        (b"", b"type") => quote = Some(value),
        (b"", b"cluster_name") => event.cluster = Some(value),
        (b"", b"upstream_url") => address = Some(value),
        (b"", b"timestamp") => event.at = time::any(value),
        (b"", b"health_checker_type") => checker = true,
        (b"eject_unhealthy_event" | b"health_check_failure_event", b"failure_type") => {
            quote = Some(value);
        }
        (b"socket_address", b"address") => address = Some(value),
        _ => {}
    });
    if checker {
        let ejected = scan::holds(line, b"\"eject_unhealthy_event\"");
        sign = Some(if ejected { Sign::MemberDisabled } else { Sign::Harmless });
    }
    let Some(sign) = sign else { return false };
    event.sources.add(Source::ErrorLog);
    event.records.push((origin, line));
    if let Some(address) = address {
        event.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
    }
    event.add(Seen { quote: quote.unwrap_or(line), origin, ..Seen::new(sign) });
    *evidence = event;
    true
}
