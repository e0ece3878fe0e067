//! The endpoint's path differs between gateway and upstream (prefix, rewrite, trailing slash,
//! missing index).

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::NoUpstream, 40),
        (Fault::UpstreamError, 25),
        (Fault::GatewayInternal, 34),
        (Fault::GatewayDenied, 30),
        (Fault::ConnectInvalid, 10),
        (Fault::None, 25),
    ],
    tells: &[
        Tell::sign_supports(
            40,
            "the upstream found no program at that path",
            &[Sign::ScriptMissing],
        ),
        Tell::sign_supports(34, "the rewrites lead round in a circle", &[Sign::RedirectCycle]),
        Tell::supports(40, "a directory was asked for, and it has no index", |case| {
            case.quotes("directory index of")
        })
        .on(&[Clue::Words]),
        Tell::supports(40, "the rewrite left no path", |case| case.quotes("zero length URI"))
            .on(&[Clue::Words]),
        Tell::supports(20, "the upstream knows no such path", |case| {
            // Where no upstream was chosen, the 404 is the gateway's own.
            let asked = case.fault != Fault::NoUpstream;
            case.upstream_status(404).or_else(|| case.status(404)).filter(|_| asked)
        })
        .on(&[Clue::RareStatus]),
        Tell::refutes(25, "the program was found and ran", |case| {
            case.seen(|seen| seen.sign.is_applications())
        })
        .on_signs(Sign::OF_APPLICATIONS),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The paths of gateway and upstream differ",
    meaning: "The gateway asks for a path that does not exist where it asks. A prefix that is kept \
              or cut, a rewrite, a slash at the end, or a missing index file is the usual reason.",
    checks: &[
        Check {
            run: "curl -s -o /dev/null -w '%{http_code} %{redirect_url}\\n' -H 'Host: {authority}' \
                  'http://{upstream}{path}'",
            outcome: "404: ask again without the prefix that the gateway adds or cuts; if that \
                      works, the prefix differs. A redirect to the same path: the slash at the end \
                      differs. 200: look at the gateway's rewrites.",
            tells: &[Cause::PathMismatch, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        Check {
            run: "Compare the path in the upstream's access log with the path that the client \
                  asked for.",
            outcome: "They differ in more than was intended: the gateway's rewrite. They are \
                      equal, and the upstream says 404: it serves another path.",
            tells: &[Cause::PathMismatch, Cause::RouteMissing],
            ..Check::ALWAYS
        },
        Check {
            run: "Follow the redirects: curl -sIL --max-redirs 5 'http://{authority}{path}'",
            outcome: "The same Location again and again: a circle. A Location with a host or \
                      prefix from inside: the upstream does not know its public path.",
            tells: &[Cause::PathMismatch, Cause::ProxyLoop],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl describe ingress NAME",
            outcome: "A rewrite among the annotations, or a path of the type Exact where Prefix is \
                      meant: there the paths part.",
            tells: &[Cause::PathMismatch, Cause::RouteMissing],
            ..Check::ALWAYS
        },
        Check {
            run: "For a FastCGI program, where the upstream runs: namei -l SCRIPT",
            outcome: "Missing there: the two sides see other directories. There, without read \
                      permission for the upstream's user: permissions.",
            tells: &[Cause::PathMismatch, Cause::PermissionDenied],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Treat the prefix alike on both sides: the gateway cuts it, or the upstream is told \
             its base path.",
        ),
        Remedy::cure(
            "Correct the rewrite or the fallback, so that its last target exists and does not lead \
             back to itself.",
        ),
        Remedy::cure(
            "For FastCGI, pass the script's path as the upstream sees it, and mount the same \
             document root in both containers.",
        ),
        Remedy::cure(
            "Put the index file where the directory is asked for, or name the one that is there.",
        ),
    ],
    prevention: &[
        "Test each route with its prefix, with and without the slash at the end, and with a query.",
        "Keep the endpoint paths in one list from which both sides are configured.",
    ],
    sources: &[
        "RFC 3986, section 3.3 (path)",
        "RFC 3875, section 4.1 (PATH_INFO, SCRIPT_NAME)",
        "RFC 9110, section 15.4 (redirection)",
    ],
};
