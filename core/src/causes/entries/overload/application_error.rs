//! A fault in the upstream's code or data answers with an error or drops the connection for this
//! request.

use super::super::shared;
use crate::causes::{Advice, CUT_SHORT, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::{BodySignature, Sign};
use crate::vocabulary::{Cause, Fault};

/// The HTTP/2 error code INTERNAL_ERROR.
const INTERNAL_ERROR: u32 = 2;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::UpstreamError, 72),
        (Fault::ResponseTerminated, 45),
        (Fault::ResponseClosed, 48),
        (Fault::ResponseReset, 48),
        (Fault::ResponseMalformed, 46),
        (Fault::ResponseHeaderTooLarge, 46),
        (Fault::BodyTruncated, 46),
        (Fault::BodyFailed, 46),
        (Fault::BodyMalformed, 46),
        (Fault::RequestWriteFailed, 40),
        (Fault::ResponseUpgradeFailed, 40),
        (Fault::ResponseTimeout, 38),
        (Fault::BodyTimeout, 36),
        (Fault::UpstreamUnavailable, 34),
        (Fault::ResponseProtocolMismatch, 30),
        (Fault::UpstreamBadGateway, 22),
        (Fault::UpstreamGatewayTimeout, 20),
        (Fault::Unknown, 32),
        (Fault::None, 8),
    ],
    tells: &[
        Tell::sign_supports(
            40,
            "the application reports a fatal error",
            &[Sign::ApplicationFailed],
        ),
        Tell::supports(20, "the upstream reset the stream for an error inside it", |case| {
            case.has_number(Sign::StreamReset, INTERNAL_ERROR)
        })
        .on_signs(&[Sign::StreamReset]),
        Tell::supports(12, "several upstreams broke off the same request", |case| {
            case.several_upstreams_failed()
        })
        .under(CUT_SHORT)
        .on(&[Clue::Several]),
        Tell::sign_supports(
            10,
            "the application wrote to its error output",
            &[Sign::ApplicationWrote],
        ),
        Tell::supports(8, "the error has the application's own form", |case| {
            let json = case.evidence.body == Some(BodySignature::Json);
            json.then_some(Fact::Shown("a JSON body"))
        })
        .on(&[Clue::Body]),
        Tell::sign_refutes(30, "the program was not even found", &[Sign::ScriptMissing]),
        Tell::refutes(15, "a reused connection that ends at once had mostly been idle", |case| {
            case.within(50).and_then(|_| case.reused_connection())
        })
        .under(CUT_SHORT)
        .on(&[Clue::Reused]),
        Tell::sign_refutes(
            10,
            "the application says that its memory ran out",
            &[Sign::ApplicationOutOfMemory],
        ),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The application fails on this request",
    meaning: "The upstream runs, and its code or data fails on this request: it answers with an \
              error, or drops the connection.",
    checks: &[
        Check {
            run: "Past the gateway: curl -sv -m 60 'http://{upstream}{path}' -H 'Host: \
                  {authority}'",
            outcome: "The same error: the application. A good answer: something that the gateway \
                      adds, or load at that time. Use the same method and body where it is safe.",
            tells: &[Cause::ApplicationError, Cause::UpstreamCrashed, Cause::KeepaliveMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "journalctl -u UNIT --since '-15 min' | grep -iE \
                  'error|exception|fatal|panic|traceback'",
            outcome: "A trace at the time of the error names the line. A restart at that time: a \
                      crash. Nothing at all: the request did not reach the application.",
            tells: &[Cause::ApplicationError, Cause::UpstreamCrashed, Cause::PathMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl logs POD --since=15m --timestamps | grep -iE \
                  'error|exception|fatal|panic|traceback'",
            outcome: "The same of a pod. Where it was restarted since, the trace is in the log \
                      before: add --previous in place of --since.",
            tells: &[Cause::ApplicationError, Cause::UpstreamCrashed],
            ..Check::ALWAYS
        },
        shared::BOTH_LOGS,
        Check {
            run: "Compare the first error with the times of releases, migrations, and changes of \
                  configuration and data.",
            outcome: "It began with one of them: undo that first. It meets one path or one \
                      customer: look at the data.",
            tells: &[Cause::ApplicationError, Cause::DeploymentRollover],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Fix what the trace names, and let the code answer with an error of its own in place \
             of a dropped connection.",
        ),
        Remedy::cure("Repair the data, the missing setting or the failed migration."),
        Remedy::stopgap("Go back to the last release that worked, or turn the feature off."),
        Remedy::stopgap(
            "Take the one path out of service at the gateway, so that the rest goes on.",
        ),
    ],
    prevention: &[
        "Release to a small share first, and stop when errors rise.",
        "Pass a request id from the gateway to the application, and log it on both sides.",
        "Back up data before a migration, and try the way back.",
    ],
    sources: &["RFC 9110, section 15.6.1 (500)", "RFC 9113, section 7 (HTTP/2 error codes)"],
};
