//! A rule did its work: WAF, authorization, rate limit, address block.

use crate::causes::{Advice, Case, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ConnectionLimit, 48),
        (Fault::ResponseUpgradeFailed, 30),
        (Fault::GatewayInternal, 15),
        (Fault::GatewayDenied, 66),
        (Fault::None, 5),
    ],
    tells: &[
        Tell::sign_supports(15, "a rule refused the request", &[Sign::Denied]),
        Tell::sign_supports(
            15,
            "one client asked more often than the rate allows",
            &[Sign::RateLimited],
        ),
        Tell::supports(20, "the limit counts each client by itself", |case| {
            case.quotes("limiting connections by zone")
        })
        .on(&[Clue::Words]),
        Tell::sign_supports(
            30,
            "the authorization service gave no clear answer",
            &[Sign::AuthorizationFailed],
        ),
        Tell::supports(30, "the upstream refused who asked", |case| {
            [401, 403].iter().find_map(|status| case.upstream_status(*status))
        })
        .on(&[Clue::RareStatus]),
        Tell::refutes(35, "no rule forbade it: the directory has no index", |case| {
            case.quotes("directory index of")
        })
        .on(&[Clue::Words]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A rule refused the request",
    meaning: "Access control, a rate limit, a web application firewall or an authorization service \
              refused the request. The rule may be right: then nothing is broken.",
    checks: &[
        Check {
            run: "Find the rule in the gateway's error log or audit log, by the request's time and \
                  id.",
            outcome: "A rule's name or number: decide whether it should apply here. None: the \
                      upstream or another hop refused.",
            tells: &[Cause::PolicyDenied, Cause::LimitTooLow, Cause::GatewayMisconfigured],
            ..Check::ALWAYS
        },
        Check {
            run: "Group the refused requests by client address and by path.",
            outcome: "A few clients, or paths that look like a scan: the rule does its work. Many \
                      users on one path: it is too strict. One address of many users: it counts \
                      too coarsely.",
            tells: &[Cause::PolicyDenied, Cause::LimitTooLow],
            ..Check::ALWAYS
        },
        Check {
            run: "Compare the client's address, as the gateway logs it, with the rules that allow \
                  and deny addresses on this path.",
            outcome: "The address of a proxy in front: the rules see the proxy and not the user, \
                      so restore the user's address first. An address that is denied, or missing \
                      among those allowed: the rule did its work.",
            tells: &[Cause::PolicyDenied, Cause::GatewayMisconfigured],
            when: Some(by_address),
        },
        Check {
            run: "Send the same request with and without its token: curl -s -o /dev/null -m 10 -w \
                  '%{http_code}\\n' -H 'Authorization: Bearer TOKEN' 'http://{authority}{path}'",
            outcome: "Well with a fresh token: the client's had expired. Refused with both: the \
                      rule, or the authorization service.",
            tells: &[Cause::PolicyDenied, Cause::ClientBadRequest],
            when: Some(by_identity),
        },
    ],
    remedies: &[
        Remedy::cure(
            "Where the refusal is wrong, except this path or client from the rule, as narrowly as \
             it can be said.",
        ),
        Remedy::cure(
            "Where it is right, tell the client: 401, 403 or 429 with Retry-After, in place of a \
             status that looks like an outage.",
        ),
        Remedy::cure(
            "Where the client should come in, allow its address or network on this path, above the \
             rule that denies.",
        )
        .when(by_address),
        Remedy::cure(
            "Where the rate is honest, raise it, or let short bursts pass; count by user where \
             many share an address.",
        )
        .when(by_rate),
        Remedy::cure(
            "Renew tokens and keys that have expired, and correct the authorization service's \
             entries on both sides.",
        )
        .when(by_identity),
        Remedy::stopgap("Set the rule to log only, while it is being corrected."),
    ],
    prevention: &[
        "Run new rules in log-only mode for a few days before they refuse.",
        "Watch the number of refusals by rule, and look at each sudden rise.",
    ],
    sources: &[
        "RFC 9110, sections 15.5.2 (401) and 15.5.4 (403)",
        "RFC 6585, section 4 (429 Too Many Requests)",
        "RFC 9209, section 2.3 (http_request_denied)",
    ],
};

/// A rule about addresses refused, as nginx words it.
fn by_address(case: &Case<'_>) -> bool {
    case.quotes_of(Fault::GatewayDenied, "forbidden by rule").is_some()
}

/// Who asks was not accepted.
fn by_identity(case: &Case<'_>) -> bool {
    case.has(Sign::AuthorizationFailed).is_some()
        || [401, 403].iter().any(|status| case.upstream_status(*status).is_some())
}

/// A limit on how often or how many refused.
fn by_rate(case: &Case<'_>) -> bool {
    case.has(Sign::RateLimited).is_some() || case.fault == Fault::ConnectionLimit
}
