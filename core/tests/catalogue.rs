//! The catalogue of causes: every entry is whole, every fault has causes, and everything that is
//! said to speak for a cause or against it can come true.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

mod corpus;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use why502::causes::{Case, Tell};
use why502::classify::classify;
use why502::dialects::DIALECTS;
use why502::evidence::{BodySignature, Bytes, Millis, Protocol, Sign};
use why502::incident::Single;
use why502::infer::infer;
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
        let mut says: Vec<&str> = why.tells.iter().map(|tell| tell.says()).collect();
        says.sort_unstable();
        says.dedup();
        assert_eq!(says.len(), why.tells.len(), "{cause} says something twice");
    }
}

#[test]
fn every_setting_is_complete_and_there_once() {
    for dialect in DIALECTS {
        let mut names = BTreeSet::new();
        for setting in dialect.settings {
            let name = setting.name;
            for text in [name, setting.default, setting.governs, setting.advice] {
                assert!(!text.is_empty() && text.trim() == text, "{name}");
            }
            assert!(names.insert(name), "{} has {name} twice", dialect.name);
        }
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
            look("a tell", tell.says(), false);
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
        let ranked = infer(&case);
        for cause in Cause::ALL {
            let why = cause.why();
            if why.faults.iter().any(|(other, _)| *other == fault) {
                let mut held = 0;
                for (bit, tell) in why.tells.iter().enumerate() {
                    if tell.holds(&case).is_some() {
                        held |= 1 << bit;
                    }
                }
                *self.0.entry(*cause).or_default() |= held;
                // The clues of a tell do not keep it from being asked where it holds.
                if let Some(ranked) = ranked.iter().find(|ranked| ranked.cause == *cause) {
                    assert_eq!(ranked.tells, held, "{cause} under {fault}: {evidence:#?}");
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

/// Shows all evidence there is: the cases, the vocabulary, bodies, and what can be generated.
fn everything(look: &mut dyn FnMut(&Evidence<'_>)) {
    for case in corpus::all() {
        corpus::single(&case.input(), |evidence, _| look(evidence));
    }
    for (_, record) in corpus::tables::all().flat_map(corpus::tables::Table::records) {
        corpus::single(record.as_bytes(), |evidence, _| look(evidence));
    }
    for body in BODIES {
        let mut single = Single::new();
        single.add(&mut Reader::new(0), ANSWERED_503.as_bytes(), 0);
        single.add_body(body.as_bytes(), 2);
        look(&single.evidence());
    }
    generated(look);
}

#[test]
fn every_tell_can_come_true() {
    let mut fired = Fired::default();
    everything(&mut |evidence| fired.look(evidence));
    let list: Vec<String> =
        fired.silent().map(|(cause, tell)| format!("{cause}: {}", tell.says())).collect();
    assert!(list.is_empty(), "never true:\n{}", list.join("\n"));
}

/// Whatever is seen, each cause of it has something to look at and something to change, and nothing
/// that the upstream's place rules out. All advice is of use in some case.
#[test]
fn the_advice_fits_the_case() {
    let mut wrong = BTreeSet::new();
    let mut fits: BTreeMap<Cause, u64> = BTreeMap::new();
    everything(&mut |evidence| {
        let fault = classify(evidence).fault;
        let case = Case::new(evidence, fault);
        for cause in Cause::ALL {
            if cause.why().faults.iter().all(|(other, _)| *other != fault) {
                continue;
            }
            let advice = cause.advice();
            let at = evidence.last_attempt().and_then(|attempt| attempt.address);
            let socket = at.is_some_and(|address| address.starts_with(b"unix:"));
            // A cause that can only be looked at over the network keeps its commands, to be adapted.
            let reaches = |run: &str| {
                ["{upstream}", "{host}", "{port}"].iter().any(|place| run.contains(place))
            };
            let mut checks = advice.checks_for(&case).peekable();
            if checks.peek().is_none() {
                wrong.insert(format!("{cause}, {fault}, socket {socket}: nothing to check"));
            }
            if socket && advice.checks.iter().any(|check| !reaches(check.run)) {
                for check in checks.filter(|check| reaches(check.run)) {
                    wrong.insert(format!("{cause}, {fault}: not for a socket: {}", check.run));
                }
            }
            match advice.remedies_for(&case).next() {
                Some(first) if !first.stopgap => {}
                first => {
                    wrong.insert(format!("{cause}, {fault}: the first remedy is {first:?}"));
                }
            }
            let checks =
                advice.checks.iter().map(|check| check.when.is_none_or(|fits| fits(&case)));
            let remedies =
                advice.remedies.iter().map(|remedy| remedy.when.is_none_or(|fits| fits(&case)));
            let fit = checks.chain(remedies).enumerate().filter(|(_, fits)| *fits);
            *fits.entry(*cause).or_default() |= fit.fold(0, |all, (at, _)| all | 1 << at);
        }
    });
    for (cause, fits) in fits {
        let advice = cause.advice();
        let checks = advice.checks.iter().map(|check| check.run);
        let all = checks.chain(advice.remedies.iter().map(|remedy| remedy.does)).enumerate();
        let never = all.filter(|(at, _)| fits & (1 << at) == 0);
        wrong.extend(never.map(|(_, what)| format!("{cause}: of use in no case: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// What a sign must lead to: the first cause, how its first checks and remedies begin, and words
/// that none of them may hold.
struct Led {
    record: &'static str,
    cause: Cause,
    check: &'static str,
    remedy: &'static str,
    never: &'static [&'static str],
}

const LED: &[Led] = &[
    Led {
        record: "client intended to send too large body: 9437184 bytes",
        cause: Cause::LimitTooLow,
        check: "Compare the size in the error",
        remedy: "Raise the limit on sizes",
        never: &["response header", "wc -c", "cookie", "queue"],
    },
    Led {
        record: "fastcgi request record is too big: 70000",
        cause: Cause::BufferTooSmall,
        check: "Send the request once without its cookies",
        remedy: "Make each buffer for the client's request",
        never: &["response header", "body limit", "upload"],
    },
    Led {
        record: "upstream sent too big header while reading response header from upstream, \
                 upstream: \"http://192.0.2.10:80/\"",
        cause: Cause::BufferTooSmall,
        check: "curl -s -o /dev/null -D -",
        remedy: "Make the response header buffer",
        never: &["upload", "body limit", "request line"],
    },
    Led {
        record: "no live upstreams while connecting to upstream, upstream: \"http://shop_pool/\"",
        cause: Cause::Unknown,
        check: "Read the gateway's log backwards",
        remedy: "Mend what marked the servers down",
        never: &["{upstream}", "{host}", "{port}"],
    },
    Led {
        record: "1024 worker_connections are not enough while connecting to upstream",
        cause: Cause::GatewayOverloaded,
        check: "On the gateway: ss -Htanp",
        remedy: "Raise the connections that the gateway",
        never: &["df -h", "ip_local_port_range", "Free the disk"],
    },
    Led {
        record: "pwrite() \"/var/cache/nginx/proxy_temp/1/00/0000000001\" failed (28: No space left \
                 on device) while reading upstream, upstream: \"http://192.0.2.10:80/\"",
        cause: Cause::GatewayOverloaded,
        check: "df -h; df -i",
        remedy: "Free the disk",
        never: &["ip_local_port_range", "open files", "connections to the upstreams"],
    },
    Led {
        record: "socket() failed (24: Too many open files) while connecting to upstream",
        cause: Cause::GatewayOverloaded,
        check: "For a worker process of the gateway",
        remedy: "Raise the limit of open files",
        never: &["df -h", "ip_local_port_range"],
    },
    Led {
        record: "connect() to 192.0.2.10:80 failed (99: Cannot assign requested address) while \
                 connecting to upstream, upstream: \"http://192.0.2.10:80/\"",
        cause: Cause::GatewayOverloaded,
        check: "ss -s; ss -Htan",
        remedy: "Keep connections to the upstreams open",
        never: &["df -h", "open files'"],
    },
    Led {
        record: "access forbidden by rule",
        cause: Cause::PolicyDenied,
        check: "Compare the client's address",
        remedy: "Where the client should come in, allow",
        never: &["rate", "token"],
    },
    Led {
        record: "limiting requests, excess: 20.560 by zone \"one\"",
        cause: Cause::PolicyDenied,
        check: "Find the rule",
        remedy: "Where the rate is honest, raise it",
        never: &["allow its address", "token"],
    },
    Led {
        record: "connect() to 127.0.0.1:8080 failed (13: Permission denied) while connecting to \
                 upstream, upstream: \"http://127.0.0.1:8080/\"",
        cause: Cause::PermissionDenied,
        check: "getenforce; getsebool",
        remedy: "With SELinux: setsebool -P httpd_can_network_connect on",
        never: &["namei", "socket", "temporary directories"],
    },
    Led {
        record: "connect() to unix:/run/app.sock failed (13: Permission denied) while connecting \
                 to upstream, upstream: \"http://unix:/run/app.sock:/\"",
        cause: Cause::PermissionDenied,
        check: "For a Unix socket or a file: namei",
        remedy: "Give the socket a group",
        never: &["httpd_can_network_connect", "{upstream}"],
    },
    Led {
        record: "open() \"/var/cache/nginx/client_temp/0000000001\" failed (13: Permission denied)",
        cause: Cause::PermissionDenied,
        check: "For a Unix socket or a file: namei",
        remedy: "Give the gateway's user its cache",
        never: &["httpd_can_network_connect", "Give the socket"],
    },
    Led {
        record: "connect() to unix:/run/php-fpm.sock failed (11: Resource temporarily unavailable) \
                 while connecting to upstream, upstream: \"fastcgi://unix:/run/php-fpm.sock:\"",
        cause: Cause::UpstreamOverloaded,
        check: "On the upstream's host: ss -lxn",
        remedy: "Raise pm.max_children",
        never: &["{upstream}"],
    },
    Led {
        record: "connect() to unix:/run/app.sock failed (11: Resource temporarily unavailable) \
                 while connecting to upstream, upstream: \"http://unix:/run/app.sock:/\"",
        cause: Cause::UpstreamOverloaded,
        check: "On the upstream's host: ss -lxn",
        remedy: "Give the upstream more workers",
        never: &["pm.max_children", "{upstream}"],
    },
    Led {
        record: "connect() to unix:/run/app.sock failed (2: No such file or directory) while \
                 connecting to upstream, upstream: \"http://unix:/run/app.sock:/\"",
        cause: Cause::UpstreamNotRunning,
        check: "On the upstream's host or in its container: ss -lxp",
        remedy: "Start it.",
        never: &["{port}", "{upstream}"],
    },
    Led {
        record: "connect() failed (111: Connection refused) while connecting to upstream, \
                 upstream: \"http://192.0.2.10:80/\"",
        cause: Cause::UpstreamNotRunning,
        check: "On the upstream's host or in its container: ss -ltnp",
        remedy: "Start it.",
        never: &["ss -lxp"],
    },
    Led {
        record: "upstream timed out (110: Connection timed out) while SSL handshaking to upstream, \
                 upstream: \"https://192.0.2.10:8443/\"",
        cause: Cause::UpstreamOverloaded,
        check: "time timeout 20 openssl s_client",
        remedy: "Add capacity",
        never: &["subjectAltName"],
    },
];

#[test]
fn a_sign_leads_to_its_own_advice() {
    for led in LED {
        // nginx takes its own files for critical.
        let level = if led.record.contains("/var/cache/nginx") { "crit" } else { "error" };
        let record = format!("2026/09/14 09:50:00 [{level}] 417#417: *4100 {}\n", led.record);
        corpus::single(record.as_bytes(), |evidence, diagnosis| {
            let case = Case::new(evidence, diagnosis.fault());
            let advice = diagnosis.cause().advice();
            let checks: Vec<&str> = advice.checks_for(&case).map(|check| check.run).collect();
            let remedies: Vec<&str> = advice.remedies_for(&case).map(|each| each.does).collect();
            assert_eq!(diagnosis.cause(), led.cause, "{record}");
            assert!(checks[0].starts_with(led.check), "{record}{checks:#?}");
            assert!(remedies[0].starts_with(led.remedy), "{record}{remedies:#?}");
            for word in led.never {
                let said = checks.iter().chain(&remedies).find(|text| text.contains(word));
                assert_eq!(said, None, "{record}");
            }
        });
    }
}

#[test]
fn a_missing_socket_says_as_much_of_the_server_as_of_the_path() {
    let record = "2026/09/14 09:50:00 [crit] 417#417: *4100 connect() to unix:/run/app.sock failed \
        (2: No such file or directory) while connecting to upstream, upstream: \
        \"http://unix:/run/app.sock:/\"\n";
    corpus::single(record.as_bytes(), |_, diagnosis| {
        let share = |cause| {
            let ranked = diagnosis.causes().iter().find(|ranked| ranked.cause == cause);
            f64::from(ranked.unwrap().confidence.get())
        };
        let (stopped, moved) =
            (share(Cause::UpstreamNotRunning), share(Cause::UpstreamAddressWrong));
        assert!((stopped - moved).abs() < 0.05, "{stopped} and {moved}");
    });
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
        "[::1]:3000",
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
