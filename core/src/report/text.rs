//! Text for a terminal, and for the person in front of it: the likeliest first, in ten seconds.

use super::escape::terminal;
use super::view::{CauseView, CheckView, EvidenceView, RemedyView, UpstreamView, setting_view};
use super::{DiagnosisView, FindingView, SummaryView};
use crate::causes::Case;
use crate::dialects::DIALECTS;
use crate::evidence::Evidence;
use crate::incident::Summary;
use crate::infer::infer;
use crate::vocabulary::{Cause, Confidence, Fault};
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

const LABEL: usize = 10;

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

    /// Text wrapped at the width, the following lines indented; the cursor stands at the indent.
    fn wrapped(&mut self, ink: Ink, text: &str, indent: usize) {
        let room = self.look.width.saturating_sub(indent).max(20);
        for (at, line) in wrap(text, room).iter().enumerate() {
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
    let failed = view.fault != Fault::None;
    page.ink(if failed { Ink::Bad } else { Ink::Good }, view.fault.id());
    page.line(Ink::Faint, &format!("  {} sure", percent(view.certainty)));
    page.indented(Ink::Plain, view.fault.meaning(), 2);
    for candidate in &view.candidates {
        let text = format!("{} ({})", candidate.id, percent(candidate.certainty));
        page.labelled("or", Ink::Plain, &text);
    }
    page.labelled("exchange", Ink::Plain, &exchange(view));
    for (at, quote) in view.evidence.iter().take(look.at_most(4)).enumerate() {
        page.labelled(if at == 0 { "evidence" } else { "" }, Ink::Plain, &cited(quote));
    }
    if failed {
        causes(&mut page, &view.causes);
        checks(&mut page, &view.checks);
        remedies(&mut page, &view.remedies);
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

fn cited(quote: &EvidenceView) -> String {
    let place = match (&quote.file, quote.line) {
        (Some(file), Some(line)) => format!("{}:{line}  ", terminal(file)),
        (None, Some(line)) => format!("line {line}  "),
        _ => String::new(),
    };
    format!("{place}{}", terminal(&quote.quote))
}

fn causes(page: &mut Page, causes: &[CauseView]) {
    let few = page.look.at_most(3);
    for (at, cause) in causes.iter().take(few).enumerate() {
        let title = cause.id.advice().title;
        let text = format!("{:>4}  {title}  ({})", percent(cause.confidence), cause.id);
        page.labelled(if at == 0 { "why" } else { "" }, ink_of(at), &text);
        // What speaks for the first is worth reading; the others are alternatives.
        let reasons = if at == 0 { page.look.at_most(3) } else { page.look.at_most(1) };
        for reason in cause.because.iter().take(reasons) {
            page.indented(Ink::Faint, &terminal(reason).to_string(), LABEL + 8);
        }
    }
}

const fn ink_of(at: usize) -> Ink {
    if at == 0 { Ink::Strong } else { Ink::Plain }
}

fn checks(page: &mut Page, checks: &[CheckView]) {
    let few = page.look.at_most(3);
    for (at, check) in checks.iter().take(few).enumerate() {
        page.labelled(
            if at == 0 { "check" } else { "" },
            Ink::Strong,
            &terminal(&check.run).to_string(),
        );
        page.indented(Ink::Plain, check.outcome, LABEL + 4);
    }
}

fn remedies(page: &mut Page, remedies: &[RemedyView]) {
    let Some(first) = remedies.first().map(|remedy| remedy.cause) else { return };
    // What cures the likeliest cause; a setting with a value of its own comes first.
    let mut shown: Vec<&RemedyView> =
        remedies.iter().filter(|remedy| page.look.all || remedy.cause == first).collect();
    let valued = |remedy: &&RemedyView| {
        remedy.setting.as_ref().is_none_or(|setting| setting.value.is_none())
    };
    shown.sort_by_key(valued);
    let few = page.look.at_most(4);
    for (at, remedy) in shown.into_iter().take(few).enumerate() {
        let note = if remedy.stopgap { " (buys time only)" } else { "" };
        let text = format!("{}{note}", remedy.does);
        page.labelled(if at == 0 { "change" } else { "" }, Ink::Plain, &text);
    }
}

fn prevention(page: &mut Page, prevention: &[&str]) {
    let few = page.look.at_most(1);
    for (at, sentence) in prevention.iter().take(few).enumerate() {
        page.labelled(if at == 0 { "prevent" } else { "" }, Ink::Plain, sentence);
    }
}

/// A summary of many exchanges.
#[must_use]
pub fn summary_text(view: &SummaryView, summary: &Summary, look: Look) -> String {
    let mut page = Page::new(look);
    head(&mut page, view, summary);
    for (at, finding) in view.findings.iter().enumerate() {
        page.end();
        finding_text(&mut page, at + 1, finding, at == 0 || look.all);
    }
    if !view.findings.is_empty() && !look.all {
        page.end();
        page.line(
            Ink::Faint,
            "More of a fault or cause: why502 explain ID. Everything found here: --verbose.",
        );
    }
    page.out
}

fn head(page: &mut Page, view: &SummaryView, summary: &Summary) {
    let read = &view.read;
    let mut dialects: Vec<&str> = read.files.iter().filter_map(|file| file.dialect).collect();
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
        text.push_str(&format!(", {first} to {last}"));
    }
    if read.not_understood > 0 {
        text.push_str(&format!("; {} not understood", thousands(read.not_understood)));
    }
    page.line(Ink::Plain, &format!("{text}."));
    let exchanges = &view.exchanges;
    let failed = format!("{} failed", thousands(exchanges.failed));
    page.ink(if exchanges.failed > 0 { Ink::Bad } else { Ink::Good }, &failed);
    let mut text = match exchanges.total {
        Some(total) => format!(
            " of {} ({})",
            plural(total, "exchange", "exchanges"),
            percent(Confidence::share(exchanges.failed, total))
        ),
        None => String::new(),
    };
    for (count, what) in
        [(exchanges.client, "ended by the client"), (exchanges.denied, "denied by a policy")]
    {
        if count > 0 {
            text.push_str(&format!(", {} {what}", thousands(count)));
        }
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
        let (half, most) = (half.min(longest), most.min(longest));
        text.push_str(&format!(
            ". Half took {half} or less, 99 % {most} or less, the longest {longest}"
        ));
    }
    page.line(Ink::Faint, &format!("{text}."));
}

fn finding_text(page: &mut Page, number: usize, finding: &FindingView, whole: bool) {
    page.ink(Ink::Bad, &format!("{number}. {}", finding.fault));
    let mut text = format!(
        "  {} ({})",
        plural(finding.count, "exchange", "exchanges"),
        percent(finding.share)
    );
    match (&finding.first, &finding.last) {
        (Some(first), Some(last)) if first == last => text.push_str(&format!(", at {first}")),
        (Some(first), Some(last)) => text.push_str(&format!(", from {first} to {last}")),
        _ => {}
    }
    page.line(Ink::Plain, &text);
    if whole {
        page.indented(Ink::Plain, finding.fault.meaning(), 2);
    }
    upstreams(page, finding);
    for (at, quote) in finding.evidence.iter().take(if whole { 2 } else { 1 }).enumerate() {
        page.labelled(if at == 0 { "began" } else { "" }, Ink::Plain, &cited(quote));
    }
    if whole {
        causes(page, &finding.causes);
        checks(page, &finding.checks);
        remedies(page, &finding.remedies);
        prevention(page, &finding.prevention);
        return;
    }
    causes(page, finding.causes.get(..1).unwrap_or_default());
    checks(page, finding.checks.get(..1).unwrap_or_default());
    remedies(page, finding.remedies.get(..1).unwrap_or_default());
}

fn upstreams(page: &mut Page, finding: &FindingView) {
    const FEW: usize = 4;
    let few = page.look.at_most(FEW);
    let mut text: Vec<String> = finding
        .upstreams
        .iter()
        .take(few)
        .map(|upstream| format!("{} ({})", terminal(&upstream.address), thousands(upstream.count)))
        .collect();
    if finding.upstreams.len() > few {
        text.push(format!("and {} more", finding.upstreams.len() - few));
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
        let text = format!("{side}: {}", tell.says);
        page.labelled(if at == 0 { "tells" } else { "" }, Ink::Plain, &text);
    }
    for (at, check) in advice.checks.iter().enumerate() {
        page.labelled(if at == 0 { "check" } else { "" }, Ink::Strong, check.run);
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
    for dialect in DIALECTS {
        let settings = dialect.settings.iter().filter(|setting| setting.cures.contains(&cause));
        for (at, setting) in settings.enumerate() {
            let nothing = Evidence::default();
            let Some(view) = setting_view(dialect.gateway, setting, &nothing) else { continue };
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
        let text = format!("{:>4}  {}  ({cause})", percent(share), cause.advice().title);
        page.labelled(if at == 0 { "causes" } else { "" }, Ink::Plain, &text);
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
    fn prose_is_wrapped_at_blanks() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("aaaaaaa b", 5), ["aaaaaaa", "b"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(thousands(1904).to_string(), "1,904");
        assert_eq!(thousands(12).to_string(), "12");
        assert_eq!(percent(Confidence::share(1, 3000)), "<1 %");
    }
}
