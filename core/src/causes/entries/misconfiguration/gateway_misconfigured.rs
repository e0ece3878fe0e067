//! Another setting of the gateway itself is wrong or missing: a module that is not loaded, its own
//! TLS set-up, a file it cannot use.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::DnsFailed, 30),
        (Fault::ConnectInvalid, 30),
        (Fault::ConnectDenied, 20),
        (Fault::TlsClientCertificateRejected, 35),
        (Fault::TlsHandshakeFailed, 28),
        (Fault::GatewayInternal, 54),
        (Fault::GatewayDenied, 25),
        (Fault::Unknown, 15),
    ],
    tells: &[
        Tell::sign_supports(
            25,
            "the gateway complains of its own configuration",
            &[Sign::Misconfigured],
        ),
        Tell::sign_supports(
            25,
            "a name must be looked up, and no resolver is set",
            &[Sign::NoResolver],
        ),
        Tell::sign_refutes(25, "a resolver is set, and it answered", &[Sign::ResolverFailed])
            .under(&[Fault::DnsFailed]),
        Tell::sign_refutes(
            25,
            "the program of the gateway failed",
            &[Sign::WorkerCrashed, Sign::ScriptFailed],
        ),
        Tell::sign_refutes(20, "the error names permissions", &[Sign::FileForbidden]),
        Tell::supports(15, "its own rules send the request round in a circle", |case| {
            case.has(Sign::RedirectCycle)
        })
        .on_signs(&[Sign::RedirectCycle]),
        Tell::supports(40, "a certificate or key of its own was not given to it", |case| {
            case.quotes("not supplied by SDS")
        })
        .under(&[Fault::TlsHandshakeFailed])
        .on(&[Clue::Words]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A setting of the gateway is wrong or missing",
    meaning: "The gateway could not do its part because of its own configuration: a module that is \
              not loaded, a certificate or file that it cannot use, an entry that is missing.",
    checks: &[
        Check {
            run: "With the command of your gateway: nginx -t; apachectl configtest; haproxy -c -f \
                  FILE; envoy --mode validate -c FILE; istioctl analyze -A",
            outcome: "Read its log from the last start or reload on as well. An error names file \
                      and line: correct that. None: a value that exists only at run time, such as \
                      a variable or a name, is empty or wrong.",
            tells: &[Cause::GatewayMisconfigured, Cause::GatewayBug],
            ..Check::ALWAYS
        },
        Check {
            run: "Compare the configuration that runs with the last one that worked, in version \
                  control or as a dump.",
            outcome: "A difference near the failing route: undo it. None: something outside has \
                      changed, such as a certificate, a file, a name or a token.",
            tells: &[Cause::GatewayMisconfigured, Cause::CertificateExpired, Cause::DnsRecordWrong],
            ..Check::ALWAYS
        },
        shared::BOTH_SIDES,
        Check {
            run: "For each certificate that the gateway names: openssl x509 -noout -subject \
                  -issuer -enddate -in FILE",
            outcome: "Not readable: path or permissions. Over: renew it. Another subject or issuer \
                      than the other side expects: the wrong file.",
            tells: &[
                Cause::GatewayMisconfigured,
                Cause::PermissionDenied,
                Cause::CertificateExpired,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "Ask the gateway for its certificates: curl -s localhost:9901/certs; istioctl \
                  proxy-config secret POD",
            outcome: "The one that the cluster names is missing or WARMING: what should deliver it \
                      does not, or has no such secret. It is there: it came since.",
            tells: &[Cause::GatewayMisconfigured, Cause::GatewayBug],
            when: Some(|case| case.quotes("not supplied by SDS").is_some()),
        },
        shared::BOTH_LOGS,
    ],
    remedies: &[
        Remedy::cure(
            "Correct the setting that the error names, test the configuration, and reload.",
        ),
        Remedy::cure(
            "Add what one side lacks, and correct what differs: endpoint paths, names, certificate \
             paths, tokens, and the entries for proxies, caches and security services.",
        ),
        Remedy::cure(
            "Load the missing module, or put the missing file where the gateway looks for it.",
        ),
        Remedy::stopgap("Go back to the last configuration that worked."),
    ],
    prevention: &[
        "Keep the configuration in version control, and run the gateway's test on each change.",
        "Send a request over each route on a test system before the change goes out.",
        "Make sure that a reload took effect: a gateway that refuses the new configuration goes on \
         with the old one.",
    ],
    sources: &["RFC 9209, section 2.3 (proxy_configuration_error)", "man page openssl-x509(1)"],
};
