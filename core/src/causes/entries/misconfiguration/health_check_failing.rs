//! Health checks mark working upstreams down: wrong path, port, host, interval, or expected status.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[(Fault::NoHealthyUpstream, 45)],
    tells: &[
        Tell::supports(25, "the words speak of health checks", |case| {
            // "No healthy upstream" speaks of none.
            let words = ["health check", "health_check", "healthcheck", "readiness probe"];
            words.iter().find_map(|text| case.quotes(text))
        })
        .on(&[Clue::Words]),
        Tell::sign_supports(12, "members were taken out of turn", &[Sign::MemberDisabled]),
        Tell::refutes(25, "an upstream truly could not be reached", |case| {
            case.seen(|seen| {
                matches!(
                    seen.sign,
                    Sign::Refused | Sign::Unreachable | Sign::Reset | Sign::Missing | Sign::Closed
                )
            })
        })
        .on_signs(&[
            Sign::Refused,
            Sign::Unreachable,
            Sign::Reset,
            Sign::Missing,
            Sign::Closed,
        ]),
        Tell::refutes(15, "requests themselves failed on several upstreams", |case| {
            case.several_upstreams_failed()
        })
        .on(&[Clue::Several]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "Health checks take working upstreams out",
    meaning: "The upstreams answer requests, and the gateway's check of their health fails: its \
              path, port, host, interval or expected status is wrong.",
    checks: &[
        Check {
            run: "On the gateway: curl -s -o /dev/null -m 5 -w '%{http_code} %{time_total}\\n' \
                  'http://MEMBER/PATH-OF-THE-CHECK'",
            outcome: "Send the Host that the check sends. 200 and quick: the check's port, host, \
                      interval or expected status is wrong. A redirect, 401 or 404: its path is. \
                      Refused or no answer: the upstream is down in earnest.",
            tells: &[
                Cause::HealthCheckFailing,
                Cause::UpstreamNotRunning,
                Cause::UpstreamOverloaded,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "Ask the gateway which members it holds for down, and why, on its status page or \
                  its administration socket or port.",
            outcome: "A status of the answer: path, host or expected status. A timeout: interval \
                      or load. Refused: port, or the upstream. None is down by its checks: failed \
                      requests or an operator took them out.",
            tells: &[
                Cause::HealthCheckFailing,
                Cause::UpstreamNotRunning,
                Cause::UpstreamOverloaded,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "Search the upstream's access log for the checks, around the time of the fault.",
            outcome: "None: they go to another port, or a firewall drops them. Some with errors: \
                      the path, the host or a dependency. All good: look at interval and limit.",
            tells: &[Cause::HealthCheckFailing, Cause::FirewallBlocking, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl describe pod POD | sed -n '/Events/,$p'",
            outcome: "'Readiness probe failed' says with which status. Restarts and 'OOMKilled': \
                      the upstream itself fails.",
            tells: &[Cause::HealthCheckFailing, Cause::UpstreamCrashed, Cause::UpstreamOutOfMemory],
            ..Check::ALWAYS
        },
        shared::EARLIER,
    ],
    remedies: &[
        Remedy::cure("Correct the path, port, host name, scheme and expected status of the check."),
        Remedy::cure("Let the check ask a light path without login, redirect or database."),
        Remedy::cure(
            "Take a member out after several failures, not one, and give each check more time than \
             the slowest healthy answer takes.",
        ),
        Remedy::stopgap(
            "Turn the check off, or mark members up by hand, as long as they answer requests.",
        ),
    ],
    prevention: &[
        "Test the check itself after each change of the upstream's paths, ports and logins.",
        "Warn when a member is out, before the last one is.",
    ],
    sources: &[
        "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
        "RFC 9209, section 2.3 (destination_unavailable)",
    ],
};
