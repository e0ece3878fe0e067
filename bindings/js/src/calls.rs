//! Calls that are answered at once.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use why502::builder::Facts;
use why502::incident::{LONGEST_PASTE, Single};
use why502::reader::Reader;
use why502::report::{
    CatalogueView, DiagnosisView, ExplanationView, catalogue_json, catalogue_places,
    diagnosis_from_json, diagnosis_html, diagnosis_json, diagnosis_markdown, explanation_json,
};
use why502::vocabulary::nearest;
use why502::{Cause, Fault};

use crate::trouble::{Trouble, written};

/// The diagnosis of text about one exchange, as JSON.
///
/// # Errors
/// [`Trouble::Empty`] where it holds nothing.
pub fn diagnose(text: &[u8], year: Option<u16>, name: String) -> Result<String, Trouble> {
    if text.trim_ascii().is_empty() {
        return Err(Trouble::Empty);
    }
    // The end of what is too long is not looked at.
    let text = text.get(..LONGEST_PASTE).unwrap_or(text);
    let mut single = Single::new();
    single.add(&mut Reader::new(0).year(year), text, 0);
    let evidence = single.evidence();
    let names = [name];
    let view = DiagnosisView::new(&evidence, &why502::diagnose(&evidence), &names);
    written(diagnosis_json(&view))
}

/// The diagnosis of facts, which are JSON, as JSON.
///
/// # Errors
/// [`Trouble::Facts`] where they are none.
pub fn facts(json: &str) -> Result<String, Trouble> {
    let facts: Facts = json.parse()?;
    let evidence = facts.evidence();
    let view = DiagnosisView::new(&evidence, &why502::diagnose(&evidence), &[]);
    written(diagnosis_json(&view))
}

/// What an id names, a fault and a cause one a line, as JSON.
///
/// # Errors
/// [`Trouble::UnknownId`].
pub fn explain(id: &str) -> Result<String, Trouble> {
    let id = id.to_ascii_lowercase();
    let pages = ExplanationView::of(&id);
    if pages.is_empty() {
        let known = Fault::ALL.iter().map(|fault| fault.id());
        let known: Vec<&str> = known.chain(Cause::ALL.iter().map(|cause| cause.id())).collect();
        return Err(Trouble::UnknownId { nearest: nearest(&id, &known), id });
    }
    let lines: Result<Vec<String>, _> = pages.iter().map(explanation_json).collect();
    Ok(written(lines)?.join("\n"))
}

/// What there is to explain, as JSON.
///
/// # Errors
/// None that is known.
pub fn list() -> Result<String, Trouble> {
    written(catalogue_json(&CatalogueView::new()))
}

/// A diagnosis, which is JSON, for tickets.
///
/// # Errors
/// [`Trouble::NoDiagnosis`] where it is none.
pub fn markdown(diagnosis: &[u8]) -> Result<String, Trouble> {
    Ok(diagnosis_markdown(&seen(diagnosis)?))
}

/// A diagnosis, which is JSON, for pages: escaped.
///
/// # Errors
/// [`Trouble::NoDiagnosis`] where it is none.
pub fn html(diagnosis: &[u8]) -> Result<String, Trouble> {
    Ok(diagnosis_html(&seen(diagnosis)?))
}

fn seen(diagnosis: &[u8]) -> Result<DiagnosisView, Trouble> {
    let view = diagnosis_from_json(diagnosis);
    view.map_err(|error| Trouble::NoDiagnosis(error.to_string()))
}

/// Where the catalogue is in memory, an address and a size a line, for whoever builds the package.
#[must_use]
pub fn places() -> String {
    let mut lines = String::new();
    catalogue_places(&mut |at, size| lines += &format!("{at} {size}\n"));
    lines
}
