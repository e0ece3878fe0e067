//! Ownership, mode, SELinux or AppArmor keeps the gateway from its own socket, file or port.

use crate::causes::{Advice, Case, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ConnectDenied, 62),
        (Fault::GatewayExhausted, 20),
        (Fault::GatewayInternal, 36),
    ],
    tells: &[
        Tell::supports(20, "a Unix socket has an owner and a mode", |case| case.unix_socket())
            .under(&[Fault::ConnectDenied])
            .on(&[Clue::Socket]),
        Tell::sign_supports(
            40,
            "the gateway may not use a file of its own",
            &[Sign::FileForbidden],
        ),
        Tell::supports(12, "the error is that of permissions (EACCES)", |case| {
            case.has_number(Sign::Forbidden, 13)
        })
        .on_signs(&[Sign::Forbidden]),
        Tell::refutes(25, "the error is that of a local firewall (EPERM)", |case| {
            case.has_number(Sign::Forbidden, 1).filter(|_| case.unix_socket().is_none())
        })
        .on_signs(&[Sign::Forbidden]),
        Tell::refutes(30, "something ran out, and nothing was forbidden", |case| {
            case.seen(|seen| seen.sign.is_shortage())
        })
        .on_signs(Sign::SHORTAGES),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The operating system forbids it to the gateway",
    meaning: "Owner, mode, SELinux or AppArmor keeps the gateway's process from a socket, file or \
              port that it needs.",
    checks: &[
        Check {
            run: "sudo ausearch -m avc -ts recent; sudo journalctl -k --since '-15 min' | grep -iE \
                  'apparmor|avc'",
            outcome: "A denial that names the gateway: the policy, and the line says which right \
                      is missing. None: owner, mode or a local firewall.",
            tells: &[Cause::PermissionDenied, Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        Check {
            run: "getenforce; getsebool -a | grep -E 'httpd_can_network_(connect|relay) \
                  |haproxy_connect_any'",
            outcome: "Enforcing and off: SELinux forbids the gateway to connect, whatever its \
                      user. The first two are for nginx and Apache, the third for HAProxy. \
                      Permissive, on, or no such command: AppArmor, the service's own \
                      restrictions, or a local firewall.",
            tells: &[Cause::PermissionDenied, Cause::FirewallBlocking],
            when: Some(network),
        },
        Check {
            run: "For a Unix socket or a file: namei -l FILE",
            outcome: "A directory without x, or a socket without w, for the gateway's user: owner \
                      or mode. All well: SELinux or AppArmor. Not there: the path.",
            tells: &[
                Cause::PermissionDenied,
                Cause::UpstreamAddressWrong,
                Cause::UpstreamNotRunning,
            ],
            when: Some(path),
        },
        Check {
            run: "As the gateway's user: sudo -u USER curl -sv -m 5 -o /dev/null \
                  'http://{upstream}{path}'",
            outcome: "Well: the policy confines the service, not the user. Forbidden as well: mode \
                      or a local firewall.",
            tells: &[Cause::PermissionDenied, Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "With SELinux: setsebool -P httpd_can_network_connect on, for HAProxy \
             haproxy_connect_any. Narrower, where one port is enough: semanage port -a -t \
             http_port_t -p tcp PORT, with -m where the port has a type already.",
        )
        .when(network),
        Remedy::cure(
            "With AppArmor, or a service manager that confines the gateway, allow it network \
             connections.",
        )
        .when(network),
        Remedy::cure(
            "Give the socket a group that both sides are in and mode 0660, with x on each \
             directory above. Set it where the upstream makes the socket, or the next restart \
             undoes it.",
        )
        .when(|case| path(case) && case.fault == Fault::ConnectDenied),
        Remedy::cure("Give the gateway's user its cache and temporary directories.")
            .when(|case| path(case) && case.fault != Fault::ConnectDenied),
        Remedy::cure("With SELinux or AppArmor, allow just this: label the file or the socket.")
            .when(path),
        Remedy::stopgap(
            "Set SELinux to permissive (setenforce 0) for a minute, only to prove that it is the \
             reason. Turn it on again (setenforce 1).",
        ),
    ],
    prevention: &[
        "Set owner, mode and labels by the same package or playbook that installs the service.",
        "Restart both sides once on a test system after each change, and send a request.",
    ],
    sources: &[
        "man pages connect(2), unix(7), path_resolution(7)",
        "man pages httpd_selinux(8), haproxy_selinux(8), apparmor(7)",
    ],
};

/// What is forbidden is a connection over the network.
fn network(case: &Case<'_>) -> bool {
    case.fault == Fault::ConnectDenied && case.unix_socket().is_none()
}

/// What is forbidden has a path: a Unix socket or a file.
fn path(case: &Case<'_>) -> bool {
    !network(case)
}
