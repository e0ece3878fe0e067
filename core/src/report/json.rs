//! JSON, as `schema/` describes it.

use super::{DiagnosisView, SummaryView};
use alloc::string::String;

/// One diagnosis as one line of JSON.
///
/// # Errors
/// None that is known: the shape holds nothing that JSON cannot.
pub fn diagnosis_json(view: &DiagnosisView) -> Result<String, serde_json::Error> {
    serde_json::to_string(view)
}

/// A summary as JSON for people and programs, indented.
///
/// # Errors
/// None that is known: the shape holds nothing that JSON cannot.
pub fn summary_json(view: &SummaryView) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(view)
}
