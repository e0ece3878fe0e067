//! A buffer or size limit of the gateway is smaller than the upstream's legitimate headers or body.

use crate::causes::{Advice, Case, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::{Sign, Source};
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::RequestWriteFailed, 42),
        (Fault::ResponseHeaderTooLarge, 76),
        (Fault::ClientInvalid, 42),
        (Fault::ResponseMalformed, 10),
        (Fault::BodyMalformed, 25),
        (Fault::GatewayInternal, 15),
    ],
    tells: &[
        Tell::supports(25, "what came filled the header buffer", full_buffer)
            .under(&[Fault::ResponseHeaderTooLarge]),
        Tell::supports(24, "the head of the request is larger than the gateway's buffer", |case| {
            case.has(Sign::ClientTooLarge).filter(|_| case.body_too_large().is_none())
        })
        .on_signs(&[Sign::ClientTooLarge]),
        Tell::supports(40, "the message is larger than its reader takes", |case| {
            case.message_too_large()
        })
        .under(&[Fault::BodyMalformed])
        .on(&[Clue::Words]),
        Tell::sign_supports(40, "the gateway names its own buffer", &[Sign::BufferTooSmall]),
        Tell::supports(35, "the trailers outgrew the buffer", |case| {
            case.quotes("too big trailers")
        })
        .on(&[Clue::Words]),
        Tell::supports(15, "one letter says the same of headers that outgrow the buffer", |case| {
            case.has(Sign::Malformed)?;
            case.seen(|seen| {
                seen.sign == Sign::Malformed && seen.origin.source == Source::AccessLog
            })
        })
        .on_signs(&[Sign::Malformed]),
        Tell::supports(12, "the upstream hung up while a body was sent to it", |case| {
            case.has(Sign::BrokenPipe).filter(|_| case.upload().is_some())
        })
        .on_signs(&[Sign::BrokenPipe]),
        Tell::refutes(30, "the request has no body that could be too large", |case| {
            case.safe_method()
        })
        .under(&[Fault::RequestWriteFailed]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A buffer or size limit is too small",
    meaning: "What was sent is legitimate, and larger than the room for it: the headers of the \
              response, the headers of the request, or its body.",
    checks: &[
        Check {
            run: "Send the request once without its cookies and tokens, and once with them.",
            outcome: "Well without them: they have outgrown the buffer. Refused both times: look \
                      at the length of the URL, and of the headers that a proxy in front adds.",
            tells: &[Cause::BufferTooSmall, Cause::ClientBadRequest],
            when: Some(request_header),
        },
        Check {
            run: "curl -s -o /dev/null -D - -H 'Host: {authority}' 'http://{upstream}{path}' | wc \
                  -c",
            outcome: "More than the gateway's buffer: it is too small. By default there is room \
                      for 4 or 8 KB in nginx, 8 KB a header in Apache, 16 KB in HAProxy, 60 or 80 \
                      KB in Envoy. Less: ask again with the cookies or the token of a user who has \
                      the trouble.",
            tells: &[Cause::BufferTooSmall, Cause::ApplicationError],
            when: Some(response_header),
        },
        Check {
            run: "curl -s -o /dev/null -D - -H 'Host: {authority}' 'http://{upstream}{path}' | awk \
                  '{ print length, substr($0, 1, 60) }' | sort -rn | head",
            outcome: "One long cookie, policy or token: shorten it or make room. The same header \
                      many times, or debugging output: the application is at fault.",
            tells: &[Cause::BufferTooSmall, Cause::ApplicationError],
            when: Some(response_header),
        },
        Check {
            run: "Send the upload twice on a test system, straight to the upstream and through the \
                  gateway.",
            outcome: "413 only through the gateway: its limit. From the upstream too: its own \
                      limit. Neither: the client or a hop before.",
            tells: &[Cause::BufferTooSmall, Cause::LimitTooLow, Cause::ClientBadRequest],
            when: Some(request_body),
        },
        Check {
            run: "Compare the size of the body with the limits of the gateway, of the upstream and \
                  of each hop between, for this route.",
            outcome: "The lowest of them is the one that counts. An upstream that refuses a body \
                      often closes while it is still being sent.",
            tells: &[Cause::BufferTooSmall, Cause::LimitTooLow],
            when: Some(request_body),
        },
        Check {
            run: "Ask the upstream itself, past the gateway, for the same response, and look at its \
                  size.",
            outcome: "More than the limit on what a filter may hold (1 MiB in Envoy by default): \
                      raise it, or let the filter work on the stream. Less: the upstream sends \
                      more to others, so ask as they do.",
            tells: &[Cause::BufferTooSmall, Cause::ApplicationError],
            when: Some(response_body),
        },
        Check {
            run: "Log the size of the response's headers at the application, for a user who has \
                  the trouble and for one who has not.",
            outcome: "Larger than the gateway's buffer: one of the two must change.",
            tells: &[Cause::BufferTooSmall, Cause::ApplicationError],
            when: Some(response_header),
        },
    ],
    remedies: &[
        Remedy::cure(
            "Raise the body limit for the upload route only, at the gateway, at the upstream and \
             at each hop between.",
        )
        .when(request_body),
        Remedy::cure(
            "Send large files in parts, or straight to a store, where the limit is meant.",
        )
        .when(request_body),
        Remedy::cure(
            "Make the response header buffer at least twice as large as the largest header \
             section, and raise what depends on it.",
        )
        .when(response_header),
        Remedy::cure(
            "Make each buffer for the client's request line and headers large enough for the \
             longest legitimate one.",
        )
        .when(request_header),
        Remedy::cure(
            "Raise the limit on buffered bodies for this route, or let the filter work on the \
             stream and hold no whole body.",
        )
        .when(response_body),
        Remedy::cure(
            "Make the headers smaller: a short session id in the cookie in place of the session, \
             old cookies deleted, no debugging headers.",
        )
        .when(|case| request_header(case) || response_header(case)),
        Remedy::stopgap("Let the user who has the trouble clear the cookies of this site.")
            .when(|case| request_header(case) || response_header(case)),
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
    let received = case.attempt()?.received?;
    let full = match case.evidence.limits.header {
        Some(limit) => received >= limit,
        None => matches!(received.get(), 4096 | 8192),
    };
    full.then_some(Fact::Size("received", received))
}

/// What is too large is the body of the request.
fn request_body(case: &Case<'_>) -> bool {
    let refused = case.fault == Fault::ClientInvalid && case.body_too_large().is_some();
    refused || case.fault == Fault::RequestWriteFailed
}

/// What is too large is the request line or a header of the request.
fn request_header(case: &Case<'_>) -> bool {
    case.fault == Fault::ClientInvalid && !request_body(case)
}

/// What is too large is the body of the response, which a filter wanted whole.
fn response_body(case: &Case<'_>) -> bool {
    case.fault == Fault::BodyMalformed && case.has(Sign::BufferTooSmall).is_some()
}

/// What is too large is the header section of the response, or something after it.
fn response_header(case: &Case<'_>) -> bool {
    !request_body(case) && !request_header(case) && !response_body(case)
}
