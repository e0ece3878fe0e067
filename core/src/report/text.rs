//! Text for a terminal, and for the person in front of it: the likeliest first, in ten seconds.

use super::escape::terminal;
use super::view::{
    CauseView, CheckView, EvidenceView, OPEN, RemedyView, USUAL, UpstreamView, setting_view,
    unfilled,
};
use super::{DiagnosisView, FindingView, SummaryView};
use crate::causes::Case;
use crate::diagnosis::Outcome;
use crate::dialects::DIALECTS;
use crate::evidence::Evidence;
use crate::incident::Summary;
use crate::infer::infer;
use crate::vocabulary::{Cause, Confidence, Fault};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// How a text report looks.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Look {
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// The width that prose is wrapped to, in letters.
    pub width: usize,
    /// Whether to show every cause, check and remedy instead of the first ones.
    pub all: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { colour: false, width: 100, all: false }
    }
}

impl Look {
    /// With colours or without.
    #[must_use]
    pub const fn colour(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }

    /// Wrapped to so many letters.
    #[must_use]
    pub const fn width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }

    /// Everything, or the first of each.
    #[must_use]
    pub const fn all(mut self, all: bool) -> Self {
        self.all = all;
        self
    }

    const fn at_most(self, few: usize) -> usize {
        if self.all { usize::MAX } else { few }
    }
}

/// The weight of a piece of text.
#[derive(Clone, Copy)]
enum Ink {
    Plain,
    Strong,
    Faint,
    Bad,
    Good,
}

/// A page that is being written.
struct Page {
    look: Look,
    out: String,
}

/// The width of the labels' column.
const LABEL: usize = 10;
/// Another fault that the evidence allows is shown from this certainty on.
const LEAST_CANDIDATE: Confidence = Confidence::percent(5);

impl Page {
    const fn new(look: Look) -> Self {
        Self { look, out: String::new() }
    }

    fn ink(&mut self, ink: Ink, text: &str) {
        let code = match ink {
            Ink::Strong => "1",
            Ink::Faint => "2",
            Ink::Bad => "1;31",
            Ink::Good => "32",
            Ink::Plain => "",
        };
        if self.look.colour && !code.is_empty() {
            self.out.push_str(&format!("\u{1b}[{code}m{text}\u{1b}[0m"));
        } else {
            self.out.push_str(text);
        }
    }

    fn line(&mut self, ink: Ink, text: &str) {
        self.ink(ink, text);
        self.end();
    }

    fn end(&mut self) {
        self.out.push('\n');
    }

    /// A label, and text that is wrapped beside it.
    fn labelled(&mut self, label: &str, ink: Ink, text: &str) {
        let label = format!("  {label:<LABEL$}");
        self.ink(Ink::Faint, &label);
        self.wrapped(ink, text, LABEL + 2);
    }

    /// A label, and text beside it that is not wrapped.
    fn unwrapped(&mut self, label: &str, ink: Ink, text: &str) {
        let label = format!("  {label:<LABEL$}");
        self.ink(Ink::Faint, &label);
        self.line(ink, text);
    }

    /// A label, and a cause with its share.
    fn share(&mut self, label: &str, ink: Ink, share: Confidence, cause: Cause, title: &str) {
        let share = format!("{:>4}  ", percent(share));
        let label = format!("  {label:<LABEL$}");
        self.ink(Ink::Faint, &label);
        self.ink(ink, &share);
        self.wrapped(ink, &format!("{title}  ({cause})"), LABEL + 2 + share.len());
    }

    /// How many letters fit beside an indent.
    fn room(&self, indent: usize) -> usize {
        self.look.width.saturating_sub(indent).max(20)
    }

    /// Text wrapped at the width, the following lines indented; the cursor stands at the indent.
    fn wrapped(&mut self, ink: Ink, text: &str, indent: usize) {
        for (at, line) in wrap(text, self.room(indent)).iter().enumerate() {
            if at > 0 {
                self.out.push_str(&" ".repeat(indent));
            }
            self.line(ink, line);
        }
    }

    fn indented(&mut self, ink: Ink, text: &str, indent: usize) {
        self.out.push_str(&" ".repeat(indent));
        self.wrapped(ink, text, indent);
    }
}

/// Breaks text at blanks into lines of at most so many letters; a longer word stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut letters = 0;
    for word in text.split(' ') {
        let long = word.chars().count();
        if letters > 0 && letters + 1 + long > width {
            lines.push(core::mem::take(&mut line));
            letters = 0;
        }
        if letters > 0 {
            line.push(' ');
            letters += 1;
        }
        line.push_str(word);
        letters += long;
    }
    lines.push(line);
    lines
}

/// `1,904`.
fn thousands(number: u64) -> impl fmt::Display {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `17 %`, `<1 %`.
fn percent(share: Confidence) -> String {
    match share.ten_thousandths() {
        0 => "0 %".into(),
        1..=99 => "<1 %".into(),
        parts => format!("{} %", (parts + 50) / 100),
    }
}

fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// One diagnosis.
#[must_use]
pub fn diagnosis_text(view: &DiagnosisView, look: Look) -> String {
    let mut page = Page::new(look);
    let outcome = Outcome::of(view.fault);
    page.ink(ink_of(outcome), view.fault.id());
    page.line(
        Ink::Faint,
        &sure(view.fault, view.certainty).map_or_else(String::new, |sure| format!("  {sure}")),
    );
    page.indented(Ink::Plain, view.fault.meaning(), 2);
    for candidate in &view.candidates {
        if look.all || candidate.certainty >= LEAST_CANDIDATE {
            let text = format!("{} ({})", candidate.id, percent(candidate.certainty));
            page.labelled("or", Ink::Plain, &text);
        }
    }
    page.labelled("exchange", Ink::Plain, &exchange(view));
    quotes(&mut page, "evidence", &view.evidence, look.at_most(4));
    if outcome != Outcome::Healthy {
        causes(&mut page, &view.causes, look.at_most(3));
        left_open(&mut page, &view.causes, &view.checks);
        checks(&mut page, &view.checks, look.at_most(2), true);
        remedies(&mut page, &view.remedies, look.at_most(3));
        prevention(&mut page, &view.prevention);
    }
    page.out
}

fn exchange(view: &DiagnosisView) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(view.gateway.map(|gateway| gateway.id().into()));
    parts.extend(view.at.clone());
    if let Some(request) = &view.request {
        let method = request.method.as_deref().unwrap_or("");
        let authority = request.authority.as_deref().unwrap_or("");
        let path = request.path.as_deref().unwrap_or("");
        parts.push(terminal(format!("{method} {authority}{path}").trim()).to_string());
    }
    if let Some(address) = view.upstream.as_ref().and_then(|upstream| upstream.address.as_deref()) {
        parts.push(format!("upstream {}", terminal(address)));
    }
    parts.extend(view.upstream.as_ref().and_then(tries));
    parts.extend(view.status.map(|status| format!("status {status}")));
    let total = view.timings_ms.as_ref().and_then(|timings| timings.total);
    parts.extend(total.map(|millis| format!("{millis} ms")));
    if parts.is_empty() { "nothing is known of it".into() } else { parts.join(", ") }
}

fn tries(upstream: &UpstreamView) -> Option<String> {
    let count = upstream.attempts.len();
    (count > 1).then(|| format!("the last of {count} attempts"))
}

/// The quotes, equal ones together, each in two lines at most.
fn quotes(page: &mut Page, label: &str, quotes: &[EvidenceView], few: usize) {
    let mut told: Vec<(&EvidenceView, String)> = Vec::new();
    for quote in quotes {
        let line = quote.line.map(|line| line.to_string()).unwrap_or_default();
        let same = |(other, _): &&mut (&EvidenceView, String)| {
            quote.line.is_some() && other.file == quote.file && other.quote == quote.quote
        };
        match told.iter_mut().find(same) {
            Some((_, lines)) => *lines = format!("{lines}, {line}"),
            None => told.push((quote, line)),
        }
    }
    for (at, (quote, lines)) in told.iter().take(few).enumerate() {
        let place = match (&quote.file, lines.as_str()) {
            (_, "") => String::new(),
            (Some(file), lines) => format!("{}:{lines}  ", terminal(file)),
            (None, lines) => format!("line {lines}  "),
        };
        let text = format!("{place}{}", terminal(&quote.quote));
        let text = if page.look.all { text } else { clipped(&text, page.room(LABEL + 2) * 2) };
        page.labelled(if at == 0 { label } else { "" }, Ink::Plain, &text);
    }
}

/// The beginning of a text; a mark says that it goes on.
fn clipped(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters.saturating_sub(2)) {
        Some((end, _)) if text.chars().count() > letters => {
            format!("{} …", text.get(..end).unwrap_or(text).trim_end())
        }
        _ => text.into(),
    }
}

/// The causes with what speaks for them in particular.
fn causes(page: &mut Page, causes: &[CauseView], few: usize) {
    for (at, cause) in causes.iter().take(few).enumerate() {
        let title = cause.id.advice().title;
        let ink = if at == 0 { Ink::Strong } else { Ink::Plain };
        page.share(if at == 0 { "why" } else { "" }, ink, cause.confidence, cause.id, title);
        // What speaks for the first is worth reading; the others are alternatives.
        let reasons = page.look.at_most(if at == 0 { 3 } else { 1 });
        let telling = |reason: &&String| !reason.starts_with(USUAL) && !reason.starts_with(OPEN);
        for reason in cause.because.iter().filter(telling).take(reasons) {
            page.indented(Ink::Faint, &terminal(reason).to_string(), LABEL + 8);
        }
    }
}

/// Says that the evidence fits several causes, where no cause has half of it and a check tells the
/// first two apart.
fn left_open(page: &mut Page, causes: &[CauseView], checks: &[CheckView]) {
    const HALF: Confidence = Confidence::percent(50);
    let [first, second, ..] = causes else { return };
    let parts = |check: &CheckView| [first.id, second.id].iter().all(|id| check.tells.contains(id));
    if first.confidence < HALF && checks.iter().take(page.look.at_most(2)).any(parts) {
        let text = "The evidence does not tell the first two apart; a check below does.";
        page.indented(Ink::Plain, text, LABEL);
    }
}

/// The checks: a command stands in a line of its own, however long, so that it can be copied.
fn checks(page: &mut Page, checks: &[CheckView], few: usize, outcomes: bool) {
    for (at, check) in checks.iter().take(few).enumerate() {
        let label = if at == 0 { "check" } else { "" };
        let run = terminal(&check.run).to_string();
        match parted(&run) {
            (None, command) => page.unwrapped(label, Ink::Strong, command),
            (Some(""), prose) => page.labelled(label, Ink::Strong, prose),
            (Some(where_to), command) => {
                page.labelled(label, Ink::Strong, &format!("{where_to}:"));
                page.unwrapped("", Ink::Strong, command);
            }
        }
        if outcomes {
            page.indented(Ink::Plain, &terminal(&check.outcome).to_string(), LABEL + 4);
        }
    }
}

/// Parts `On the gateway: ss -s` into prose and command; prose alone has an empty first part, a
/// command alone none. Commands begin with a small letter.
fn parted(run: &str) -> (Option<&str>, &str) {
    let small = |text: &str| text.starts_with(|letter: char| letter.is_ascii_lowercase());
    match run.split_once(": ") {
        _ if small(run) => (None, run),
        Some((prose, command)) if small(command) => (Some(prose), command),
        _ => (Some(""), run),
    }
}

fn remedies(page: &mut Page, remedies: &[RemedyView], few: usize) {
    let Some(first) = remedies.first().map(|remedy| remedy.cause) else { return };
    // What cures the likeliest cause: a setting for which the evidence names a value, the first
    // remedies, the gateway's settings, and then the rest.
    const FIRST: usize = 2;
    let shown = remedies.iter().filter(|remedy| page.look.all || remedy.cause == first);
    let mut shown: Vec<(usize, &RemedyView)> = shown.enumerate().collect();
    shown.sort_by_key(|(at, remedy)| match &remedy.setting {
        Some(setting) if setting.value.is_some() => 0,
        None if *at < FIRST => 1,
        Some(_) => 2,
        None => 3,
    });
    let shown = shown.into_iter().map(|(_, remedy)| remedy);
    for (at, remedy) in shown.take(few).enumerate() {
        let note = if remedy.stopgap { " (buys time only)" } else { "" };
        let text = format!("{}{note}", remedy.does);
        page.labelled(if at == 0 { "change" } else { "" }, Ink::Plain, &text);
    }
}

/// Prevention is for the day after: shown where everything is.
fn prevention(page: &mut Page, prevention: &[Cow<'static, str>]) {
    let all = if page.look.all { prevention } else { &[] };
    for (at, sentence) in all.iter().enumerate() {
        page.labelled(if at == 0 { "prevent" } else { "" }, Ink::Plain, sentence);
    }
}

/// A summary of many exchanges: the first finding in full, the others in a few lines.
#[must_use]
pub fn summary_text(view: &SummaryView, summary: &Summary, look: Look) -> String {
    let mut page = Page::new(look);
    head(&mut page, view, summary);
    let day = common_day(summary);
    for (at, finding) in view.findings.iter().enumerate() {
        page.end();
        page.ink(ink_of(Outcome::of(finding.fault)), &format!("{}. {}", at + 1, finding.fault));
        page.line(Ink::Plain, &format!("  {}", extent(finding, day.as_deref())));
        if at == 0 || look.all {
            finding_in_full(&mut page, finding);
        } else {
            finding_in_short(&mut page, finding);
        }
    }
    if !view.findings.is_empty() && !look.all {
        page.end();
        page.line(Ink::Faint, "More: why502 explain ID tells all about one; --verbose shows all.");
    }
    page.out
}

fn head(page: &mut Page, view: &SummaryView, summary: &Summary) {
    let read = &view.read;
    let mut dialects: Vec<&str> = read.files.iter().filter_map(|file| file.dialect).collect();
    dialects.sort_unstable();
    dialects.dedup();
    let inputs = u64::try_from(read.files.len()).unwrap_or(u64::MAX);
    let mut text = format!(
        "Read {} of {}",
        plural(read.lines, "line", "lines"),
        plural(inputs, "input", "inputs")
    );
    if !dialects.is_empty() {
        text.push_str(&format!(" ({})", dialects.join(", ")));
    }
    if let Some((first, last)) = summary.period() {
        text.push_str(&format!(", {}", period(&first.to_string(), &last.to_string(), None)));
    }
    if read.not_understood > 0 {
        let count = thousands(read.not_understood);
        let hint = if page.look.all { "" } else { " (--verbose shows them)" };
        text.push_str(&format!("; {count} not understood{hint}"));
    }
    page.indented(Ink::Plain, &format!("{text}."), 0);
    if dialects.is_empty() {
        page.line(Ink::Strong, "No exchange was found in it.");
        return;
    }
    let exchanges = &view.exchanges;
    let failed = match exchanges.failed {
        0 if exchanges.events > 0 => "No exchange failed".into(),
        0 => "Nothing failed".into(),
        count => format!("{} failed", thousands(count)),
    };
    let bad = exchanges.failed + exchanges.events > 0;
    page.ink(if bad { Ink::Bad } else { Ink::Good }, &failed);
    let mut text = match exchanges.total {
        Some(total) => format!(" of {}", plural(total, "exchange", "exchanges")),
        None => String::new(),
    };
    if let (1.., Some(total)) = (exchanges.failed, exchanges.total) {
        text.push_str(&format!(" ({})", percent(Confidence::share(exchanges.failed, total))));
    }
    for (count, what) in
        [(exchanges.client, "ended by the client"), (exchanges.denied, "denied by a policy")]
    {
        if count > 0 {
            text.push_str(&format!(", {} {what}", thousands(count)));
        }
    }
    if exchanges.events > 0 {
        let events = plural(exchanges.events, "event", "events");
        text.push_str(&format!("; beside, {events} of the gateway or its upstreams"));
    }
    if exchanges.total.is_none() {
        text.push_str("; an error log does not show how many went well");
    }
    page.line(Ink::Plain, &format!("{text}."));
    statuses(page, summary);
}

fn statuses(page: &mut Page, summary: &Summary) {
    let classes: Vec<String> = (1..=5)
        .filter(|class| summary.status_class(*class) > 0)
        .map(|class| format!("{class}xx {}", thousands(summary.status_class(class))))
        .collect();
    if classes.is_empty() {
        return;
    }
    let mut text = format!("Statuses: {}", classes.join(", "));
    let times = (summary.duration_at(50), summary.duration_at(99), summary.longest());
    if let (Some(half), Some(most), Some(longest)) = times {
        text.push_str(&format!(". Half took {} or less", half.min(longest)));
        if most < longest {
            text.push_str(&format!(", 99 % {most} or less"));
        }
        text.push_str(&format!(", the longest {longest}"));
    }
    page.indented(Ink::Faint, &format!("{text}."), 0);
}

/// The day of all that was read, where it is one: then it need not be said again.
fn common_day(summary: &Summary) -> Option<String> {
    let (first, last) = summary.period()?;
    let (first, last) = (first.to_string(), last.to_string());
    let day = first.get(..DAY)?;
    last.starts_with(day).then(|| day.into())
}

/// `2026-11-24T`.
const DAY: usize = 11;

/// From one moment to another. The day is left out where it was said before.
fn period(first: &str, last: &str, day: Option<&str>) -> String {
    let short = |at: &str, day: Option<&str>| {
        day.and_then(|day| at.strip_prefix(day)).map_or_else(|| at.into(), String::from)
    };
    match (short(first, day), short(last, first.get(..DAY))) {
        _ if first == last => format!("at {}", short(first, day)),
        (first, last) => format!("{first} to {last}"),
    }
}

/// How sure a fault is; nothing can be sure to be unknown.
fn sure(fault: Fault, certainty: Confidence) -> Option<String> {
    (fault != Fault::Unknown).then(|| format!("{} sure", percent(certainty)))
}

/// From this certainty on, a summary does not say how sure a fault is.
const SURE: Confidence = Confidence::percent(90);

/// How often, and when; and how sure, where there is a doubt.
fn extent(finding: &FindingView, day: Option<&str>) -> String {
    let mut parts = Vec::new();
    if finding.count > 0 || finding.events == 0 {
        let count = plural(finding.count, "exchange", "exchanges");
        parts.push(format!("{count} ({})", percent(finding.share)));
    }
    if finding.events > 0 {
        parts.push(plural(finding.events, "event", "events"));
    }
    if let (Some(first), Some(last)) = (&finding.first, &finding.last) {
        parts.push(period(first, last, day));
    }
    if finding.certainty < SURE {
        parts.extend(sure(finding.fault, finding.certainty));
    }
    parts.join(", ")
}

fn finding_in_full(page: &mut Page, finding: &FindingView) {
    page.indented(Ink::Plain, finding.fault.meaning(), 2);
    upstreams(page, finding);
    quotes(page, "began", &finding.evidence, page.look.at_most(2));
    causes(page, &finding.causes, page.look.at_most(3));
    left_open(page, &finding.causes, &finding.checks);
    checks(page, &finding.checks, page.look.at_most(2), true);
    remedies(page, &finding.remedies, page.look.at_most(3));
    prevention(page, &finding.prevention);
}

fn finding_in_short(page: &mut Page, finding: &FindingView) {
    upstreams(page, finding);
    quotes(page, "began", &finding.evidence, 1);
    // A second cause is named where it is nearly as likely as the first.
    let first = finding.causes.first().map_or(0, |cause| cause.confidence.ten_thousandths());
    let close = |cause: &&CauseView| cause.confidence.ten_thousandths() * 3 >= first * 2;
    let few = finding.causes.iter().take_while(close).count().min(2);
    causes(page, &finding.causes, few);
    if Outcome::of(finding.fault) == Outcome::Failed {
        checks(page, &finding.checks, 1, false);
        remedies(page, &finding.remedies, 1);
    }
}

const fn ink_of(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Healthy => Ink::Good,
        Outcome::Failed => Ink::Bad,
        Outcome::Client | Outcome::Denied => Ink::Strong,
    }
}

fn upstreams(page: &mut Page, finding: &FindingView) {
    const FEW: usize = 4;
    let few = page.look.at_most(FEW);
    let mut text: Vec<String> = finding
        .upstreams
        .iter()
        .take(few)
        .map(|upstream| match upstream.count == finding.count + finding.events {
            true => terminal(&upstream.address).to_string(),
            false => format!("{} ({})", terminal(&upstream.address), thousands(upstream.count)),
        })
        .collect();
    if finding.upstreams.len() > few {
        text.push(format!("and {} more", finding.upstreams.len() - few));
    }
    if finding.other_upstreams > 0 {
        text.push(format!("and others ({})", thousands(finding.other_upstreams)));
    }
    if !text.is_empty() {
        page.labelled("upstream", Ink::Plain, &text.join(", "));
    }
}

/// A cause in full.
#[must_use]
pub fn cause_text(cause: Cause, look: Look) -> String {
    let mut page = Page::new(look);
    let advice = cause.advice();
    page.ink(Ink::Strong, cause.id());
    page.line(Ink::Plain, &format!("  {} (cause, {})", advice.title, cause.category()));
    page.indented(Ink::Plain, advice.meaning, 2);
    let faults: Vec<&str> = cause.why().faults.iter().map(|(fault, _)| fault.id()).collect();
    page.labelled("behind", Ink::Plain, &faults.join(", "));
    for (at, tell) in cause.why().tells.iter().enumerate() {
        let side = if tell.weight > 0 { "for it" } else { "against it" };
        let text = format!("{side}: {}", tell.says());
        page.labelled(if at == 0 { "tells" } else { "" }, Ink::Plain, &text);
    }
    for (at, check) in advice.checks.iter().enumerate() {
        page.labelled(if at == 0 { "check" } else { "" }, Ink::Strong, &unfilled(check.run));
        page.indented(Ink::Plain, check.outcome, LABEL + 4);
    }
    for (at, remedy) in advice.remedies.iter().enumerate() {
        let note = if remedy.stopgap { " (buys time only)" } else { "" };
        page.labelled(
            if at == 0 { "change" } else { "" },
            Ink::Plain,
            &format!("{}{note}", remedy.does),
        );
    }
    for dialect in DIALECTS.iter() {
        let settings = dialect.settings.iter().filter(|setting| setting.cures.contains(&cause));
        for (at, setting) in settings.enumerate() {
            let nothing = Evidence::default();
            let view = dialect.gateway.and_then(|gateway| setting_view(gateway, setting, &nothing));
            let Some(view) = view else { continue };
            let text = format!("{} {} {}", view.name, view.advice, setting.link);
            page.labelled(if at == 0 { dialect.name } else { "" }, Ink::Plain, &text);
        }
    }
    for (at, sentence) in advice.prevention.iter().enumerate() {
        page.labelled(if at == 0 { "prevent" } else { "" }, Ink::Plain, sentence);
    }
    for (at, source) in advice.sources.iter().enumerate() {
        page.labelled(if at == 0 { "sources" } else { "" }, Ink::Faint, source);
    }
    page.out
}

/// A fault in full.
#[must_use]
pub fn fault_text(fault: Fault, look: Look) -> String {
    let mut page = Page::new(look);
    page.ink(Ink::Bad, fault.id());
    page.line(Ink::Plain, &format!("  (fault, phase {})", fault.phase()));
    page.indented(Ink::Plain, fault.meaning(), 2);
    if let Some(parent) = fault.parent() {
        page.labelled("a kind of", Ink::Plain, parent.id());
    }
    let children: Vec<&str> = children(fault).map(Fault::id).collect();
    if !children.is_empty() {
        page.labelled("kinds", Ink::Plain, &children.join(", "));
    }
    if let Some(error) = fault.proxy_error() {
        page.labelled("RFC 9209", Ink::Plain, error);
    }
    if let Some(error) = fault.nel() {
        page.labelled("NEL", Ink::Plain, error);
    }
    for (at, (cause, share)) in usual_causes(fault).into_iter().enumerate() {
        let label = if at == 0 { "causes" } else { "" };
        page.share(label, Ink::Plain, share, cause, cause.advice().title);
    }
    page.out
}

/// The faults that are kinds of this one.
pub(super) fn children(fault: Fault) -> impl Iterator<Item = Fault> {
    Fault::ALL.iter().copied().filter(move |child| child.parent() == Some(fault))
}

/// The causes of a fault when nothing else is known, the likeliest first.
pub(super) fn usual_causes(fault: Fault) -> Vec<(Cause, Confidence)> {
    let nothing = Evidence::default();
    let ranking = infer(&Case::new(&nothing, fault));
    ranking.iter().map(|ranked| (ranked.cause, ranked.confidence)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_not_said_again() {
        let (first, last) = ("2026-11-24T16:42:33Z", "2026-11-24T16:43:21Z");
        assert_eq!(period(first, last, None), "2026-11-24T16:42:33Z to 16:43:21Z");
        assert_eq!(period(first, last, Some("2026-11-24T")), "16:42:33Z to 16:43:21Z");
        assert_eq!(period(first, first, Some("2026-11-24T")), "at 16:42:33Z");
        let next = "2026-11-25T00:00:00Z";
        assert_eq!(period(first, next, None), "2026-11-24T16:42:33Z to 2026-11-25T00:00:00Z");
    }

    #[test]
    fn commands_are_told_from_prose() {
        assert_eq!(parted("ss -s; uptime: no"), (None, "ss -s; uptime: no"));
        assert_eq!(parted("On the gateway: ss -s"), (Some("On the gateway"), "ss -s"));
        assert_eq!(parted("Look at the log."), (Some(""), "Look at the log."));
    }

    #[test]
    fn long_quotes_are_clipped_between_letters() {
        assert_eq!(clipped("ääää", 4), "ääää");
        assert_eq!(clipped("äääää", 4), "ää …");
    }

    #[test]
    fn prose_is_wrapped_at_blanks() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("aaaaaaa b", 5), ["aaaaaaa", "b"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(thousands(1904).to_string(), "1,904");
        assert_eq!(thousands(12).to_string(), "12");
        assert_eq!(percent(Confidence::share(1, 3000)), "<1 %");
    }
}
