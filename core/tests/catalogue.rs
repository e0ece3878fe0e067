//! The catalogue of causes: every entry is whole, every fault has causes, and everything that is
//! said to speak for a cause or against it can come true.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

mod corpus;

use std::collections::BTreeMap;
use std::time::Duration;
use why502::causes::{Case, Tell};
use why502::classify::classify;
use why502::dialects::DIALECTS;
use why502::evidence::{BodySignature, Bytes, Millis, Protocol, Sign};
use why502::incident::Single;
use why502::reader::Reader;
use why502::{Cause, Evidence, Fault, Phase};

#[test]
fn every_entry_is_whole() {
    for cause in Cause::ALL {
        let (why, advice) = (cause.why(), cause.advice());
        assert!(!advice.title.is_empty() && !advice.title.ends_with('.'), "{cause}");
        for (part, count) in [
            ("fault", why.faults.len()),
            ("check", advice.checks.len()),
            ("remedy", advice.remedies.len()),
            ("prevention", advice.prevention.len()),
            ("source", advice.sources.len()),
        ] {
            assert!(count > 0, "{cause} has no {part}");
        }
        assert!(!advice.remedies[0].stopgap, "{cause}: the best remedy only buys time");
        for check in advice.checks {
            // What is not known is no cause that a check could find.
            let found = check.tells.contains(cause) || *cause == Cause::Unknown;
            assert!(found, "{cause}: {check:?} does not tell of it");
        }
    }
}

#[test]
fn every_fault_has_causes() {
    for fault in Fault::ALL {
        let causes: Vec<Cause> = Cause::ALL
            .iter()
            .copied()
            .filter(|cause| cause.why().faults.iter().any(|(other, _)| other == fault))
            .collect();
        assert!(causes.contains(&Cause::Unknown), "{fault} leaves no room for unknown");
        let bare = matches!(fault, Fault::None | Fault::Unknown);
        assert!(causes.len() > 1 || bare, "{fault} has no cause");
    }
}

#[test]
fn weights_and_tells_stay_within_bounds() {
    for cause in Cause::ALL {
        let why = cause.why();
        assert!(why.tells.len() <= 32, "{cause} has {} tells", why.tells.len());
        for tell in why.tells {
            assert!(tell.weight != 0 && tell.weight.abs() <= 40, "{cause}: {tell:?}");
        }
        let mut faults: Vec<Fault> = why.faults.iter().map(|(fault, _)| *fault).collect();
        faults.sort();
        faults.dedup();
        assert_eq!(faults.len(), why.faults.len(), "{cause} names a fault twice");
        for (fault, prior) in why.faults {
            assert!((1..=100).contains(prior), "{cause}: {fault} {prior}");
        }
        let mut says: Vec<&str> = why.tells.iter().map(|tell| tell.says).collect();
        says.sort_unstable();
        says.dedup();
        assert_eq!(says.len(), why.tells.len(), "{cause} says something twice");
    }
}

#[test]
fn every_setting_can_cure_what_it_names() {
    for setting in DIALECTS.iter().flat_map(|dialect| dialect.settings) {
        assert!(!setting.cures.is_empty(), "{} cures nothing", setting.name);
        assert!(setting.link.starts_with("https://"), "{}", setting.name);
        for cause in setting.cures {
            let can = |fault: &Fault| cause.why().faults.iter().any(|(other, _)| other == fault);
            let shown = setting.faults.is_empty() || setting.faults.iter().any(can);
            assert!(shown, "{} is never shown for {cause}", setting.name);
        }
        for fault in setting.faults {
            let behind = |cause: &Cause| cause.why().faults.iter().any(|(other, _)| other == fault);
            assert!(
                setting.cures.iter().any(behind),
                "{} has nothing to do with {fault}",
                setting.name
            );
        }
    }
}

#[test]
fn the_prose_is_clean() {
    let mut wrong = Vec::new();
    for cause in Cause::ALL {
        let advice = cause.advice();
        let mut look = |what: &str, text: &str, sentence: bool| {
            let mut say = |flaw: &str| wrong.push(format!("{cause}: {what} {flaw}: {text}"));
            if text.contains("  ") || text.trim() != text {
                say("has stray blanks");
            }
            if text.contains(['\n', '\t', '\u{a0}']) {
                say("has line ends or tabs");
            }
            if sentence && !text.ends_with(['.', '?']) {
                say("does not end as a sentence");
            }
            if !sentence && text.ends_with('.') {
                say("ends as a sentence");
            }
            // Only the command of a check is filled in.
            if ["{upstream}", "{host}", "{port}", "{path}", "{authority}"]
                .iter()
                .any(|place| text.contains(place))
            {
                say("holds a place that nobody fills");
            }
        };
        look("the title", advice.title, false);
        look("the meaning", advice.meaning, true);
        for check in advice.checks {
            look("an outcome", check.outcome, true);
        }
        for remedy in advice.remedies {
            look("a remedy", remedy.does, true);
        }
        for sentence in advice.prevention {
            look("a prevention", sentence, true);
        }
        for source in advice.sources {
            look("a source", source, false);
        }
        for tell in cause.why().tells {
            look("a tell", tell.says, false);
        }
    }
    for setting in DIALECTS.iter().flat_map(|dialect| dialect.settings) {
        if setting.advice.contains("  ") || !setting.advice.ends_with('.') {
            wrong.push(format!("{}: {}", setting.name, setting.advice));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Which tells came true so far.
#[derive(Default)]
struct Fired(BTreeMap<Cause, u32>);

impl Fired {
    /// A tell counts where its cause is weighed: under the fault that the evidence shows.
    fn look(&mut self, evidence: &Evidence<'_>) {
        let fault = classify(evidence).fault;
        let case = Case::new(evidence, fault);
        for cause in Cause::ALL {
            let why = cause.why();
            if why.faults.iter().any(|(other, _)| *other == fault) {
                for (bit, tell) in why.tells.iter().enumerate() {
                    if (tell.when)(&case).is_some() {
                        *self.0.entry(*cause).or_default() |= 1 << bit;
                    }
                }
            }
        }
    }

    fn silent(&self) -> impl Iterator<Item = (Cause, &'static Tell)> {
        Cause::ALL.iter().flat_map(|cause| {
            let fired = self.0.get(cause).copied().unwrap_or(0);
            let tells = cause.why().tells.iter().enumerate();
            tells.filter(move |(bit, _)| fired & (1 << bit) == 0).map(|(_, tell)| (*cause, tell))
        })
    }
}

#[test]
fn every_tell_can_come_true() {
    let mut fired = Fired::default();
    for case in corpus::all() {
        corpus::single(&case.input(), |evidence, _| fired.look(evidence));
    }
    for row in corpus::table::rows().filter(|row| row.place == "error-log") {
        let record = corpus::table::error_record(row.token, row.fault);
        corpus::single(record.as_bytes(), |evidence, _| fired.look(evidence));
    }
    for body in BODIES {
        let mut single = Single::new();
        single.add(&mut Reader::new(0), ANSWERED_503.as_bytes(), 0);
        single.add_body(body.as_bytes(), 2);
        fired.look(&single.evidence());
    }
    generated(&mut |evidence| fired.look(evidence));
    let list: Vec<String> =
        fired.silent().map(|(cause, tell)| format!("{cause}: {}", tell.says)).collect();
    assert!(list.is_empty(), "never true:\n{}", list.join("\n"));
}

/// An upstream that answered 503 by itself.
const ANSWERED_503: &str = "203.0.113.24 - - [14/Sep/2026:09:01:02 +0000] \"GET / HTTP/1.1\" 503 \
    88 \"-\" \"shop-app/7.1\" rt=0.014 uct=\"0.001\" uht=\"0.013\" urt=\"0.014\" \
    ua=\"192.0.2.10:8080\" us=\"503\"\n";

/// What such answers hold.
const BODIES: &[&str] = &[
    "<html><title>Maintenance</title>The shop is down for maintenance until noon.</html>",
    "{\"error\":\"overloaded\"}",
];

/// What many exchanges could show, beyond the cases: every sign in every phase, at every kind of
/// upstream, in moments and in minutes, with everything else that may be known.
fn generated(look: &mut dyn FnMut(&Evidence<'_>)) {
    const ADDRESSES: &[&str] = &[
        "192.0.2.10:8080",
        "127.0.0.1:80",
        "10.0.0.3:443",
        "172.17.0.3:80",
        "[2001:db8::7]:443",
        "unix:/run/app.sock",
        "app.internal:80",
        "0.0.0.0:8080",
    ];
    const PROTOCOLS: &[Option<Protocol>] = &[
        None,
        Some(Protocol::Https),
        Some(Protocol::FastCgi),
        Some(Protocol::Uwsgi),
        Some(Protocol::Scgi),
        Some(Protocol::Grpc),
    ];
    for (sign, phase) in Sign::ALL.iter().flat_map(|sign| Phase::ALL.iter().map(move |p| (sign, p)))
    {
        for (at, address) in ADDRESSES.iter().enumerate() {
            for millis in [2_u64, 900, 3_100, 5_100, 60_001] {
                for protocol in PROTOCOLS {
                    let builder = Evidence::builder()
                        .upstream(address)
                        .sign(*sign, *phase, None)
                        .reused_connection(at % 2 == 0)
                        .connected_in(Duration::from_millis(millis / 2))
                        .total(Duration::from_millis(millis));
                    look(&match protocol {
                        Some(protocol) => builder.protocol(*protocol).build(),
                        None => builder.build(),
                    });
                }
            }
        }
        // Errno values, TLS alerts, HTTP/2 codes, sizes.
        for number in (0..=120).chain([4096, 8192]) {
            look(&Evidence::builder().sign(*sign, *phase, Some(number)).build());
        }
        for status in [101, 200, 400, 404, 429, 500, 502, 503, 504, 508, 520] {
            for upgrade in [false, true] {
                let builder = Evidence::builder()
                    .sign(*sign, *phase, Some(status.into()))
                    .attempt("192.0.2.10:8080", Some(status))
                    .status(if status < 500 { status } else { 502 });
                look(&if upgrade { builder.upgrade().build() } else { builder.build() });
            }
        }
        for note in Sign::ALL {
            let builder = Evidence::builder().upstream("192.0.2.10:8080");
            look(&builder.sign(*sign, *phase, None).sign(*note, *phase, None).build());
        }
        for more in MORE {
            let builder = Evidence::builder()
                .request("GET", "/")
                .upstream("192.0.2.10:8080")
                .total(Duration::from_millis(5_100))
                .sign(*sign, *phase, Some(503));
            let mut evidence = builder.build();
            more(&mut evidence);
            look(&evidence);
        }
    }
}

/// One more fact each.
const MORE: &[fn(&mut Evidence<'_>)] = &[
    |evidence| evidence.request.method = Some(b"GET"),
    |evidence| evidence.request.method = Some(b"POST"),
    |evidence| evidence.headers.retry_after = Some(b"120"),
    |evidence| evidence.headers.server = Some(b"cloudflare"),
    |evidence| evidence.headers.via = Some(b"1.1 varnish, 1.1 abc.cloudfront.net (CloudFront)"),
    |evidence| evidence.body = Some(BodySignature::Json),
    |evidence| evidence.body = Some(BodySignature::NginxPlainToTls),
    |evidence| evidence.limits.response = Some(Millis::from_secs(5)),
    |evidence| evidence.limits.connect = Some(Millis::from_secs(5)),
    |evidence| evidence.limits.send = Some(Millis::from_secs(5)),
    |evidence| evidence.limits.idle = Some(Millis::from_secs(1)),
    |evidence| {
        if let Some(last) = evidence.attempts.last_mut() {
            last.received = Some(Bytes::new(4096));
        }
    },
    |evidence| {
        let mut other = why502::evidence::Attempt::default();
        other.address = Some(b"192.0.2.11:8080");
        evidence.attempts.push(other);
    },
];
