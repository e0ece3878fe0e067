//! The cases of `cases/`, as several tests read them: evidence of one exchange each, with what it
//! shows.
#![allow(dead_code, unreachable_pub)]

pub mod tables;

use std::path::{Path, PathBuf};
use why502::diagnosis::{Diagnosis, diagnose};
use why502::incident::Single;
use why502::reader::Reader;
use why502::{Cause, Evidence, Fault};

/// One case.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, in a few words that tell it from all others.
    pub name: String,
    /// Where it comes from.
    pub from: String,
    /// The evidence, as it stands in a file.
    #[serde(default)]
    pub text: String,
    /// The evidence, where it is no UTF-8: `\xHH` stands for a byte.
    #[serde(default)]
    pub bytes: String,
    /// What failed.
    pub fault: Fault,
    /// Other faults that a fair judge takes.
    #[serde(default)]
    pub accept: Vec<Fault>,
    /// The likeliest cause, where this evidence can tell.
    pub cause: Option<Cause>,
    /// Other causes that a fair judge takes.
    #[serde(default)]
    pub accept_causes: Vec<Cause>,
    /// The faults of all exchanges that are told of, in the order in which they end, where the
    /// evidence is read as a log; healthy ones that only an access record tells of are left out.
    pub each: Option<Vec<Fault>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

impl Case {
    /// The evidence.
    pub fn input(&self) -> Vec<u8> {
        match self.bytes.is_empty() {
            true => self.text.clone().into_bytes(),
            false => unescaped(&self.bytes),
        }
    }

    /// Whether this is a right answer.
    pub fn takes(&self, fault: Fault) -> bool {
        fault == self.fault || self.accept.contains(&fault)
    }
}

/// The folder of the cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// Every file of cases, by its name within the folder (`nginx/error_log`).
pub fn files() -> Vec<(String, Vec<Case>)> {
    let mut paths: Vec<PathBuf> = entries(&folder())
        .flat_map(|gateway| entries(&gateway).collect::<Vec<_>>())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = match toml::from_str(&text) {
            Ok(file) => file,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        let name = path.strip_prefix(folder()).unwrap().with_extension("");
        (name.to_string_lossy().into_owned(), file.case)
    };
    paths.into_iter().map(read).collect()
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())
}

/// Every case.
pub fn all() -> Vec<Case> {
    files().into_iter().flat_map(|(_, cases)| cases).collect()
}

/// Reads text as evidence about one exchange, and gives both to `look`.
pub fn single<T>(input: &[u8], look: impl FnOnce(&Evidence<'_>, &Diagnosis) -> T) -> T {
    let mut single = Single::new();
    single.add(&mut Reader::new(0).year(Some(2026)), input, 0);
    let evidence = single.evidence();
    look(&evidence, &diagnose(&evidence))
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(u8::from_str_radix(&after[..2], 16).unwrap());
        rest = &after[2..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
