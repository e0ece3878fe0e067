//! The evidence does not tell one cause from another.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

/// It stands behind every fault: what is not known has its share everywhere.
pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::NoUpstream, 30),
        (Fault::NoHealthyUpstream, 42),
        (Fault::ConnectionLimit, 30),
        (Fault::DnsNotFound, 28),
        (Fault::DnsTimeout, 25),
        (Fault::DnsFailed, 30),
        (Fault::ConnectRefused, 42),
        (Fault::ConnectTimeout, 40),
        (Fault::ConnectUnreachable, 36),
        (Fault::ConnectInvalid, 25),
        (Fault::ConnectDenied, 20),
        (Fault::ConnectFailed, 45),
        (Fault::TlsCertificateExpired, 15),
        (Fault::TlsCertificateUntrusted, 20),
        (Fault::TlsCertificateNameMismatch, 18),
        (Fault::TlsCertificateInvalid, 40),
        (Fault::TlsHandshakeFailed, 44),
        (Fault::TlsClientCertificateRejected, 20),
        (Fault::TlsNotSpoken, 15),
        (Fault::RequestWriteFailed, 44),
        (Fault::ResponseTimeout, 36),
        (Fault::ResponseTerminated, 44),
        (Fault::ResponseReset, 46),
        (Fault::ResponseClosed, 46),
        (Fault::ResponseMalformed, 34),
        (Fault::ResponseHeaderTooLarge, 15),
        (Fault::ResponseProtocolMismatch, 25),
        (Fault::ResponseUpgradeFailed, 28),
        (Fault::UpstreamBadGateway, 46),
        (Fault::UpstreamUnavailable, 44),
        (Fault::UpstreamGatewayTimeout, 40),
        (Fault::UpstreamError, 36),
        (Fault::BodyFailed, 44),
        (Fault::BodyTruncated, 44),
        (Fault::BodyTimeout, 34),
        (Fault::BodyMalformed, 30),
        (Fault::GatewayExhausted, 25),
        (Fault::GatewayInternal, 40),
        (Fault::GatewayDenied, 25),
        (Fault::GatewayLoop, 12),
        (Fault::ClientClosed, 20),
        (Fault::ClientInvalid, 25),
        (Fault::None, 60),
        (Fault::Unknown, 50),
    ],
    tells: &[
        Tell::supports(10, "no record says more than a status", |case| {
            let bare = case.evidence.signs.is_empty() && !case.error_log_read();
            bare.then_some(Fact::Shown("no error log among the records"))
        })
        .on(&[Clue::Silent]),
        Tell::supports(
            12,
            "failures before this one took the servers out, and they are not shown",
            |case| case.has(Sign::OutOfTurn).or_else(|| case.quotes("no live upstreams")),
        )
        .under(&[Fault::NoHealthyUpstream])
        .on_signs(&[Sign::OutOfTurn])
        .on(&[Clue::Words]),
        Tell::refutes(15, "the application itself says what went wrong", |case| {
            case.seen(|seen| seen.sign.is_applications())
        })
        .on_signs(Sign::OF_APPLICATIONS),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The cause cannot be told from this",
    meaning: "What was read shows the failure and not its reason, or fits several reasons alike. \
              The checks below part the common ones.",
    checks: &[
        Check {
            run: "From the gateway's host, past the gateway: curl -sv -m 10 -o /dev/null \
                  'http://{upstream}{path}' -H 'Host: {authority}'",
            outcome: "Use https where the upstream speaks TLS. Refused: nothing listens. Silence: \
                      network, filter or overload. An error: the upstream. A good answer: the \
                      gateway, or it has passed.",
            tells: &[
                Cause::UpstreamNotRunning,
                Cause::FirewallBlocking,
                Cause::UpstreamOverloaded,
                Cause::ApplicationError,
                Cause::GatewayMisconfigured,
            ],
            ..Check::ALWAYS
        },
        shared::BY_NAME,
        Check {
            run: "Collect the gateway's error log and the upstream's log for five minutes around \
                  the failure, with verbose levels if it comes again.",
            outcome: "The first error counts, not the loudest. A request id or the time joins the \
                      two sides. The upstream logged nothing: the request did not reach it.",
            tells: &[
                Cause::UpstreamCrashed,
                Cause::ApplicationError,
                Cause::NetworkPathDown,
                Cause::GatewayMisconfigured,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "Look at CPU, memory and connections of both hosts before the first error, at the \
                  last changes on both sides, and at the status pages of host, cloud and DNS.",
            outcome: "A curve that climbed before the error: load or memory. A change just before \
                      it: undo it. An incident elsewhere: the provider.",
            tells: &[
                Cause::UpstreamOverloaded,
                Cause::UpstreamOutOfMemory,
                Cause::DeploymentRollover,
                Cause::ProviderOutage,
            ],
            ..Check::ALWAYS
        },
        shared::BOTH_SIDES,
        shared::POD,
        shared::FROM_POD,
        shared::EARLIER,
        shared::MEMBERS,
        shared::GREETING,
    ],
    remedies: &[
        Remedy::cure(
            "Log more at the gateway: upstream address, upstream status, and the times to connect, \
             to the headers and in all. Read the next failure with them.",
        ),
        Remedy::cure(
            "Mend what marked the servers down: the earlier errors name it. Where a failure now \
             and then is usual, let more of them count before a server is taken out.",
        )
        .when(|case| case.fault == Fault::NoHealthyUpstream),
        Remedy::stopgap("Undo the last change on either side, if there was one shortly before."),
        Remedy::stopgap(
            "Restart the upstream only after its state is saved: logs, open connections, a stack \
             dump. A restart wipes out the evidence.",
        ),
    ],
    prevention: &[
        "Probe each upstream by name and by address from the gateway, all the time.",
        "Keep the clocks and the request ids of gateway and upstream in step, so that their logs \
         can be joined.",
        "Run redundant pairs with failover, automated restarts and tried backups: not every cause \
         will be found in the night.",
    ],
    sources: &[
        "RFC 9110, section 15.6.3 (502)",
        "RFC 9209 (Proxy-Status)",
        "man pages curl(1), dig(1), ss(8)",
    ],
};
