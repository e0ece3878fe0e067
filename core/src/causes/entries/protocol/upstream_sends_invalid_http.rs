//! The upstream's responses break HTTP: bad header bytes, conflicting lengths, wrong chunking,
//! output before headers.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ResponseMalformed, 68),
        (Fault::ResponseHeaderTooLarge, 35),
        (Fault::BodyFailed, 40),
        (Fault::BodyTruncated, 40),
        (Fault::BodyMalformed, 62),
    ],
    tells: &[
        Tell::supports(25, "the lengths of the response contradict each other", |case| {
            ["\"Content-Length\"", "duplicate header line", "more data than specified"]
                .iter()
                .find_map(|text| case.quotes(text))
        })
        .on(&[Clue::Words]),
        Tell::sign_supports(
            15,
            "the bytes break the rules of HTTP",
            &[Sign::BodyMalformed, Sign::Malformed],
        ),
        Tell::supports(25, "the program's output stands where headers belong", |case| {
            ["<br />", "<?php", "Warning:", "Notice:", "Traceback"]
                .iter()
                .find_map(|text| case.quotes(text))
        })
        .under(&[Fault::ResponseMalformed])
        .on(&[Clue::Words]),
        Tell::refutes(40, "the bytes are of another protocol", |case| {
            let foreign = case.has(Sign::ProtocolMismatch).or_else(|| case.has(Sign::PlainToTls));
            foreign.or_else(|| case.quotes(r"\x15\x03")).or_else(|| case.another_service())
        })
        .on_signs(&[Sign::ProtocolMismatch, Sign::PlainToTls])
        .on(&[Clue::Words]),
        Tell::refutes(30, "the message is sound, and larger than its reader takes", |case| {
            case.message_too_large()
        })
        .under(&[Fault::BodyMalformed])
        .on(&[Clue::Words]),
        Tell::sign_refutes(
            40,
            "the body is only larger than a filter may hold",
            &[Sign::BufferTooSmall],
        )
        .under(&[Fault::BodyMalformed]),
        Tell::sign_refutes(
            20,
            "the connection was reset, so the rest was lost on the way",
            &[Sign::Reset],
        ),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream's response breaks HTTP",
    meaning: "The upstream answered with something that is no valid HTTP: bytes that a header may \
              not hold, two lengths that disagree, broken chunks, or output before the headers.",
    checks: &[
        Check {
            run: "curl -sv -m 10 --raw --http1.1 -H 'Host: {authority}' 'http://{upstream}{path}' \
                  -o - 2>&1 | head -c 2000 | cat -v",
            outcome: "Odd bytes, a header twice, a blank line too early, or text before the status \
                      line: the application. All well: it depends on the request, so use the \
                      failing one's method, cookies and body.",
            tells: &[Cause::UpstreamSendsInvalidHttp, Cause::SchemeMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "Capture one exchange: sudo tcpdump -ni any -c 200 -A 'host {host} and tcp port \
                  {port}'",
            outcome: "It shows what is not encrypted. Content-Length together with \
                      Transfer-Encoding, or a body of another length: the application or its \
                      library. TLS or binary frames: another protocol.",
            tells: &[
                Cause::UpstreamSendsInvalidHttp,
                Cause::SchemeMismatch,
                Cause::UpstreamCrashed,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "Look in the upstream's log for warnings or a stack trace at that time, of a pod \
                  with kubectl logs POD --timestamps.",
            outcome: "A warning printed into the response, or an exception half way: the \
                      application's code.",
            tells: &[Cause::UpstreamSendsInvalidHttp, Cause::ApplicationError],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Let the framework set Content-Length and Transfer-Encoding. Remove code that sets \
             either by hand, or copies both from another response.",
        ),
        Remedy::cure(
            "Send warnings and debugging output to the log, not into the response, and nothing \
             before the headers.",
        ),
        Remedy::cure(
            "Encode or remove line breaks, control characters and other bytes that a header may \
             not hold.",
        ),
        Remedy::cure("Update the application's HTTP library."),
        Remedy::stopgap(
            "Where chunks or codings are what is broken, avoid them on this route: let the gateway \
             ask without Accept-Encoding, or, if it can, with HTTP/1.0.",
        ),
    ],
    prevention: &[
        "Test responses through the gateway, with a strict parser, before a release.",
        "Turn the display of errors off in production.",
    ],
    sources: &[
        "RFC 9112, section 6.3 (message body length)",
        "RFC 9112, section 7.1 (chunked coding)",
        "RFC 9110, section 5.5 (field values)",
    ],
};
