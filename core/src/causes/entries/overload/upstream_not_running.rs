//! No process serves the address: stopped, failed to start, still starting.

use super::super::shared;
use crate::causes::{Advice, Check, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault, Phase};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::NoUpstream, 15),
        (Fault::ConnectRefused, 60),
        (Fault::ConnectInvalid, 46),
        (Fault::ConnectFailed, 45),
        (Fault::NoHealthyUpstream, 45),
        (Fault::UpstreamBadGateway, 42),
        (Fault::Unknown, 38),
        (Fault::ConnectUnreachable, 35),
        (Fault::DnsNotFound, 30),
        (Fault::ConnectTimeout, 25),
        (Fault::UpstreamUnavailable, 22),
    ],
    tells: &[
        Tell::supports(30, "a container's name is known only while it runs", |case| {
            case.quotes_of(Fault::NoUpstream, "host not found")
        }),
        Tell::supports(25, "the socket file is there, and nobody listens on it", |case| {
            case.unix_socket().and_then(|_| case.has(Sign::Refused))
        }),
        Tell::supports(22, "no socket is there: servers make it when they start", |case| {
            case.has(Sign::Missing).filter(|_| case.fault == Fault::ConnectInvalid)
        }),
        Tell::supports(15, "a container's or service's name is known only while it runs", |case| {
            case.short_name().filter(|_| case.fault == Fault::DnsNotFound)
        }),
        Tell::supports(12, "a container that stops leaves its address empty", |case| {
            case.container_address().filter(|_| case.fault == Fault::ConnectUnreachable)
        }),
        Tell::supports(
            10,
            "the 502 came at once, as when the gateway behind was refused",
            |case| case.within(50).filter(|_| case.fault == Fault::UpstreamBadGateway),
        ),
        Tell::supports(12, "the connection failed at once, as one that is refused", |case| {
            if case.fault == Fault::ConnectFailed { case.within(50) } else { None }
        }),
        Tell::refutes(18, "a connection had stood moments before", |case| {
            let stood = [Sign::Closed, Sign::Reset, Sign::Ended];
            stood
                .into_iter()
                .find_map(|sign| case.has(sign))
                .filter(|_| case.fault.phase() == Phase::Connect)
        }),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream is not running",
    meaning: "No process listens where the gateway connects. It was stopped, failed to start, or \
              is not ready yet.",
    checks: &[
        Check {
            run: "ss -ltnp 'sport = :{port}'",
            outcome: "Run it on the upstream's host, in its container if it has one. No line: \
                      nothing listens. Another port: the gateway's address is wrong. 127.0.0.1 \
                      only: it cannot be reached from outside.",
            tells: &[Cause::UpstreamNotRunning, Cause::UpstreamAddressWrong],
            ..Check::ALWAYS
        },
        Check {
            run: "systemctl status UNIT; journalctl -u UNIT -n 50",
            outcome: "inactive: somebody stopped it. failed: the last lines say why it did not \
                      start. active, for seconds only: it just started, or keeps crashing.",
            tells: &[Cause::UpstreamNotRunning, Cause::UpstreamCrashed, Cause::PlannedMaintenance],
            ..Check::ALWAYS
        },
        Check {
            run: "docker ps -a; kubectl get pods,endpointslices -o wide",
            outcome: "Exited, or no ready endpoint: it does not run. CrashLoopBackOff: it crashes. \
                      Running and ready: compare its address and port with the gateway's.",
            tells: &[
                Cause::UpstreamNotRunning,
                Cause::UpstreamCrashed,
                Cause::UpstreamAddressWrong,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -sv -o /dev/null http://{upstream}{path} -H 'Host: {authority}'",
            outcome: "Run it on the gateway's host, then on the upstream's. Refused on both: \
                      nothing listens. It works on the upstream's host only: its listening \
                      address, or a filter.",
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
            run: "ss -lxp; ls -l <path of the socket>",
            outcome: "Run it on the upstream's host, in its container if it has one. No line and \
                      no file: it is not running. A file that nobody listens on: it stopped and \
                      left it. Another path: the gateway's address is wrong.",
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
            "If it takes long to start, let the gateway wait for its readiness before it sends \
             traffic.",
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
