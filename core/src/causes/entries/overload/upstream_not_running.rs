//! No process serves the address: stopped, failed to start, still starting.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault, Phase};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::NoUpstream, 15),
        (Fault::ConnectRefused, 66),
        (Fault::ConnectInvalid, 46),
        (Fault::ConnectFailed, 50),
        (Fault::NoHealthyUpstream, 50),
        (Fault::UpstreamBadGateway, 42),
        (Fault::Unknown, 43),
        (Fault::ConnectUnreachable, 35),
        (Fault::DnsNotFound, 30),
        (Fault::ConnectTimeout, 25),
        (Fault::UpstreamUnavailable, 22),
    ],
    tells: &[
        Tell::supports(30, "a container's name is known only while it runs", |case| {
            case.quotes("host not found in")
        })
        .under(&[Fault::DnsNotFound])
        .on(&[Clue::Words]),
        Tell::supports(25, "the socket file is there, and nobody listens on it", |case| {
            case.unix_socket().and_then(|_| case.has(Sign::Refused))
        })
        .on(&[Clue::Socket]),
        Tell::sign_supports(
            22,
            "no socket is there: servers make it when they start",
            &[Sign::Missing],
        )
        .under(&[Fault::ConnectInvalid]),
        Tell::supports(15, "a container's or service's name is known only while it runs", |case| {
            case.short_name()
        })
        .under(&[Fault::DnsNotFound])
        .on(&[Clue::Unresolved]),
        Tell::supports(12, "a container that stops leaves its address empty", |case| {
            case.container_address()
        })
        .under(&[Fault::ConnectUnreachable])
        .on(&[Clue::Container]),
        Tell::supports(
            10,
            "the 502 came at once, as when the gateway behind was refused",
            |case| case.within(50),
        )
        .under(&[Fault::UpstreamBadGateway])
        .on(&[Clue::Took]),
        Tell::supports(12, "the connection failed at once, as one that is refused", |case| {
            case.within(50)
        })
        .under(&[Fault::ConnectFailed])
        .on(&[Clue::Took]),
        Tell::supports(5, "most 502s come of a connection that cannot be made", |case| {
            case.status(502)
        })
        .under(&[Fault::Unknown]),
        Tell::refutes(18, "a connection had stood moments before", |case| {
            let stood = [Sign::Closed, Sign::Reset, Sign::Ended];
            stood
                .into_iter()
                .find_map(|sign| case.has(sign))
                .filter(|_| case.fault.phase() == Phase::Connect)
        })
        .on_signs(&[Sign::Closed, Sign::Reset, Sign::Ended]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream is not running",
    meaning: "No process listens where the gateway connects. It was stopped, failed to start, or \
              is not ready yet.",
    checks: &[
        shared::LISTENING,
        Check {
            run: "systemctl status UNIT; journalctl -u UNIT -n 50",
            outcome: "inactive: somebody stopped it. failed: the last lines say why it did not \
                      start. active, for seconds only: it just started, or keeps crashing.",
            tells: &[Cause::UpstreamNotRunning, Cause::UpstreamCrashed, Cause::PlannedMaintenance],
            ..Check::ALWAYS
        },
        Check {
            run: "On the container's host: docker ps -a",
            outcome: "Exited: it does not run, and docker logs CONTAINER says why. Restarting: it \
                      crashes. Up: compare its address and port with the gateway's.",
            tells: &[
                Cause::UpstreamNotRunning,
                Cause::UpstreamCrashed,
                Cause::UpstreamAddressWrong,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get pods,endpointslices -o wide",
            outcome: "Pending: no node has room for it, or its image or volume is missing. No \
                      ready endpoint: it is not ready. CrashLoopBackOff: it crashes. Running and \
                      ready: compare its address and port with the gateway's.",
            tells: &[
                Cause::UpstreamNotRunning,
                Cause::UpstreamCrashed,
                Cause::UpstreamAddressWrong,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "On the gateway's host, then on the upstream's: curl -sv -m 10 -o /dev/null \
                  'http://{upstream}{path}' -H 'Host: {authority}'",
            outcome: "Refused on both: nothing listens. It works on the upstream's host only: its \
                      listening address, or a filter.",
            tells: &[
                Cause::UpstreamNotRunning,
                Cause::UpstreamAddressWrong,
                Cause::FirewallBlocking,
            ],
            ..Check::ALWAYS
        },
        shared::EARLIER,
        shared::MEMBERS,
        Check {
            run: "On the upstream's host or in its container: ss -lxp; ls -l SOCKET",
            outcome: "No line and no file: it is not running. A file that nobody listens on: it \
                      stopped and left it. Another path: the gateway's address is wrong.",
            tells: &[Cause::UpstreamNotRunning, Cause::UpstreamAddressWrong],
            when: Some(|case| case.unix_socket().is_some()),
        },
    ],
    remedies: &[
        Remedy::cure(
            "Start it. If it fails, fix what its log names first: configuration, a port in use, a \
             missing secret, its database.",
        ),
        Remedy::cure("Enable the service, so that it starts with the host."),
        Remedy::cure(
            "If it takes long to start, hold traffic back until its readiness check passes.",
        ),
        Remedy::stopgap(
            "Send traffic to another instance, or show a maintenance page with Retry-After.",
        ),
    ],
    prevention: &[
        "Let a supervisor start and restart it, and try a reboot of the host now and then.",
        "Watch the port itself from the gateway, not only the host.",
        "Check the configuration in the deployment before the old process is stopped.",
    ],
    sources: &[
        "RFC 9293, section 3.10.7.1 (a closed port answers with a reset)",
        "man pages systemctl(1), journalctl(1), ss(8), connect(2)",
    ],
};
