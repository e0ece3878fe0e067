//! JSON, as `schema/` describes it.

use super::{CatalogueView, DiagnosisView, ExplanationView, SummaryView, reread};
use alloc::string::String;

/// One diagnosis as one line of JSON.
///
/// # Errors
/// None that is known: the shape holds nothing that JSON cannot.
pub fn diagnosis_json(view: &DiagnosisView) -> Result<String, serde_json::Error> {
    serde_json::to_string(view)
}

/// A diagnosis that was written as JSON, to be rendered again.
///
/// # Errors
/// Where it is no JSON, with the line and column; where it is no diagnosis, with the field
/// (`causes[1].confidence`), and what was expected there.
pub fn diagnosis_from_json(json: &[u8]) -> Result<DiagnosisView, serde_json::Error> {
    reread::diagnosis(serde_json::from_slice(json)?)
        .map_err(|wrong| serde::de::Error::custom(format_args!("{}: {}", wrong.path(), wrong.what)))
}

/// A summary as JSON for people and programs, indented.
///
/// # Errors
/// None that is known: the shape holds nothing that JSON cannot.
pub fn summary_json(view: &SummaryView) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(view)
}

/// A fault or a cause in full as one line of JSON.
///
/// # Errors
/// None that is known: the shape holds nothing that JSON cannot.
pub fn explanation_json(view: &ExplanationView) -> Result<String, serde_json::Error> {
    serde_json::to_string(view)
}

/// What there is to explain as one line of JSON.
///
/// # Errors
/// None that is known: the shape holds nothing that JSON cannot.
pub fn catalogue_json(view: &CatalogueView) -> Result<String, serde_json::Error> {
    serde_json::to_string(view)
}
