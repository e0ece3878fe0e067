//! HTML: a fragment of sections and lists, without style or script, to stand in any page.

use super::escape::html;
use super::view::{CauseView, CheckView, EvidenceView, RemedyView};
use super::{DiagnosisView, SummaryView};
use crate::vocabulary::Fault;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt::Display;

/// One diagnosis.
#[must_use]
pub fn diagnosis_html(view: &DiagnosisView) -> String {
    let mut out = format!(
        "<article class=\"why502\">\n<h2><code>{}</code></h2>\n<p>{} Certainty {}.</p>\n",
        view.fault,
        html(view.fault.meaning()),
        view.certainty
    );
    list(
        &mut out,
        "",
        view.candidates
            .iter()
            .map(|candidate| format!("or <code>{}</code> ({})", candidate.id, candidate.certainty)),
    );
    if let Some(at) = &view.at {
        out.push_str(&format!("<p>At <time>{}</time>.</p>\n", html(at)));
    }
    evidence(&mut out, &view.evidence);
    if view.fault != Fault::None {
        advice(&mut out, &view.causes, &view.checks, &view.remedies, &view.prevention);
    }
    out.push_str("</article>\n");
    out
}

/// A summary.
#[must_use]
pub fn summary_html(view: &SummaryView) -> String {
    let exchanges = &view.exchanges;
    let mut out = format!(
        "<article class=\"why502\">\n<p>{} lines read; {} exchanges failed, {} were ended by the \
         client, {} denied; {} events of the gateway or its upstreams.</p>\n",
        view.read.lines, exchanges.failed, exchanges.client, exchanges.denied, exchanges.events
    );
    for finding in &view.findings {
        out.push_str(&format!(
            "<section>\n<h2><code>{}</code>: {}</h2>\n<p>{}</p>\n",
            finding.fault,
            finding.count + finding.events,
            html(finding.fault.meaning())
        ));
        if let (Some(first), Some(last)) = (&finding.first, &finding.last) {
            let (first, last) = (html(first), html(last));
            out.push_str(&format!("<p><time>{first}</time> to <time>{last}</time>.</p>\n"));
        }
        let others = Some(finding.other_upstreams).filter(|count| *count > 0);
        let upstreams = finding.upstreams.iter().map(|upstream| {
            format!("<code>{}</code>: {}", html(&upstream.address), upstream.count)
        });
        let others = others.map(|count| format!("others: {count}"));
        list(&mut out, "Upstreams", upstreams.chain(others));
        evidence(&mut out, &finding.evidence);
        advice(&mut out, &finding.causes, &finding.checks, &finding.remedies, &finding.prevention);
        out.push_str("</section>\n");
    }
    out.push_str("</article>\n");
    out
}

fn evidence(out: &mut String, quotes: &[EvidenceView]) {
    list(
        out,
        "Evidence",
        quotes.iter().map(|quote| {
            let file = quote.file.as_deref().unwrap_or("");
            let line = quote.line.map(|line| format!(":{line} ")).unwrap_or_default();
            format!("{}{line}<code>{}</code>", html(file), html(&quote.quote))
        }),
    );
}

fn advice(
    out: &mut String,
    causes: &[CauseView],
    checks: &[CheckView],
    remedies: &[RemedyView],
    prevention: &[Cow<'static, str>],
) {
    list(
        out,
        "Why",
        causes.iter().map(|cause| {
            let reasons: String =
                cause.because.iter().map(|reason| format!("<li>{}</li>", html(reason))).collect();
            format!(
                "<strong>{}</strong> (<code>{}</code>, {})<ul>{reasons}</ul>",
                html(cause.id.advice().title),
                cause.id,
                cause.confidence
            )
        }),
    );
    list(
        out,
        "Check",
        checks
            .iter()
            .map(|check| format!("<code>{}</code><br>{}", html(&check.run), html(&check.outcome))),
    );
    list(
        out,
        "Change",
        remedies.iter().map(|remedy| {
            let note = if remedy.stopgap { " (buys time only)" } else { "" };
            format!("{}{note}", html(&remedy.does))
        }),
    );
    list(out, "Prevent", prevention.iter().map(|sentence| html(sentence)));
}

fn list(out: &mut String, title: &str, items: impl Iterator<Item = impl Display>) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return;
    }
    if !title.is_empty() {
        out.push_str(&format!("<h3>{title}</h3>\n"));
    }
    out.push_str("<ul>\n");
    for item in items {
        out.push_str(&format!("<li>{item}</li>\n"));
    }
    out.push_str("</ul>\n");
}
