//! The upstream is down on purpose and says so, or an operator took it out of the pool.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::UpstreamUnavailable, 44),
        (Fault::NoHealthyUpstream, 25),
        (Fault::ConnectRefused, 22),
        (Fault::UpstreamBadGateway, 20),
        (Fault::Unknown, 18),
        (Fault::ConnectUnreachable, 15),
        (Fault::ConnectTimeout, 12),
    ],
    tells: &[
        Tell::supports(30, "the upstream says when to come back", |case| case.retry_after())
            .under(&[Fault::UpstreamUnavailable])
            .on(&[Clue::RetryAfter]),
        Tell::supports(35, "the words speak of maintenance", |case| case.quotes("maintenance"))
            .on(&[Clue::Words]),
        Tell::refutes(18, "a page of maintenance comes at once, and this took long", |case| {
            case.longer_than(5000)
        })
        .under(&[Fault::UpstreamUnavailable])
        .on(&[Clue::Took]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream is in maintenance",
    meaning: "The upstream was taken down on purpose: it answers 503, or an operator took it out \
              of the pool. It comes back by plan.",
    checks: &[
        Check {
            run: "curl -si -m 10 'http://{upstream}{path}' -H 'Host: {authority}' | head -20",
            outcome: "Retry-After, or a page that speaks of maintenance: it is meant. A bare 503 \
                      that comes and goes with traffic: overload.",
            tells: &[Cause::PlannedMaintenance, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "Look at the change calendar, the on-call channel, and the provider's list of \
                  planned work.",
            outcome: "An entry for this time: wait, and tell the users. None: somebody may have \
                      left the switch on.",
            tells: &[Cause::PlannedMaintenance, Cause::ProviderOutage],
            ..Check::ALWAYS
        },
        Check {
            run: "On the upstream's host: last -x | head; journalctl _COMM=sudo --since '-2 h'; \
                  journalctl -u UNIT --since '-2 h' | grep -iE 'stopp|start'",
            outcome: "A stop by a person or a job, in order: planned. An end without a stop: a \
                      crash.",
            tells: &[Cause::PlannedMaintenance, Cause::UpstreamCrashed, Cause::DeploymentRollover],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get nodes,deployments -A",
            outcome: "SchedulingDisabled: the node is being drained. 0/0 ready: scaled down on \
                      purpose. 0 of more: it fails, and nobody meant it.",
            tells: &[Cause::PlannedMaintenance, Cause::UpstreamNotRunning],
            ..Check::ALWAYS
        },
        shared::EARLIER,
        shared::MEMBERS,
    ],
    remedies: &[
        Remedy::cure(
            "When the work is done, take the maintenance switch off and put the member back in the \
             pool.",
        ),
        Remedy::cure("Work on one member at a time, drained first, so that the others serve on."),
        Remedy::stopgap(
            "Until then, let the gateway answer with a page of its own, status 503 and \
             Retry-After.",
        ),
    ],
    prevention: &[
        "Agree windows and change freezes with providers and neighbours, and put them where \
         on-call looks.",
        "Let the maintenance switch expire by itself.",
        "Keep a redundant pair, so that maintenance of one is not downtime.",
    ],
    sources: &["RFC 9110, section 15.6.4 (503)", "RFC 9110, section 10.2.3 (Retry-After)"],
};
