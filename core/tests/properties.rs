//! What holds for any input: no bytes make it panic or stand still, what strangers wrote stays
//! harmless in every report, and a log means the same however it arrives.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

mod corpus;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use std::sync::LazyLock;
use why502::diagnosis::Diagnosis;
use why502::evidence::{BodySignature, Bytes, Millis, Sign};
use why502::incident::{Progress, Session, Single};
use why502::reader::Reader;
use why502::report::{self, DiagnosisView, FileView, Look, SummaryView};
use why502::{Cause, Confidence, Evidence, Fault, Phase, diagnose};

/// The evidence of all cases.
static CASES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| corpus::all().iter().map(corpus::Case::input).collect());

/// Their lines.
static LINES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let lines = CASES.iter().flat_map(|case| case.split(|byte| *byte == b'\n'));
    lines.filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
});

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../schema/why502-1.schema.json")).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
});

/// Pieces that have a meaning to some reader, and those that could break a report.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\"",
    "\\",
    "\\x22",
    ", client: ",
    ", request: \"",
    " HTTP/1.1\"",
    " while ",
    ", upstream: \"http://",
    "unix:",
    "(111: ",
    ")",
    "[error] ",
    "417#417: *1 ",
    "{\"log\":\"",
    "{\"message\":",
    "{\"log\":{\"version\":\"1.2\",\"entries\":[",
    "{\"request\":{\"url\":\"http://a/\"},\"response\":{\"status\":502},\"time\":1},",
    "[{\"age\":0,\"type\":\"network-error\",\"body\":{\"type\":\"tcp.refused\"}}",
    "]}}",
    "{",
    "}",
    "[",
    "]",
    "<187>",
    "<187>1 ",
    "\u{1b}[31m",
    "\u{1b}]0;x\u{7}",
    "<script>alert(1)</script>",
    "' onerror='",
    "&#x3c;",
    "`",
    "```",
    "|",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "%s%n",
    "$(id)",
    "-",
    ", ",
    " : ",
    "502",
    "2026/09/14 08:11:02 ",
    "99999999999999999999",
    "connect() failed",
    "upstream timed out",
    "upstream sent ",
    "FastCGI sent in stderr: \"",
    "HTTP/1.1 502 Bad Gateway\r\n",
    "Retry-After: ",
    "[14/Sep/2026:08:11:02 +0000] ",
    "us=\"502\"",
    "rt=",
    "é",
    "\u{e0041}",
];

/// Text of every kind: noise, real lines, and both cut up and glued together.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let line = any::<Index>().prop_map(|at| at.get(&LINES[..]).clone());
    // Records of several lines too.
    let case = any::<Index>().prop_map(|at| at.get(&CASES[..]).clone());
    let cut = (line.clone(), any::<Index>(), any::<bool>()).prop_map(|(line, at, front)| {
        let at = at.index(line.len());
        if front { line[at..].to_vec() } else { line[..at].to_vec() }
    });
    let flipped = (line.clone(), any::<Index>(), any::<u8>()).prop_map(|(mut line, at, byte)| {
        *at.get_mut(&mut line[..]) = byte;
        line
    });
    let piece = prop_oneof![
        4 => line.prop_map(|line| [&line[..], b"\n"].concat()),
        2 => case,
        3 => cut,
        2 => flipped.prop_map(|line| [&line[..], b"\n"].concat()),
        3 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        2 => vec(any::<u8>(), 0..40),
        1 => ("[a-z{}\\[\\]\"':, ]{0,60}").prop_map(String::into_bytes),
    ];
    vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// A real record whose path, host and upstream a stranger wrote.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let word = || vec(select(PIECES), 1..5).prop_map(|pieces| pieces.concat().replace('\n', ""));
    (word(), word(), word(), select(&["error", "access", "json"][..])).prop_map(
        |(path, host, agent, kind)| {
            match kind {
                "error" => format!(
                    "2026/09/14 08:11:02 [error] 417#417: *3101 upstream sent invalid header: \
                     \"{agent}\\x0d...\" while reading response header from upstream, client: \
                     203.0.113.24, server: shop.example, request: \"GET /{path} HTTP/1.1\", \
                     upstream: \"http://{host}/{path}\", host: \"{host}\", referrer: \"{agent}\"\n"
                ),
                "access" => {
                    let [path, host, agent] = [&path, &host, &agent].map(|word| escaped(word));
                    format!(
                        "203.0.113.24 - - [14/Sep/2026:08:11:02 +0000] \"GET /{path} HTTP/1.1\" \
                         502 157 \"-\" \"{agent}\" rt=0.001 uct=\"-\" uht=\"-\" urt=\"0.000\" \
                         ua=\"{host}\" us=\"502\" host=\"{host}\"\n"
                    )
                }
                _ => serde_json::json!({
                    "time": "2026-09-14T08:11:02Z", "status": 502, "remote_addr": agent,
                    "request": format!("GET /{path} HTTP/1.1"), "host": host,
                    "upstream_addr": host, "upstream_status": "502"
                })
                .to_string(),
            }
            .into_bytes()
        },
    )
}

/// As nginx writes a value into its access log; into the error log a quote comes as it is.
fn escaped(word: &str) -> String {
    let byte = |byte: u8| match byte {
        b'"' | b'\\' | 0..=0x1f | 0x7f.. => format!("\\x{byte:02X}"),
        _ => char::from(byte).to_string(),
    };
    word.bytes().map(byte).collect()
}

/// Every report of a diagnosis: the kind and its text.
fn reports(evidence: &Evidence<'_>, diagnosis: &Diagnosis) -> Vec<(&'static str, String)> {
    let view = DiagnosisView::new(evidence, diagnosis, &["a<b>\u{1b}.log".to_owned()]);
    vec![
        ("text", report::diagnosis_text(&view, Look::default().all(true))),
        ("text", report::diagnosis_text(&view, Look::default().width(20))),
        ("markdown", report::diagnosis_markdown(&view)),
        ("html", report::diagnosis_html(&view)),
        ("json", report::diagnosis_json(&view).unwrap()),
        ("proxy-status", report::proxy_status(evidence, diagnosis).unwrap_or_default()),
    ]
}

/// Every report of a run.
fn summaries(session: &Session, reader: &Reader) -> Vec<(&'static str, String)> {
    let files = vec![FileView::new("a<b>\u{1b}.log".to_owned(), None, reader.lines())];
    let view = SummaryView::new(session, files, 0);
    vec![
        ("text", report::summary_text(&view, session.summary(), Look::default().all(true))),
        ("markdown", report::summary_markdown(&view)),
        ("html", report::summary_html(&view)),
        ("json", report::summary_json(&view).unwrap()),
    ]
}

/// Reads a log that arrives in these pieces. Panics where the reading stands still.
fn read_log<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Session, Reader) {
    let mut session = Session::new(Millis::from_secs(90));
    let mut reader = Reader::new(0).year(Some(2026));
    let mut waiting: Vec<u8> = Vec::new();
    let mut take = |waiting: &mut Vec<u8>, ends: bool| {
        // Whatever came out can be read again.
        let mut done = |exchange: &why502::incident::Exchange<'_>| {
            assert!(diagnose(&exchange.evidence()).certainty() <= Confidence::CERTAIN);
        };
        while let Progress::Used(used) | Progress::NotUnderstood(used) =
            session.step(&mut reader, waiting, ends, &mut done)
        {
            assert!(used > 0 && used <= waiting.len(), "{used} of {}", waiting.len());
            waiting.drain(..used);
        }
    };
    for piece in pieces {
        waiting.extend_from_slice(piece);
        take(&mut waiting, false);
    }
    take(&mut waiting, true);
    assert!(waiting.is_empty(), "{} bytes were left", waiting.len());
    session.flush(&mut |_| {});
    (session, reader)
}

fn read_single<T>(input: &[u8], look: impl FnOnce(&Evidence<'_>, &Diagnosis) -> T) -> T {
    let mut single = Single::new();
    single.add(&mut Reader::new(0), input, 0);
    single.add_response(input, 1);
    single.add_body(input, 2);
    let evidence = single.evidence();
    look(&evidence, &diagnose(&evidence))
}

/// Something of a report that a terminal or a page would take for a command.
fn harm(kind: &str, text: &str) -> Option<String> {
    const TAGS: &[&str] = &[
        "article class=\"why502\"",
        "article",
        "time",
        "section",
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "code",
        "strong",
        "br",
    ];
    if kind == "json" {
        return None;
    }
    let bad = |letter: &char| {
        (letter.is_control() && *letter != '\n')
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    if let Some(letter) = text.chars().find(bad) {
        return Some(format!("{letter:?} in {kind}"));
    }
    if kind == "html" {
        for part in text.split('<').skip(1) {
            let tag = part.split('>').next().unwrap_or(part).trim_start_matches('/');
            if !TAGS.contains(&tag) {
                return Some(format!("<{tag}> in html"));
            }
        }
    }
    None
}

/// A sign, with the phase it was seen in and a number.
fn sign() -> impl Strategy<Value = (Sign, Phase, Option<u32>)> {
    (select(Sign::ALL), select(Phase::ALL), proptest::option::of(0_u32..600))
}

/// Facts that can be learned later.
const FACTS: &[fn(&mut Evidence<'_>)] = &[
    |evidence| evidence.reused = Some(true),
    |evidence| evidence.reused = Some(false),
    |evidence| evidence.request.method = Some(b"GET"),
    |evidence| evidence.request.method = Some(b"POST"),
    |evidence| evidence.headers.retry_after = Some(b"120"),
    |evidence| evidence.headers.server = Some(b"cloudflare"),
    |evidence| evidence.body = Some(BodySignature::Json),
    |evidence| evidence.body = Some(BodySignature::NginxPage),
    |evidence| evidence.timings.total = Some(Millis::new(2)),
    |evidence| evidence.timings.total = Some(Millis::from_secs(60)),
    |evidence| evidence.timings.connect = Some(Millis::new(1)),
    |evidence| evidence.timings.connect = Some(Millis::from_secs(3)),
    |evidence| evidence.limits.response = Some(Millis::from_secs(5)),
    |evidence| evidence.body_sent = Some(Bytes::new(0)),
];

fn evidence_of(signs: &[(Sign, Phase, Option<u32>)], status: Option<u16>) -> Evidence<'static> {
    let builder = Evidence::builder().upstream("192.0.2.10:8080");
    let builder = match status {
        Some(status) => builder.status(status),
        None => builder,
    };
    signs
        .iter()
        .fold(builder, |builder, (sign, phase, number)| builder.sign(*sign, *phase, *number))
        .build()
}

fn confidence(diagnosis: &Diagnosis, cause: Cause) -> Option<(f64, u32)> {
    let ranked = diagnosis.causes().iter().find(|ranked| ranked.cause == cause)?;
    Some((f64::from(ranked.confidence.ten_thousandths()), ranked.tells))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_to_their_end(input in soup()) {
        let (session, reader) = read_log([&input[..]]);
        for (kind, text) in summaries(&session, &reader) {
            prop_assert_eq!(harm(kind, &text), None, "{}", input.escape_ascii());
        }
        // In every view: a paste, a response, a body.
        read_single(&input, |evidence, diagnosis| {
            for (kind, text) in reports(evidence, diagnosis) {
                prop_assert_eq!(harm(kind, &text), None, "{}", input.escape_ascii());
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_strangers_wrote_stays_harmless(input in hostile()) {
        let told = corpus::single(&input, |evidence, diagnosis| {
            for (kind, text) in reports(evidence, diagnosis) {
                prop_assert_eq!(harm(kind, &text), None, "{}", input.escape_ascii());
            }
            Ok(evidence.records.len())
        })?;
        // A record that a stranger can make unreadable would hide its exchange.
        prop_assert!(told > 0, "nothing was read of {}", input.escape_ascii());
    }

    #[test]
    fn what_json_writes_is_json_of_the_schema(input in prop_oneof![soup(), hostile()]) {
        let json = corpus::single(&input, |evidence, diagnosis| {
            report::diagnosis_json(&DiagnosisView::new(evidence, diagnosis, &[])).unwrap()
        });
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let wrong: Vec<String> =
            SCHEMA.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path)).collect();
        prop_assert!(wrong.is_empty(), "{:?}", wrong);
    }

    #[test]
    fn a_ranking_is_sorted_and_sums_to_one_at_most(
        signs in vec(sign(), 0..8),
        status in proptest::option::of(0_u16..1000),
        facts in subsequence(FACTS.to_vec(), 0..6),
    ) {
        let mut evidence = evidence_of(&signs, status);
        facts.iter().for_each(|fact| fact(&mut evidence));
        let diagnosis = diagnose(&evidence);
        let causes: Vec<u16> =
            diagnosis.causes().iter().map(|ranked| ranked.confidence.ten_thousandths()).collect();
        prop_assert!(!causes.is_empty());
        prop_assert!(causes.is_sorted_by(|a, b| a >= b), "{:?}", causes);
        // Each is rounded by itself.
        let sum: usize = causes.iter().map(|each| usize::from(*each)).sum();
        prop_assert!(sum <= 10_000 + causes.len(), "{:?}", causes);
        let verdict = diagnosis.verdict();
        let candidates = verdict.candidates.iter().map(|candidate| candidate.certainty);
        let sure: u32 =
            candidates.chain([verdict.certainty]).map(|c| u32::from(c.ten_thousandths())).sum();
        prop_assert!(sure <= 10_000, "{:?}", verdict);
    }

    #[test]
    fn the_order_of_signs_does_not_matter(
        (signs, shuffled) in vec(sign(), 2..8)
            .prop_map(|mut signs| {
                // Of two that tell as much the later counts: they are left out.
                let mut seen = Vec::new();
                signs.retain(|(sign, ..)| {
                    let first = !seen.contains(&sign.telling());
                    seen.push(sign.telling());
                    first
                });
                signs
            })
            .prop_flat_map(|signs| (Just(signs.clone()), Just(signs).prop_shuffle())),
        status in proptest::option::of(select(&[200_u16, 404, 499, 500, 502, 503, 504][..])),
    ) {
        let ordered = diagnose(&evidence_of(&signs, status));
        let other = diagnose(&evidence_of(&shuffled, status));
        prop_assert_eq!(ordered.fault(), other.fault());
        prop_assert_eq!(ordered.certainty(), other.certainty());
        prop_assert_eq!(ordered.verdict().candidates, other.verdict().candidates);
        prop_assert_eq!(ordered.causes(), other.causes());
    }

    /// Against every cause on which the fact has no bearing, a cause that it speaks against loses;
    /// alone concerned, it loses by itself.
    #[test]
    fn a_fact_against_a_cause_never_raises_it(
        signs in vec(sign(), 1..4),
        status in proptest::option::of(select(&[200_u16, 500, 502, 503, 504][..])),
        known in subsequence(FACTS.to_vec(), 0..4),
        fact in select(FACTS),
    ) {
        let mut evidence = evidence_of(&signs, status);
        known.iter().for_each(|fact| fact(&mut evidence));
        let before = diagnose(&evidence);
        fact(&mut evidence);
        let after = diagnose(&evidence);
        prop_assume!(before.fault() == after.fault());
        let unmoved: Vec<Cause> = Cause::ALL.iter().copied().filter(|cause| {
            let pair = confidence(&before, *cause).zip(confidence(&after, *cause));
            pair.is_some_and(|(before, after)| before.1 == after.1)
        }).collect();
        for cause in Cause::ALL {
            let Some((was, old)) = confidence(&before, *cause) else { continue };
            // Under one in a hundred: left out.
            let (is, new) = confidence(&after, *cause).unwrap_or((0.0, old));
            let gone = old & !new;
            let came = new & !old;
            let mut tells = cause.why().tells.iter().enumerate();
            let only_against = tells.all(|(bit, tell)| {
                let bit = 1_u32 << bit;
                (came & bit == 0 || tell.weight < 0) && (gone & bit == 0 || tell.weight > 0)
            });
            if came | gone == 0 || !only_against {
                continue;
            }
            for other in &unmoved {
                let (theirs_was, _) = confidence(&before, *other).unwrap();
                let (theirs_is, _) = confidence(&after, *other).unwrap();
                // Rounded to ten-thousandths.
                prop_assert!(
                    (is - 1.0) * (theirs_was - 1.0) <= (was + 1.0) * (theirs_is + 1.0),
                    "{} against {}: {} {} before, {} {} after", cause, other, was, theirs_was, is,
                    theirs_is
                );
            }
        }
    }

    #[test]
    fn a_log_means_the_same_in_any_pieces(
        input in soup(),
        cuts in vec(any::<Index>(), 0..12),
    ) {
        let (whole, reader) = read_log([&input[..]]);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(&input[from..cut]);
            from = cut;
        }
        pieces.push(&input[from..]);
        let (parted, again) = read_log(pieces);
        let shown = input.escape_ascii();
        prop_assert_eq!(reader.lines(), again.lines(), "{}", shown);
        prop_assert_eq!(whole.not_understood(), parted.not_understood());
        for (one, other) in summaries(&whole, &reader).into_iter().zip(summaries(&parted, &again)) {
            prop_assert_eq!(one, other, "{}", input.escape_ascii());
        }
    }
}

/// That the property about facts looks at something: such facts are there.
#[test]
fn some_facts_speak_against_a_cause_alone() {
    let signs = [(Sign::Closed, Phase::ResponseHeaders, None)];
    let mut evidence = evidence_of(&signs, Some(502));
    let before = diagnose(&evidence);
    evidence.reused = Some(false);
    let after = diagnose(&evidence);
    assert_eq!(before.fault(), Fault::ResponseClosed);
    let was = confidence(&before, Cause::KeepaliveMismatch).unwrap().0;
    let is = confidence(&after, Cause::KeepaliveMismatch).map_or(0.0, |pair| pair.0);
    assert!(is < was, "{is} after {was}");
}

#[test]
fn the_harm_in_a_report_is_seen() {
    for (kind, text, harmless) in [
        ("text", "plain\nlines", true),
        ("text", "\u{1b}[2J", false),
        ("text", "\u{202e}", false),
        ("markdown", "\u{9b}31m", false),
        ("html", "<li><code>a &lt;b&gt;</code></li>", true),
        ("html", "<script>", false),
        ("html", "<li onclick=\"x\">", false),
    ] {
        assert_eq!(harm(kind, text).is_none(), harmless, "{text:?}");
    }
}

/// Longer than any line that is read: its beginning counts, in whatever pieces it comes.
#[test]
fn a_line_that_is_too_long_means_the_same_in_any_pieces() {
    let long = "x".repeat(300 * 1024);
    let access = "203.0.113.24 - - [14/Sep/2026:08:11:02 +0000] \"GET / HTTP/1.1\" 502 157 \"-\"";
    let lines = [
        format!("{access} \"{long}\"\n{access} \"-\"\n"),
        format!("{}\n{access} \"-\"\n", long),
        format!(
            "2026/09/14 08:11:02 [error] 417#417: *1 no live upstreams while connecting to \
                 upstream, client: 203.0.113.24, server: x, request: \"GET /{long} HTTP/1.1\"\n"
        ),
        format!("{access} \"{long}"),
    ];
    for input in lines {
        let (whole, reader) = read_log([input.as_bytes()]);
        for size in [1000, 4096, 65_536, 262_143, 262_144, 262_145] {
            let (parted, again) = read_log(input.as_bytes().chunks(size));
            let start = &input[..80];
            assert_eq!(reader.lines(), again.lines(), "{start} by {size}");
            let one = summaries(&whole, &reader);
            let other = summaries(&parted, &again);
            assert!(one == other, "{start} by {size}:\n{}\n{}", one[0].1, other[0].1);
        }
    }
}
