//! A buffer or size limit of the gateway is smaller than the upstream's legitimate headers or body.

use crate::causes::{Advice, Case, Check, Fact, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::RequestWriteFailed, 42),
        (Fault::ResponseHeaderTooLarge, 66),
        (Fault::ClientInvalid, 42),
        (Fault::BodyMalformed, 10),
        (Fault::GatewayInternal, 15),
    ],
    tells: &[
        Tell::supports(25, "what came filled the header buffer", full_buffer),
        Tell::supports(30, "the request is larger than the gateway allows", |case| {
            case.has(Sign::ClientTooLarge)
        }),
        Tell::supports(40, "the gateway names its own buffer", |case| {
            case.has(Sign::BufferTooSmall)
        }),
        Tell::supports(35, "the trailers outgrew the buffer", |case| {
            case.quotes("too big trailers")
        }),
        Tell::supports(12, "the upstream hung up while a body was sent to it", |case| {
            case.has(Sign::BrokenPipe).filter(|_| case.upload().is_some())
        }),
        Tell::refutes(30, "the request has no body that could be too large", |case| {
            case.safe_method().filter(|_| case.fault == Fault::RequestWriteFailed)
        }),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A buffer or size limit is too small",
    meaning: "What was sent is legitimate, and larger than the room for it: the headers of the \
              response, the headers of the request, or its body.",
    checks: &[
        Check {
            run: "curl -s -o /dev/null -D - -H 'Host: {authority}' 'http://{upstream}{path}' | wc \
                  -c",
            outcome: "More than 4096 or 8192 bytes: a default buffer is too small. Less: ask again \
                      with the cookies or the token of a user who has the trouble.",
            tells: &[Cause::BufferTooSmall, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -s -o /dev/null -D - -H 'Host: {authority}' 'http://{upstream}{path}' | awk \
                  '{ print length, substr($0, 1, 60) }' | sort -rn | head",
            outcome: "One long cookie, policy or token: shorten it or make room. The same header \
                      many times, or debugging output: the application is at fault.",
            tells: &[Cause::BufferTooSmall, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        Check {
            run: "Send the upload twice, on a test system: straight to the upstream, and through \
                  the gateway.",
            outcome: "413 only through the gateway: its limit. From the upstream too: its own \
                      limit. Neither: the client or a hop before.",
            tells: &[Cause::BufferTooSmall, Cause::LimitTooLow, Cause::ClientBadRequest],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Make the response header buffer at least twice the largest header, as a rule 16 or 32 \
             KB, and the buffers that depend on it with it.",
        ),
        Remedy::cure(
            "Make the headers smaller: a short session id in the cookie in place of the session, \
             old cookies deleted, no debugging headers.",
        ),
        Remedy::cure(
            "Raise the body limit for the upload route only, at the gateway, at the upstream and \
             at each hop between.",
        ),
        Remedy::stopgap("Let the user who has the trouble clear the cookies of this site."),
    ],
    prevention: &[
        "Record the size of headers, and warn at half of the buffer.",
        "Test logins with the longest tokens and uploads of the largest allowed size before a \
         release.",
    ],
    sources: &[
        "RFC 6265, section 6.1 (limits of cookies)",
        "RFC 6585, section 5 (431 Request Header Fields Too Large)",
        "RFC 9110, section 15.5.14 (413 Content Too Large)",
    ],
};

/// As many bytes as the buffer holds: the one that was told, or a memory page of the usual sizes.
fn full_buffer(case: &Case<'_>) -> Option<Fact> {
    if case.fault != Fault::ResponseHeaderTooLarge {
        return None;
    }
    let received = case.attempt()?.received?;
    let full = match case.evidence.limits.header {
        Some(limit) => received >= limit,
        None => matches!(received.get(), 4096 | 8192),
    };
    full.then_some(Fact::Size("received", received))
}
