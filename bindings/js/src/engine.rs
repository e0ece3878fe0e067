//! Calls, one at a time: an input goes in, an output comes out.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use thiserror::Error;
use why502::builder::{Facts, FactsError};
use why502::diagnose;
use why502::incident::{LONGEST_PASTE, Single};
use why502::reader::Reader;
use why502::report::{
    CatalogueView, DiagnosisView, ExplanationView, catalogue_json, catalogue_places,
    diagnosis_from_json, diagnosis_html, diagnosis_json, diagnosis_markdown, explanation_json,
    summary_json,
};
use why502::vocabulary::nearest;
use why502::{Cause, Fault};

use crate::log::Log;

/// Answers calls.
#[derive(Debug)]
pub struct Engine {
    /// Room for inputs, of which the first `end` bytes are in use.
    room: Vec<u8>,
    end: usize,
    output: Vec<u8>,
    name: String,
    log: Option<Log>,
}

/// What a diagnosis is rendered as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For tickets.
    Markdown,
    /// For pages: escaped.
    Html,
}

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
    /// No log was opened.
    #[error("no log is open")]
    NotOpen,
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
            Self::NotOpen | Self::Unwritten(_) => "internal",
        }
    }
}

impl Engine {
    /// Nothing was called yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { room: Vec::new(), end: 0, output: Vec::new(), name: String::new(), log: None }
    }

    /// Room for so many bytes of input, behind what waits there.
    pub fn room(&mut self, len: usize) -> &mut [u8] {
        let begin = self.end;
        self.end = begin.saturating_add(len);
        if self.room.len() < self.end {
            self.room.resize(self.end, 0);
        }
        self.room.get_mut(begin..self.end).unwrap_or_default()
    }

    /// What the last call said.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        &self.output
    }

    /// Puts out a trouble: its code in the first line, then what it says.
    pub fn tell(&mut self, trouble: &Trouble) {
        self.end = 0;
        self.output.clear();
        for part in [trouble.code(), "\n", &trouble.to_string()] {
            self.output.extend_from_slice(part.as_bytes());
        }
    }

    /// The input, which is used up.
    fn input(&mut self) -> &[u8] {
        let end = core::mem::take(&mut self.end);
        self.output.clear();
        self.room.get(..end).unwrap_or_default()
    }

    /// Takes the input for the name of the next one.
    ///
    /// # Errors
    /// None.
    pub fn name(&mut self) -> Result<(), Trouble> {
        self.name = String::from_utf8_lossy(self.input()).into_owned();
        Ok(())
    }

    /// Puts out the diagnosis of the input, which is text about one exchange; a year of 0 is none.
    ///
    /// # Errors
    /// [`Trouble::Empty`] where it holds nothing.
    pub fn diagnose(&mut self, year: u32) -> Result<(), Trouble> {
        let names = [core::mem::take(&mut self.name)];
        let text = self.input();
        if text.trim_ascii().is_empty() {
            return Err(Trouble::Empty);
        }
        // The end of what is too long is not looked at.
        let text = text.get(..LONGEST_PASTE).unwrap_or(text);
        let mut single = Single::new();
        single.add(&mut Reader::new(0).year(year_of(year)), text, 0);
        let evidence = single.evidence();
        let view = DiagnosisView::new(&evidence, &diagnose(&evidence), &names);
        self.put(diagnosis_json(&view))
    }

    /// Puts out the diagnosis of the facts in the input, which are JSON.
    ///
    /// # Errors
    /// [`Trouble::Facts`] where they are none.
    pub fn facts(&mut self) -> Result<(), Trouble> {
        let json = String::from_utf8_lossy(self.input());
        let facts: Facts = json.parse()?;
        let evidence = facts.evidence();
        let view = DiagnosisView::new(&evidence, &diagnose(&evidence), &[]);
        self.put(diagnosis_json(&view))
    }

    /// Begins to read a log.
    ///
    /// # Errors
    /// None.
    pub fn open(&mut self, year: u32, live: bool, advice: bool) -> Result<(), Trouble> {
        self.input();
        let name = core::mem::take(&mut self.name);
        self.log = Some(Log::new(name, year_of(year), live, advice));
        Ok(())
    }

    /// Reads the next chunk of the log; all that waits where it ends. Puts out diagnoses, one a line.
    ///
    /// # Errors
    /// [`Trouble::NotOpen`].
    pub fn read(&mut self, ends: bool) -> Result<(), Trouble> {
        let log = self.log.as_mut().ok_or(Trouble::NotOpen)?;
        self.output.clear();
        let waiting = self.room.get(..self.end).unwrap_or_default();
        let used = log.read(waiting, ends, &mut self.output);
        self.room.copy_within(used.min(self.end)..self.end, 0);
        self.end -= used.min(self.end);
        Ok(())
    }

    /// Puts out the summary of the log so far.
    ///
    /// # Errors
    /// [`Trouble::NotOpen`].
    pub fn summary(&mut self) -> Result<(), Trouble> {
        let view = self.log.as_ref().ok_or(Trouble::NotOpen)?.summary();
        self.put(summary_json(&view))
    }

    /// Puts out what the id in the input names, a fault and a cause one a line.
    ///
    /// # Errors
    /// [`Trouble::UnknownId`].
    pub fn explain(&mut self) -> Result<(), Trouble> {
        let id = String::from_utf8_lossy(self.input()).to_ascii_lowercase();
        let pages = ExplanationView::of(&id);
        if pages.is_empty() {
            let known = Fault::ALL.iter().map(|fault| fault.id());
            let known: Vec<&str> = known.chain(Cause::ALL.iter().map(|cause| cause.id())).collect();
            return Err(Trouble::UnknownId { nearest: nearest(&id, &known), id });
        }
        let lines: Result<Vec<String>, _> = pages.iter().map(explanation_json).collect();
        self.put(lines.map(|lines| lines.join("\n")))
    }

    /// Puts out what there is to explain.
    ///
    /// # Errors
    /// None that is known.
    pub fn list(&mut self) -> Result<(), Trouble> {
        self.input();
        self.put(catalogue_json(&CatalogueView::new()))
    }

    /// Puts out the diagnosis in the input, which is JSON, in another form.
    ///
    /// # Errors
    /// [`Trouble::NoDiagnosis`] where it is none.
    pub fn render(&mut self, form: Form) -> Result<(), Trouble> {
        let view = diagnosis_from_json(self.input());
        let view = view.map_err(|error| Trouble::NoDiagnosis(error.to_string()))?;
        let report = match form {
            Form::Markdown => diagnosis_markdown(&view),
            Form::Html => diagnosis_html(&view),
        };
        self.output = report.into_bytes();
        Ok(())
    }

    /// Puts out where the catalogue is in memory, an address and a size a line, for whoever builds
    /// the package.
    ///
    /// # Errors
    /// None.
    pub fn places(&mut self) -> Result<(), Trouble> {
        let mut lines = String::new();
        catalogue_places(&mut |at, size| lines += &format!("{at} {size}\n"));
        self.output = lines.into_bytes();
        Ok(())
    }

    fn put<E: core::fmt::Display>(&mut self, json: Result<String, E>) -> Result<(), Trouble> {
        let json = json.map_err(|error| Trouble::Unwritten(error.to_string()))?;
        self.output = json.into_bytes();
        Ok(())
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

/// A year as JavaScript tells it; 0 and nonsense are none.
fn year_of(year: u32) -> Option<u16> {
    u16::try_from(year).ok().filter(|year| *year > 0)
}
