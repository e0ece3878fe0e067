//! Reports in the format that was asked for.

use crate::arguments::Format;
use std::io::{self, Write};
use why502::incident::Summary;
use why502::report::{self, DiagnosisView, Look, SummaryView};

/// Prints one diagnosis of several.
pub(crate) fn each(
    out: &mut impl Write,
    view: &DiagnosisView,
    format: Format,
    look: Look,
) -> io::Result<()> {
    match format {
        Format::Text => writeln!(out, "{}", report::diagnosis_text(view, look)),
        Format::Json | Format::Ndjson => writeln!(out, "{}", report::diagnosis_json(view)?),
        Format::Markdown => writeln!(out, "{}", report::diagnosis_markdown(view)),
        Format::Html => writeln!(out, "{}", report::diagnosis_html(view)),
    }
}

/// Prints the only diagnosis.
pub(crate) fn single(
    out: &mut impl Write,
    view: &DiagnosisView,
    format: Format,
    look: Look,
) -> io::Result<()> {
    match format {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(view)?),
        Format::Text => write!(out, "{}", report::diagnosis_text(view, look)),
        Format::Ndjson | Format::Markdown | Format::Html => each(out, view, format, look),
    }
}

/// Prints a summary.
pub(crate) fn summary(
    out: &mut impl Write,
    view: &SummaryView,
    summary: &Summary,
    format: Format,
    look: Look,
) -> io::Result<()> {
    match format {
        Format::Text => write!(out, "{}", report::summary_text(view, summary, look)),
        Format::Json => writeln!(out, "{}", report::summary_json(view)?),
        Format::Ndjson => writeln!(out, "{}", serde_json::to_string(view)?),
        Format::Markdown => write!(out, "{}", report::summary_markdown(view)),
        Format::Html => write!(out, "{}", report::summary_html(view)),
    }
}
