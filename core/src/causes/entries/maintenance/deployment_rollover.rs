//! Instances are being replaced: draining, restarting, not yet ready, GOAWAY.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault, Phase};

/// The HTTP/2 error codes NO_ERROR and REFUSED_STREAM: an orderly end, nothing was processed.
const NO_ERROR: u32 = 0;
const REFUSED_STREAM: u32 = 7;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::UpstreamUnavailable, 42),
        (Fault::ResponseTerminated, 40),
        (Fault::ResponseClosed, 40),
        (Fault::ResponseReset, 40),
        (Fault::ConnectRefused, 38),
        (Fault::NoHealthyUpstream, 36),
        (Fault::BodyTruncated, 36),
        (Fault::BodyFailed, 36),
        (Fault::ConnectInvalid, 25),
        (Fault::ConnectFailed, 22),
        (Fault::RequestWriteFailed, 22),
        (Fault::UpstreamBadGateway, 22),
        (Fault::ConnectTimeout, 20),
        (Fault::ConnectUnreachable, 20),
        (Fault::Unknown, 20),
        (Fault::DnsNotFound, 12),
        (Fault::None, 6),
    ],
    tells: &[
        Tell::supports(35, "the upstream announced that it closes", |case| {
            case.seen(|seen| {
                let orderly = matches!(seen.number, None | Some(NO_ERROR));
                seen.sign == Sign::GoAway && orderly
            })
        })
        .on_signs(&[Sign::GoAway]),
        Tell::supports(30, "the upstream took no new work on this connection", |case| {
            case.has_number(Sign::StreamReset, REFUSED_STREAM)
        })
        .on_signs(&[Sign::StreamReset]),
        Tell::sign_supports(20, "something was reloading or draining", &[Sign::Reloading]),
        Tell::supports(12, "one instance failed, and another answered", |case| {
            case.retry_succeeded()
        })
        .on(&[Clue::Several]),
        Tell::supports(12, "several instances could not be connected to", |case| {
            case.several_upstreams_failed().filter(|_| case.fault.phase() == Phase::Connect)
        })
        .on(&[Clue::Several]),
        Tell::sign_refutes(
            15,
            "the application names an error of its own",
            &[Sign::ApplicationFailed, Sign::ApplicationOutOfMemory],
        ),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A deployment replaces the upstream",
    meaning: "Instances are being replaced. The old one closed before the gateway stopped sending \
              to it, or the new one is not ready yet.",
    checks: &[
        Check {
            run: "In a cluster: kubectl get events --sort-by=.lastTimestamp | tail -30; kubectl \
                  rollout history deployment/NAME",
            outcome: "Pods killed or started at the time of the errors, with a new revision: the \
                      rollout. Without one: a crash, an eviction or scaling down.",
            tells: &[Cause::DeploymentRollover, Cause::UpstreamCrashed, Cause::UpstreamOutOfMemory],
            ..Check::ALWAYS
        },
        Check {
            run: "journalctl -u UNIT --since '-30 min' | grep -iE 'start|stop|reload|signal'",
            outcome: "An orderly stop and start that frames the errors: a rollover. Errors that go \
                      on after it: the new version itself.",
            tells: &[Cause::DeploymentRollover, Cause::ApplicationError, Cause::UpstreamNotRunning],
            ..Check::ALWAYS
        },
        Check {
            run: "Set the first and the last error beside the deployment's start and end.",
            outcome: "A burst of seconds for each instance: draining is too short, or readiness \
                      comes too early.",
            tells: &[Cause::DeploymentRollover, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        shared::POD,
        shared::EARLIER,
        shared::MEMBERS,
    ],
    remedies: &[
        Remedy::cure(
            "Drain before stopping: take the instance out of the pool, wait until the gateway has \
             noticed, finish open requests, then stop.",
        ),
        Remedy::cure(
            "In Kubernetes, let a preStop hook sleep for some seconds: a pod may be told to stop \
             before every gateway has dropped its endpoint.",
        ),
        Remedy::cure(
            "Send traffic only to instances whose readiness check passes, and let that check use \
             what a request uses.",
        ),
        Remedy::cure(
            "Let the gateway try another instance when a connection fails before the request was \
             processed, for methods that may be repeated.",
        ),
        Remedy::stopgap("Pause the rollout, and go on one instance at a time."),
    ],
    prevention: &[
        "Count failed requests during each rollout under load, and stop it when there are any.",
        "Give the drain more time than the longest request and the gateway's health interval \
         together.",
        "Never replace all members at once, and keep one to spare.",
    ],
    sources: &[
        "RFC 9113, section 6.8 (GOAWAY)",
        "RFC 9110, section 9.2.2 (methods that may be repeated)",
        "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
    ],
};
