//! Markdown: for tickets and chat, and for the rendered catalogue in `docs/`.

use super::escape::{markdown, markdown_code};
use super::text::{children, usual_causes};
use super::view::{CauseView, CheckView, EvidenceView, RemedyView, setting_view, unfilled};
use super::{DiagnosisView, SummaryView};
use crate::dialects::DIALECTS;
use crate::evidence::Evidence;
use crate::vocabulary::{Cause, Fault};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// One diagnosis.
#[must_use]
pub fn diagnosis_markdown(view: &DiagnosisView) -> String {
    let mut out =
        format!("## `{}` ({} sure)\n\n{}\n\n", view.fault, view.certainty, view.fault.meaning());
    for candidate in &view.candidates {
        out.push_str(&format!("- or `{}` ({})\n", candidate.id, candidate.certainty));
    }
    let mut facts: Vec<String> = Vec::new();
    facts.extend(view.gateway.map(|gateway| gateway.id().into()));
    facts.extend(view.at.as_deref().map(|at| markdown(at).to_string()));
    facts.extend(view.status.map(|status| format!("status {status}")));
    if let Some(request) = &view.request {
        let parts = [&request.method, &request.authority, &request.path];
        let text: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        facts.push(markdown_code(&text.join(" ")).to_string());
    }
    let upstream = view.upstream.as_ref().and_then(|upstream| upstream.address.as_deref());
    facts.extend(upstream.map(|address| format!("upstream {}", markdown_code(address))));
    out.push_str(&format!("{}\n\n", facts.join(", ")));
    evidence(&mut out, &view.evidence);
    if view.fault != Fault::None {
        advice(&mut out, &view.causes, &view.checks, &view.remedies, &view.prevention);
    }
    out
}

/// A summary.
#[must_use]
pub fn summary_markdown(view: &SummaryView) -> String {
    let exchanges = &view.exchanges;
    let mut out = String::from("# What failed\n\n");
    out.push_str(&format!("{} lines read", view.read.lines));
    if view.read.not_understood > 0 {
        out.push_str(&format!(", {} not understood", view.read.not_understood));
    }
    if let Some(total) = exchanges.total {
        out.push_str(&format!("; {total} exchanges"));
    }
    out.push_str(&format!(
        ": {} failed, {} ended by the client, {} denied",
        exchanges.failed, exchanges.client, exchanges.denied
    ));
    if exchanges.events > 0 {
        let events = exchanges.events;
        out.push_str(&format!("; {events} events of the gateway or its upstreams beside"));
    }
    out.push_str(".\n\n");
    for finding in &view.findings {
        out.push_str(&format!(
            "## `{}`: {}\n\n{}\n\n",
            finding.fault,
            finding.count + finding.events,
            finding.fault.meaning()
        ));
        if let (Some(first), Some(last)) = (&finding.first, &finding.last) {
            out.push_str(&format!("From {first} to {last}.\n\n"));
        }
        for upstream in &finding.upstreams {
            out.push_str(&format!("- {}: {}\n", markdown_code(&upstream.address), upstream.count));
        }
        if finding.other_upstreams > 0 {
            out.push_str(&format!("- others: {}\n", finding.other_upstreams));
        }
        out.push('\n');
        evidence(&mut out, &finding.evidence);
        advice(&mut out, &finding.causes, &finding.checks, &finding.remedies, &finding.prevention);
    }
    out
}

fn evidence(out: &mut String, quotes: &[EvidenceView]) {
    out.push_str("### Evidence\n\n");
    for quote in quotes {
        let place = match (&quote.file, quote.line) {
            (Some(file), Some(line)) => format!("{}:{line}: ", markdown(file)),
            (None, Some(line)) => format!("line {line}: "),
            _ => String::new(),
        };
        out.push_str(&format!("- {place}{}\n", markdown_code(&quote.quote)));
    }
    out.push('\n');
}

fn advice(
    out: &mut String,
    causes: &[CauseView],
    checks: &[CheckView],
    remedies: &[RemedyView],
    prevention: &[Cow<'static, str>],
) {
    out.push_str("### Why\n\n");
    for cause in causes {
        out.push_str(&format!(
            "- **{}** (`{}`, {})\n",
            cause.id.advice().title,
            cause.id,
            cause.confidence
        ));
        for reason in &cause.because {
            out.push_str(&format!("  - {}\n", markdown(reason)));
        }
    }
    out.push_str("\n### Check\n\n");
    for check in checks {
        out.push_str(&format!("- {}\n  {}\n", markdown_code(&check.run), markdown(&check.outcome)));
    }
    out.push_str("\n### Change\n\n");
    for remedy in remedies {
        let note = if remedy.stopgap { " (buys time only)" } else { "" };
        out.push_str(&format!("- {}{note} (`{}`)\n", markdown(&remedy.does), remedy.cause));
    }
    out.push_str("\n### Prevent\n\n");
    for sentence in prevention {
        out.push_str(&format!("- {}\n", markdown(sentence)));
    }
    out.push('\n');
}

/// A cause in full: its page in the catalogue.
#[must_use]
pub fn cause_markdown(cause: Cause) -> String {
    let advice = cause.advice();
    let mut out = format!(
        "# {}\n\n`{cause}`, a cause of the category `{}`\n\n{}\n",
        advice.title,
        cause.category(),
        advice.meaning
    );
    section(&mut out, "Faults that it can stand behind");
    for (fault, _) in cause.why().faults {
        out.push_str(&format!("- [`{fault}`](../faults/{fault}.md)\n"));
    }
    section(&mut out, "What speaks for it, and against");
    for tell in cause.why().tells {
        let side = if tell.weight > 0 { "for" } else { "against" };
        out.push_str(&format!("- {side}: {}\n", markdown(tell.says())));
    }
    section(&mut out, "Check");
    for check in advice.checks {
        let tells: Vec<String> = check.tells.iter().map(|cause| format!("`{cause}`")).collect();
        out.push_str(&format!(
            "- {}  \n  {} Tells apart: {}.\n",
            markdown_code(&unfilled(check.run)),
            markdown(check.outcome),
            tells.join(", ")
        ));
    }
    section(&mut out, "Change");
    for remedy in advice.remedies {
        let note = if remedy.stopgap { " (buys time only)" } else { "" };
        out.push_str(&format!("- {}{note}\n", markdown(remedy.does)));
    }
    for dialect in DIALECTS.iter() {
        let mut settings =
            dialect.settings.iter().filter(|setting| setting.cures.contains(&cause)).peekable();
        if settings.peek().is_some() {
            section(&mut out, &format!("Settings of {}", dialect.name));
        }
        for setting in settings {
            let nothing = Evidence::default();
            let view = dialect.gateway.and_then(|gateway| setting_view(gateway, setting, &nothing));
            let Some(view) = view else { continue };
            out.push_str(&format!(
                "- [{}]({}): {} {}\n",
                markdown_code(setting.name),
                setting.link,
                markdown(setting.governs),
                markdown(&view.advice)
            ));
        }
    }
    section(&mut out, "Prevent");
    for sentence in advice.prevention {
        out.push_str(&format!("- {}\n", markdown(sentence)));
    }
    section(&mut out, "Sources");
    for source in advice.sources {
        out.push_str(&format!("- {source}\n"));
    }
    out
}

/// A fault in full: its page in the catalogue.
#[must_use]
pub fn fault_markdown(fault: Fault) -> String {
    let mut out = format!(
        "# `{fault}`\n\nA fault of the phase `{}`.\n\n{}\n",
        fault.phase(),
        markdown(fault.meaning())
    );
    section(&mut out, "In other words");
    if let Some(parent) = fault.parent() {
        out.push_str(&format!("- a kind of [`{parent}`]({parent}.md)\n"));
    }
    for child in children(fault) {
        out.push_str(&format!("- more exactly [`{child}`]({child}.md)\n"));
    }
    out.push_str(&format!("- RFC 9209: `{}`\n", fault.proxy_error().unwrap_or("no error type")));
    out.push_str(&format!("- Network Error Logging: `{}`\n", fault.nel().unwrap_or("no type")));
    section(&mut out, "Causes, before any evidence");
    for (cause, share) in usual_causes(fault) {
        out.push_str(&format!(
            "- {share} [{}](../causes/{cause}.md) (`{cause}`)\n",
            cause.advice().title
        ));
    }
    out
}

fn section(out: &mut String, title: &str) {
    out.push_str(&format!("\n## {title}\n\n"));
}
