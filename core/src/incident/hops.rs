//! Several records of one request, each from another hop: in a mesh the caller's proxy and the
//! callee's both log it, with the same request id. The hop nearest to the fault tells most.

use crate::classify::classify;
use crate::evidence::{Evidence, Seen, Sign};
use crate::vocabulary::{Fault, Gateway};
use alloc::vec::Vec;

/// From so many records on that name one id and one upstream, the request goes round in a circle.
const CIRCLE: usize = 4;

/// Whether two access records can be of two hops of one request: they name one id.
pub(super) fn share_an_id(this: &Evidence<'_>, that: &Evidence<'_>) -> bool {
    this.gateway == Some(Gateway::Envoy)
        && that.gateway == this.gateway
        && this.request.id.is_some()
        && this.request.id == that.request.id
}

/// Whether it is the hop in front of the application: Istio names what it proxies for itself so.
pub(super) fn is_inbound(evidence: &Evidence<'_>) -> bool {
    evidence.cluster.is_some_and(|cluster| cluster.starts_with(b"inbound|"))
}

/// One exchange from the records of its hops: what the client got, and why. Where the outermost hop
/// ended well, an inner one was tried again; else the record decides that names a failure of its own,
/// before those that pass one on and those whose caller gave up.
pub(super) fn join<'a>(hops: &[&Evidence<'a>]) -> Option<Evidence<'a>> {
    // Envoy's records have the time at which the request came.
    let began =
        |evidence: &&&Evidence<'a>| (evidence.at, core::cmp::Reverse(evidence.timings.total));
    let outermost = hops.iter().min_by_key(began)?;
    let well = outermost.status.is_some_and(|status| status < 400);
    if well && classify(outermost).fault == Fault::None {
        return Some((**outermost).clone());
    }
    let deepest = hops.iter().max_by_key(|evidence| depth(evidence))?;
    let mut whole = (**deepest).clone();
    // The client got what the outermost hop sent.
    whole.status = outermost.status.or(whole.status);
    for other in hops.iter().filter(|other| !core::ptr::eq(**other, *deepest)) {
        for record in other.records.iter() {
            whole.records.push(*record);
        }
    }
    if let (true, Some((origin, _)), Some(id)) =
        (circles(hops), whole.records.get(0).copied(), whole.request.id)
    {
        whole.add(Seen { quote: id, origin, ..Seen::new(Sign::Loop) });
    }
    Some(whole)
}

/// How near to the fault a hop is, by what it says.
fn depth(evidence: &Evidence<'_>) -> (u8, bool) {
    let own = match classify(evidence).fault {
        Fault::None => 0,
        Fault::ClientClosed => 1,
        Fault::Unknown => 2,
        Fault::UpstreamBadGateway
        | Fault::UpstreamUnavailable
        | Fault::UpstreamGatewayTimeout
        | Fault::UpstreamError => 3,
        _ => 4,
    };
    (own, is_inbound(evidence))
}

fn circles(hops: &[&Evidence<'_>]) -> bool {
    let upstreams: Vec<&[u8]> = hops
        .iter()
        .filter_map(|hop| hop.last_attempt().and_then(|attempt| attempt.address))
        .collect();
    let same = |upstream: &[u8]| upstreams.iter().filter(|other| **other == upstream).count();
    upstreams.iter().any(|upstream| same(upstream) >= CIRCLE)
}
