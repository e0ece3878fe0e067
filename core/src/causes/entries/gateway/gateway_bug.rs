//! A defect or a failing plugin, script or configuration reload of the gateway.

use crate::causes::{Advice, Check, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[(Fault::GatewayInternal, 50), (Fault::GatewayExhausted, 10), (Fault::Unknown, 10)],
    tells: &[
        Tell::sign_supports(40, "a worker process of the gateway died", &[Sign::WorkerCrashed]),
        Tell::sign_supports(35, "a script or plugin of the gateway failed", &[Sign::ScriptFailed]),
        Tell::sign_supports(8, "the gateway failed inside", &[Sign::InternalError]),
        Tell::sign_refutes(
            25,
            "the gateway complains of its configuration",
            &[Sign::Misconfigured],
        ),
        Tell::refutes(30, "the error names permissions, paths or a limit", |case| {
            case.seen(|seen| {
                matches!(
                    seen.sign,
                    Sign::FileForbidden | Sign::RedirectCycle | Sign::BufferTooSmall
                )
            })
        })
        .on_signs(&[Sign::FileForbidden, Sign::RedirectCycle, Sign::BufferTooSmall]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The gateway's own program failed",
    meaning: "A worker process, a plugin or a script of the gateway failed while it handled the \
              request, or after a reload that went wrong.",
    checks: &[
        Check {
            run: "On the gateway: journalctl --since '-1 h' | grep -iE 'segfault|segmentation \
                  fault|core dumped|exit(ed)?( on)? signal|panic|traceback'",
            outcome: "A signal or a trace at the time of the fault: the program failed, and the \
                      trace says which part. 'Out of memory': the host lacks memory.",
            tells: &[Cause::GatewayBug, Cause::GatewayOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl logs GATEWAY-POD --previous | tail -50",
            outcome: "A trace at its end: the program failed. No previous log: the pod was not \
                      restarted, so a plugin, a script or one worker failed.",
            tells: &[Cause::GatewayBug, Cause::GatewayOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "Send the same request again, with the plugin or script of this route turned off, \
                  on a test system.",
            outcome: "Well without it: the plugin. Fails as before: the gateway or its \
                      configuration.",
            tells: &[Cause::GatewayBug, Cause::GatewayMisconfigured],
            ..Check::ALWAYS
        },
        Check {
            run: "Compare the time of the first fault with the last reload, update, or change of a \
                  plugin.",
            outcome: "Soon after one: go back. Long before: look at what is special about the \
                      requests that fail.",
            tells: &[Cause::GatewayBug, Cause::GatewayMisconfigured],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Correct the script or plugin that the trace names. Let it answer with a clear error \
             when something that it needs is missing.",
        ),
        Remedy::cure("Update the gateway, and the modules built for it together with it."),
        Remedy::stopgap("Turn the failing plugin off, or go back to the version before."),
        Remedy::stopgap("Restart the gateway in place of reloading it."),
    ],
    prevention: &[
        "Test scripts and plugins with the requests that failed, and with a dependency that does \
         not answer.",
        "Roll a new version out to one gateway first, and watch its error log.",
    ],
    sources: &["RFC 9209, section 2.3 (proxy_internal_error)", "man pages signal(7), core(5)"],
};
