//! Why a call could not be answered.

use alloc::string::{String, ToString};
use thiserror::Error;
use why502::builder::FactsError;

/// Why a call could not be answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Trouble {
    /// There is nothing, or only blanks.
    #[error("there is no evidence: the input is empty")]
    Empty,
    /// There is no such fault and no such cause.
    #[error("there is no fault or cause \"{id}\", such as \"{nearest}\"")]
    UnknownId {
        /// What was asked for.
        id: String,
        /// What looks most like it.
        nearest: &'static str,
    },
    /// The facts are none.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// What is to be rendered is no diagnosis.
    #[error("expected a diagnosis: {0}")]
    NoDiagnosis(String),
    /// What the core says cannot be written as JSON.
    #[error("the answer cannot be written: {0}")]
    Unwritten(String),
}

impl Trouble {
    /// A word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::UnknownId { .. } => "unknown-id",
            Self::Facts(_) | Self::NoDiagnosis(_) => "bad-input",
            Self::Unwritten(_) => "internal",
        }
    }
}

/// An answer as JSON, where it could be written.
pub(crate) fn written<T, E: ToString>(json: Result<T, E>) -> Result<T, Trouble> {
    json.map_err(|error| Trouble::Unwritten(error.to_string()))
}
