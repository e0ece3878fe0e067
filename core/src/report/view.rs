//! What a report shows, put together once: names and shapes are those of the JSON. Text from
//! outside is raw here; each rendering escapes it.

use crate::causes::Case;
use crate::classify::meaning_of;
use crate::diagnosis::{Diagnosis, Outcome, diagnose};
use crate::dialects::{self, Setting, Suggestion};
use crate::evidence::{Evidence, Millis, Origin, Seen};
use crate::incident::{Finding, Session, most_first};
use crate::vocabulary::{Category, Cause, Confidence, Fault, Gateway, Phase};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::proxy_status;

/// Causes beyond the third are shown from this confidence on.
const LEAST_SHOWN: Confidence = Confidence::percent(5);
/// The reason of a cause for which nothing speaks in particular.
pub(super) const USUAL: &str = "it is among the usual causes of";
/// The same for the unknown cause.
pub(super) const OPEN: &str = "the evidence leaves open what is behind";
/// How much of one quote is shown.
const LONGEST_QUOTE: usize = 400;

/// Words of the catalogue; of whoever wrote the JSON, where a view was read from it.
type Words = Cow<'static, str>;

/// One diagnosis with its prose and quotes.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DiagnosisView {
    /// The version of this shape.
    pub schema: Words,
    /// Who reported it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub gateway: Option<Gateway>,
    /// When, RFC 3339; without an offset where the zone is not known.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub at: Option<String>,
    /// The status that the client got.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub status: Option<u16>,
    /// What failed.
    pub fault: Fault,
    /// Where in the exchange.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub phase: Option<Phase>,
    /// How sure the evidence makes the fault.
    pub certainty: Confidence,
    /// Faults that look the same from here.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub candidates: Vec<CandidateView>,
    /// The category of the first cause.
    pub category: Category,
    /// The causes, the likeliest first.
    pub causes: Vec<CauseView>,
    /// What it rests on.
    pub evidence: Vec<EvidenceView>,
    /// What to change, by cause.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub remedies: Vec<RemedyView>,
    /// What tells the causes apart.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub checks: Vec<CheckView>,
    /// How to keep it from coming back.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub prevention: Vec<Words>,
    /// What was asked for.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub request: Option<RequestView>,
    /// Where it went.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub upstream: Option<UpstreamView>,
    /// How long it took, in milliseconds.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub timings_ms: Option<TimingsView>,
    /// The Proxy-Status member.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub proxy_status: Option<String>,
}

/// A fault that cannot be excluded.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CandidateView {
    /// The fault.
    pub id: Fault,
    /// How likely it is.
    pub certainty: Confidence,
}

/// A cause with its reasons.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CauseView {
    /// The cause.
    pub id: Cause,
    /// Its category.
    pub category: Category,
    /// How likely it is, of all causes.
    pub confidence: Confidence,
    /// What spoke for it and against it, with the evidence each rests on.
    pub because: Vec<String>,
}

/// A quote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EvidenceView {
    /// The kind of record.
    pub source: Words,
    /// The input's name.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub file: Option<String>,
    /// The line within it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub line: Option<u64>,
    /// The words.
    pub quote: String,
    /// What they say: a fault's id, or the sign's where it is no fault by itself.
    pub says: Words,
}

/// One thing to change.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RemedyView {
    /// The cause that it cures.
    pub cause: Cause,
    /// What to do.
    #[cfg_attr(feature = "serde", serde(rename = "do"))]
    pub does: String,
    /// Whether it only buys time.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "core::ops::Not::not"))]
    pub stopgap: bool,
    /// The gateway's setting, where there is one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub setting: Option<SettingView>,
}

/// A gateway's setting.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SettingView {
    /// Whose it is.
    pub gateway: Gateway,
    /// The directive.
    pub name: String,
    /// Its default.
    pub default: Words,
    /// What to set it to.
    pub advice: String,
    /// The value that the evidence suggests.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub value: Option<String>,
    /// Where it is documented.
    pub link: Words,
}

/// A check.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CheckView {
    /// What to run or look at.
    pub run: String,
    /// What each outcome tells.
    pub outcome: String,
    /// The causes that it tells apart.
    pub tells: Cow<'static, [Cause]>,
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RequestView {
    /// `GET`, `POST` …
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub method: Option<String>,
    /// Host and port.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub authority: Option<String>,
    /// Path and query.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub path: Option<String>,
    /// The request's id.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub id: Option<String>,
}

/// Where it went.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct UpstreamView {
    /// The address of the deciding attempt.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub address: Option<String>,
    /// The group, cluster or pool.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub cluster: Option<String>,
    /// Every attempt.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub attempts: Vec<AttemptView>,
}

/// One attempt.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AttemptView {
    /// Its upstream.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub address: Option<String>,
    /// What came of it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub status: Option<u16>,
    /// How long it took.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "serde", serde(serialize_with = "number"))]
    pub seconds: Option<f64>,
}

/// Durations in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TimingsView {
    /// Name resolution.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "serde", serde(serialize_with = "number"))]
    pub dns: Option<f64>,
    /// Connection.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "serde", serde(serialize_with = "number"))]
    pub connect: Option<f64>,
    /// Handshake.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "serde", serde(serialize_with = "number"))]
    pub tls: Option<f64>,
    /// First byte of the response.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "serde", serde(serialize_with = "number"))]
    pub first_byte: Option<f64>,
    /// All.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "serde", serde(serialize_with = "number"))]
    pub total: Option<f64>,
}

/// A number as JavaScript writes it: `60000`, not `60000.0`.
// The shape is serde's.
#[cfg(feature = "serde")]
#[allow(clippy::ref_option)]
fn number<S: serde::Serializer>(number: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    crate::vocabulary::serialize_number(number.unwrap_or_default(), to)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl DiagnosisView {
    /// Of a diagnosis, the evidence that it was drawn from, and the inputs' names.
    #[must_use]
    pub fn new(evidence: &Evidence<'_>, diagnosis: &Diagnosis, files: &[String]) -> Self {
        let case = Case::new(evidence, diagnosis.fault());
        let mut view = Self::without_advice(evidence, diagnosis, files);
        if diagnosis.outcome() != Outcome::Healthy {
            let advised: Vec<Cause> = view.causes.iter().map(|cause| cause.id).collect();
            view.remedies = remedies(&case, &advised);
            view.checks = checks(&case, &advised);
            view.prevention = prevention(&advised);
        }
        view
    }

    /// The same without remedies, checks and prevention, which are most of it: for lists of many.
    #[must_use]
    pub fn without_advice(
        evidence: &Evidence<'_>,
        diagnosis: &Diagnosis,
        files: &[String],
    ) -> Self {
        let fault = diagnosis.fault();
        let case = Case::new(evidence, fault);
        let causes = causes(&case, diagnosis);
        let candidates = diagnosis.verdict().candidates.iter();
        Self {
            schema: "why502/1".into(),
            gateway: evidence.gateway,
            at: evidence.at.map(|at| at.to_string()),
            status: evidence.status,
            fault,
            phase: diagnosis.phase(),
            certainty: diagnosis.certainty(),
            candidates: candidates
                .map(|each| CandidateView { id: each.fault, certainty: each.certainty })
                .collect(),
            category: diagnosis.category(),
            causes,
            evidence: quotes(evidence, diagnosis, files),
            remedies: Vec::new(),
            checks: Vec::new(),
            prevention: Vec::new(),
            request: request(evidence),
            upstream: upstream(evidence),
            timings_ms: timings(evidence),
            proxy_status: proxy_status(evidence, diagnosis),
        }
    }
}

fn causes(case: &Case<'_>, diagnosis: &Diagnosis) -> Vec<CauseView> {
    let ranks = diagnosis.causes().iter().enumerate();
    ranks
        .filter(|(at, ranked)| *at < 3 || ranked.confidence >= LEAST_SHOWN)
        .map(|(_, ranked)| CauseView {
            id: ranked.cause,
            category: ranked.cause.category(),
            confidence: ranked.confidence,
            because: reasons(case, ranked.cause, Some(ranked.tells)),
        })
        .collect()
}

/// The sentences of the tells that hold, each with what it rests on. Those that held when the cause
/// was ranked are told by a bit each; otherwise all are tried. A cause without any rests on what is
/// usual for its fault.
fn reasons(case: &Case<'_>, cause: Cause, held: Option<u32>) -> Vec<String> {
    let bits = (0..u32::BITS).map(|at| 1_u32 << at);
    let tells = cause.why().tells.iter().zip(bits);
    let mut reasons: Vec<String> = tells
        .filter(|(_, bit)| held.is_none_or(|held| held & bit != 0))
        .filter_map(|(tell, _)| {
            let fact = tell.holds(case)?;
            let against = if tell.weight < 0 { "against it: " } else { "" };
            Some(format!("{against}{} ({})", tell.says(), fact.show(case)))
        })
        .collect();
    if reasons.is_empty() {
        reasons.push(match cause {
            Cause::Unknown => format!("{OPEN} {}", case.fault),
            _ => format!("{USUAL} {}", case.fault),
        });
    }
    reasons
}

/// The signs, that which decided first; a record's status where there is none.
fn quotes(evidence: &Evidence<'_>, diagnosis: &Diagnosis, files: &[String]) -> Vec<EvidenceView> {
    let deciding = diagnosis.verdict().because.map(usize::from);
    let mut quotes: Vec<EvidenceView> = Vec::new();
    let order =
        deciding.into_iter().chain((0..evidence.signs.len()).filter(|at| Some(*at) != deciding));
    for seen in order.filter_map(|at| evidence.signs.get(at)) {
        let view = quote(seen, files);
        if !quotes.contains(&view) {
            quotes.push(view);
        }
    }
    // Records that none of the signs was read from: an access line says a lot by its fields.
    for (origin, record) in evidence.records.iter() {
        let told = evidence.signs.iter().any(|seen| seen.origin == *origin);
        if !told {
            quotes.push(EvidenceView {
                source: origin.source.id().into(),
                file: file(origin, files),
                line: (origin.line > 0).then_some(origin.line),
                quote: shortened(record),
                says: diagnosis.fault().id().into(),
            });
        }
    }
    if quotes.is_empty() {
        quotes.extend(evidence.status.map(|status| EvidenceView {
            source: "caller".into(),
            file: None,
            line: None,
            quote: format!("status {status}"),
            says: diagnosis.fault().id().into(),
        }));
    }
    quotes
}

fn quote(seen: &Seen<'_>, files: &[String]) -> EvidenceView {
    let says = meaning_of(seen).map_or(seen.sign.id(), Fault::id).into();
    EvidenceView {
        source: seen.origin.source.id().into(),
        file: file(&seen.origin, files),
        line: (seen.origin.line > 0).then_some(seen.origin.line),
        quote: if seen.quote.is_empty() { seen.sign.id().into() } else { shortened(seen.quote) },
        says,
    }
}

fn file(origin: &Origin, files: &[String]) -> Option<String> {
    let named = origin.line > 0;
    files.get(usize::from(origin.input)).filter(|name| named && !name.is_empty()).cloned()
}

fn shortened(bytes: &[u8]) -> String {
    match bytes.get(..LONGEST_QUOTE) {
        Some(start) if bytes.len() > LONGEST_QUOTE => format!("{}…", text(start)),
        _ => text(bytes),
    }
}

fn remedies(case: &Case<'_>, causes: &[Cause]) -> Vec<RemedyView> {
    let mut all = Vec::new();
    for cause in causes {
        for remedy in cause.advice().remedies_for(case) {
            all.push(RemedyView {
                cause: *cause,
                does: remedy.does.into(),
                stopgap: remedy.stopgap,
                setting: None,
            });
        }
        let Some(gateway) = case.evidence.gateway else { continue };
        for setting in dialects::settings_for(gateway, *cause, case.fault, case.evidence) {
            let Some(view) = setting_view(gateway, setting, case.evidence) else { continue };
            all.push(RemedyView {
                cause: *cause,
                does: format!("{} {}", view.name, view.advice),
                stopgap: false,
                setting: Some(view),
            });
        }
    }
    all
}

/// A setting by the name that it has for this exchange, with the value that the evidence suggests;
/// `None` where what is spoken to the upstream has no such setting.
pub(super) fn setting_view(
    gateway: Gateway,
    setting: &'static Setting,
    evidence: &Evidence<'_>,
) -> Option<SettingView> {
    let dialect = dialects::of_gateway(gateway)?;
    let name = (dialect.setting_name)(setting.name, evidence.protocol)?;
    let value = setting.suggests.and_then(|suggests| suggests(evidence));
    let mut advice = format!("(default {}): {}", setting.default, setting.advice);
    if let Some(value) = value {
        advice.push(' ');
        advice.push_str(&reason(value));
    }
    Some(SettingView {
        gateway,
        name,
        default: setting.default.into(),
        advice,
        value: value.map(configured),
        link: setting.link.into(),
    })
}

/// A value as a configuration file has it: `120s`, `16k`.
fn configured(value: Suggestion) -> String {
    match value {
        Suggestion::Time { set, .. } => format!("{}s", set.get().div_ceil(1000)),
        Suggestion::Size { set, .. } => match set.get() {
            bytes if bytes >= 1 << 20 => format!("{}m", bytes.div_ceil(1 << 20)),
            bytes => format!("{}k", bytes.div_ceil(1 << 10)),
        },
    }
}

fn reason(value: Suggestion) -> String {
    let set = configured(value);
    match value {
        Suggestion::Time { seen, .. } => format!("Here: {set}, since it took {seen}."),
        Suggestion::Size { seen, .. } => format!("Here: {set}, since {seen} came."),
    }
}

fn checks(case: &Case<'_>, causes: &[Cause]) -> Vec<CheckView> {
    let evidence = case.evidence;
    let mut all: Vec<CheckView> = Vec::new();
    for check in causes.iter().flat_map(|cause| cause.advice().checks_for(case)) {
        let run = filled(check.run, evidence, true);
        if all.iter().all(|other| other.run != run) {
            // The prose names what the command names, without the quotes that a shell needs.
            let outcome = filled(check.outcome, evidence, false);
            all.push(CheckView { run, outcome, tells: check.tells.into() });
        }
    }
    all
}

/// Text with what the evidence knows in its places. A stranger's words are put in only where they
/// are harmless in a command; there they are quoted where they need it and no quotes stand around
/// them already.
fn filled(with_places: &str, evidence: &Evidence<'_>, command: bool) -> String {
    let address = evidence.last_attempt().and_then(|attempt| attempt.address).map(text);
    // A server's name in the gateway's configuration is none on the network.
    let is_name = |address: &str| address.contains('/') || !address.contains(['.', ':']);
    let network =
        address.as_deref().filter(|address| !address.starts_with("unix:") && !is_name(address));
    let socket = address.as_deref().and_then(|address| address.strip_prefix("unix:"));
    if let Some(socket) = socket.filter(|path| command && path.chars().all(is_plain)) {
        if with_places.contains("{upstream}") {
            let through = format!("curl --unix-socket {socket} ");
            let with_places =
                with_places.replace("curl ", &through).replace("{upstream}", "localhost");
            let mut elsewhere = evidence.clone();
            elsewhere.attempts.clear();
            return filled(&with_places, &elsewhere, command);
        }
    }
    // A check is written for plain HTTP. Behind an address no certificate is for its name.
    let plain = "http://{upstream}";
    let secure = evidence.protocol.is_some_and(|protocol| protocol.is_tls());
    let tls = (secure && command && with_places.contains(plain))
        .then(|| with_places.replace("curl ", "curl -k ").replace(plain, "https://{upstream}"));
    let with_places = tls.as_deref().unwrap_or(with_places);
    let (host, port) = network.and_then(|address| address.rsplit_once(':')).unzip();
    // Only beside a port does an IPv6 address stand in brackets.
    let host = host.map(|host| host.trim_start_matches('[').trim_end_matches(']'));
    let path = evidence.request.path.map(text);
    let authority = evidence.request.authority.map(text);
    // What is not known has the place of a name to be filled in.
    let places = [
        ("{upstream}", network, "UPSTREAM"),
        ("{host}", host, "HOST"),
        ("{port}", port, "PORT"),
        ("{path}", path.as_deref(), "/PATH"),
        ("{authority}", authority.as_deref(), "NAME"),
    ];
    let mut filled = String::with_capacity(with_places.len());
    let mut quoted = false;
    let mut rest = with_places;
    while let Some(at) = memchr::memchr2(b'{', b'\'', rest.as_bytes()) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        filled.push_str(plain);
        let place = places.iter().find_map(|(place, value, unknown)| {
            let after = special.strip_prefix(place)?;
            Some((value.filter(|word| is_harmless(word)).unwrap_or(unknown), after))
        });
        if let Some((word, after)) = place {
            let quotes = if command && !quoted && !word.chars().all(is_plain) { "'" } else { "" };
            filled.extend([quotes, word, quotes]);
            rest = after;
            continue;
        }
        let letter = if special.starts_with('\'') { '\'' } else { '{' };
        if letter == '\'' {
            // After a letter it is an apostrophe, unless it ends a quotation.
            quoted = !quoted && !filled.ends_with(char::is_alphanumeric);
        }
        filled.push(letter);
        rest = special.get(1..).unwrap_or_default();
    }
    filled.push_str(rest);
    filled
}

/// A command of the catalogue with names to be filled in.
pub(super) fn unfilled(command: &str) -> String {
    filled(command, &Evidence::default(), true)
}

/// Whether a shell takes a letter as it is.
const fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | ':' | '/' | '-')
}

/// Whether a word holds nothing that is unusual in an address or a path, and nothing that a shell
/// takes for its own within quotes.
fn is_harmless(word: &str) -> bool {
    let quotable = |letter: char| is_plain(letter) || "?&=%+,@~;[]".contains(letter);
    !word.is_empty() && word.len() <= 200 && !word.starts_with('-') && word.chars().all(quotable)
}

fn prevention(causes: &[Cause]) -> Vec<Words> {
    let mut all: Vec<Words> = Vec::new();
    for sentence in causes.iter().flat_map(|cause| cause.advice().prevention) {
        if !all.iter().any(|other| other == sentence) {
            all.push((*sentence).into());
        }
    }
    all
}

fn request(evidence: &Evidence<'_>) -> Option<RequestView> {
    let request = &evidence.request;
    let view = RequestView {
        method: request.method.map(text),
        authority: request.authority.map(text),
        path: request.path.map(text),
        id: request.id.map(text),
    };
    (view != RequestView::default()).then_some(view)
}

fn upstream(evidence: &Evidence<'_>) -> Option<UpstreamView> {
    let attempts: Vec<AttemptView> = evidence
        .attempts
        .iter()
        .map(|attempt| AttemptView {
            address: attempt.address.map(text),
            status: attempt.status,
            seconds: attempt.total.map(Millis::seconds),
        })
        .collect();
    let view = UpstreamView {
        address: attempts.last().and_then(|last| last.address.clone()),
        cluster: evidence.cluster.map(text),
        attempts,
    };
    (view != UpstreamView::default()).then_some(view)
}

fn timings(evidence: &Evidence<'_>) -> Option<TimingsView> {
    let timings = &evidence.timings;
    let view = TimingsView {
        dns: timings.resolve.map(Millis::millis),
        connect: timings.connect.map(Millis::millis),
        tls: timings.tls.map(Millis::millis),
        first_byte: timings.first_byte.map(Millis::millis),
        total: timings.total.map(Millis::millis),
    };
    (view != TimingsView::default()).then_some(view)
}

/// A summary with its prose and quotes.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SummaryView {
    /// The version of this shape.
    pub schema: &'static str,
    /// What was read.
    pub read: ReadView,
    /// How the exchanges ended.
    pub exchanges: ExchangesView,
    /// One for each fault.
    pub findings: Vec<FindingView>,
    /// Filled by a later version.
    pub incidents: [(); 0],
}

/// What was read.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReadView {
    /// Lines of all inputs.
    pub lines: u64,
    /// Bytes of all inputs, after decompression.
    pub bytes: u64,
    /// Records that nobody understands.
    pub not_understood: u64,
    /// Each input.
    pub files: Vec<FileView>,
}

/// One input.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FileView {
    /// Its name.
    pub name: String,
    /// The dialect that it speaks.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub dialect: Option<&'static str>,
    /// Its lines.
    pub lines: u64,
}

impl FileView {
    /// An input with what was read of it.
    #[must_use]
    pub const fn new(name: String, dialect: Option<&'static str>, lines: u64) -> Self {
        Self { name, dialect, lines }
    }
}

/// How the exchanges ended.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ExchangesView {
    /// All; absent where only error logs were read, which do not show the healthy ones.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub total: Option<u64>,
    /// Those that failed.
    pub failed: u64,
    /// Those that the client left or spoiled.
    pub client: u64,
    /// Those that a policy refused.
    pub denied: u64,
    /// What befell the gateway or its upstream servers beside, and is no exchange.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "is_zero"))]
    pub events: u64,
}

/// One fault with all its exchanges.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FindingView {
    /// What failed.
    pub fault: Fault,
    /// How many exchanges had it.
    pub count: u64,
    /// How many events tell of it: a server that was marked down for it, a failed start.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "is_zero"))]
    pub events: u64,
    /// Its share of all exchanges; of those that failed, where the healthy ones are not known.
    pub share: Confidence,
    /// When first.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub first: Option<String>,
    /// When last.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub last: Option<String>,
    /// How sure the evidence makes it.
    pub certainty: Confidence,
    /// At which upstreams, the worst first.
    pub upstreams: Vec<UpstreamCountView>,
    /// Exchanges at upstreams beyond those.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "is_zero"))]
    pub other_upstreams: u64,
    /// The causes with their mean confidence; the reasons are those of the first exchange.
    pub causes: Vec<CauseView>,
    /// Quotes of the first exchange.
    pub evidence: Vec<EvidenceView>,
    /// What to change.
    pub remedies: Vec<RemedyView>,
    /// What tells the causes apart.
    pub checks: Vec<CheckView>,
    /// How to keep it from coming back.
    pub prevention: Vec<Words>,
}

/// An upstream's share of a finding.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct UpstreamCountView {
    /// Its address.
    pub address: String,
    /// How many exchanges failed there.
    pub count: u64,
}

impl SummaryView {
    /// Of what a session read, with the inputs and how many bytes they had.
    #[must_use]
    pub fn new(session: &Session, files: Vec<FileView>, bytes: u64) -> Self {
        let summary = session.summary();
        let exchanges = summary.exchanges();
        let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
        let all = if exchanges.access_log {
            exchanges.total
        } else {
            exchanges.failed + exchanges.client + exchanges.denied
        };
        Self {
            schema: "why502-summary/1",
            read: ReadView {
                lines: files.iter().map(|file| file.lines).sum(),
                bytes,
                not_understood: session.not_understood(),
                files,
            },
            exchanges: ExchangesView {
                total: exchanges.access_log.then_some(exchanges.total),
                failed: exchanges.failed,
                client: exchanges.client,
                denied: exchanges.denied,
                events: exchanges.events,
            },
            findings: summary
                .findings()
                .into_iter()
                .map(|finding| FindingView::new(finding, all, &names))
                .collect(),
            incidents: [],
        }
    }
}

// The shape is serde's.
#[cfg(feature = "serde")]
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl FindingView {
    fn new(finding: &Finding, all: u64, files: &[String]) -> Self {
        let evidence = finding.example.evidence();
        let diagnosis = diagnose(&evidence);
        let case = Case::new(&evidence, finding.fault);
        let causes: Vec<CauseView> = finding
            .causes()
            .into_iter()
            .enumerate()
            .filter(|(at, (_, confidence))| *at < 3 || *confidence >= LEAST_SHOWN)
            .map(|(_, (cause, confidence))| CauseView {
                id: cause,
                category: cause.category(),
                confidence,
                because: reasons(&case, cause, None),
            })
            .collect();
        let ids: Vec<Cause> = causes.iter().map(|cause| cause.id).collect();
        let upstreams = finding.upstreams.iter().map(|upstream| UpstreamCountView {
            address: text(&upstream.address),
            count: upstream.count,
        });
        let upstreams = most_first(upstreams, |upstream| upstream.count);
        Self {
            fault: finding.fault,
            count: finding.count,
            events: finding.events,
            share: Confidence::share(finding.count, all),
            first: finding.first.map(|at| at.to_string()),
            last: finding.last.map(|at| at.to_string()),
            certainty: finding.certainty(),
            upstreams,
            other_upstreams: finding.other_upstreams,
            causes,
            evidence: quotes(&evidence, &diagnosis, files),
            remedies: remedies(&case, &ids),
            checks: checks(&case, &ids),
            prevention: prevention(&ids),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a shell sees outside of single quotes.
    fn bare(command: &str) -> String {
        command.split('\'').step_by(2).collect()
    }

    #[test]
    fn no_stranger_writes_a_command() {
        let run = |template: &str, path: &str| {
            let mut evidence = Evidence::default();
            evidence.request.path = Some(path.as_bytes());
            filled(template, &evidence, true)
        };
        for template in ["curl http://u{path} -s", "curl 'http://u{path}' -s", "curl 'a' {path}"] {
            for path in ["/a;reboot", "/a&reboot", "/a?b=[c]", "/~root"] {
                let command = run(template, path);
                assert!(command.contains(path), "{command}");
                assert_eq!(command.matches('\'').count() % 2, 0, "{command}");
                assert!(!bare(&command).contains([';', '&', '?', '~']), "{command}");
            }
            for path in ["/a'b", "/a$(reboot)", "/a`reboot`", "/a b", "/a\nb", "--help", ""] {
                assert_eq!(run(template, path), template.replace("{path}", "/PATH"), "{path}");
            }
        }
        assert_eq!(
            run("On the upstream's host: curl {path} 'http://u{path}'", "/a?b"),
            "On the upstream's host: curl '/a?b' 'http://u/a?b'"
        );
        assert_eq!(run("curl {path}", "/plain"), "curl /plain");
    }

    #[test]
    fn a_host_stands_without_the_brackets_of_its_address() {
        for (address, command) in [
            ("[2001:db8::7]:443", "nc 2001:db8::7 443; curl 'http://[2001:db8::7]:443/'"),
            ("192.0.2.10:80", "nc 192.0.2.10 80; curl 'http://192.0.2.10:80/'"),
            ("app.internal:80", "nc app.internal 80; curl 'http://app.internal:80/'"),
        ] {
            let mut evidence = Evidence::default();
            let address = Some(address.as_bytes());
            evidence.attempts.push(crate::evidence::Attempt { address, ..Default::default() });
            let run = filled("nc {host} {port}; curl 'http://{upstream}/'", &evidence, true);
            assert_eq!(run, command);
        }
    }

    #[test]
    fn what_speaks_tls_is_asked_in_tls() {
        let mut evidence = Evidence::default();
        evidence.protocol = Some(crate::evidence::Protocol::Https);
        let run = |command| filled(command, &evidence, true);
        assert_eq!(run("curl -s 'http://{upstream}/'"), "curl -k -s 'https://UPSTREAM/'");
        assert_eq!(run("curl -s http://status.example/"), "curl -s http://status.example/");
    }

    #[test]
    fn a_socket_is_asked_through_its_path() {
        let mut evidence = Evidence::default();
        let address = Some(&b"unix:/run/app.sock"[..]);
        evidence.attempts.push(crate::evidence::Attempt { address, ..Default::default() });
        evidence.request.path = Some(b"/cart?a=1");
        assert_eq!(
            filled("curl -s 'http://{upstream}{path}' -H 'Host: {authority}'", &evidence, true),
            "curl --unix-socket /run/app.sock -s 'http://localhost/cart?a=1' -H 'Host: NAME'"
        );
        assert_eq!(filled("ss -lx src {host}", &evidence, true), "ss -lx src HOST");
    }

    #[test]
    fn every_command_of_the_catalogue_stays_whole() {
        let mut evidence = Evidence::default();
        evidence.request.path = Some(b"/a;reboot");
        for check in Cause::ALL.iter().flat_map(|cause| cause.advice().checks) {
            let run = filled(check.run, &evidence, true);
            let apostrophes = |text: &str| text.matches('\'').count();
            let added = apostrophes(&run) - apostrophes(check.run);
            assert_eq!(added % 2, 0, "{run}");
            let inner = check.run.contains("{path}'");
            assert!(!inner || !run.contains("'/a;reboot''"), "{run}");
        }
    }
}
