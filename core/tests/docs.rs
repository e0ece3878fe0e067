//! The catalogue as Markdown, `core/docs`: one page for each fault and cause, and a list of all.
//! Checked here, and written anew with `WHY502_WRITE_DOCS=1 cargo test -p why502 --test docs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use why502::report::{cause_markdown, fault_markdown};
use why502::vocabulary::Category;
use why502::{Cause, Fault};

#[test]
fn the_rendered_catalogue_is_what_the_program_knows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    if std::env::var_os("WHY502_WRITE_DOCS").is_some() {
        write(&folder);
    }
    let mut stale = Vec::new();
    let pages = pages();
    for (name, page) in &pages {
        if fs::read_to_string(folder.join(name)).ok().as_deref() != Some(page) {
            stale.push(name.clone());
        }
    }
    stale.extend(found(&folder).into_iter().filter(|name| !pages.contains_key(name)));
    assert!(
        stale.is_empty(),
        "stale, or of nothing: {stale:?}\nWHY502_WRITE_DOCS=1 cargo test -p why502 --test docs"
    );
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let pages = pages();
    for (name, page) in &pages {
        let folder = Path::new(name).parent().unwrap();
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let target = match link.strip_prefix("../") {
                Some(link) => PathBuf::from(link),
                None => folder.join(link),
            };
            assert!(pages.contains_key(&target.display().to_string()), "{name}: {link}");
        }
    }
}

/// Every page by its name in the folder.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::from([("README.md".to_owned(), contents())]);
    for fault in Fault::ALL {
        pages.insert(format!("faults/{fault}.md"), fault_markdown(*fault));
    }
    for cause in Cause::ALL {
        pages.insert(format!("causes/{cause}.md"), cause_markdown(*cause));
    }
    pages
}

fn contents() -> String {
    let mut page = String::from(
        "# What why502 knows\n\nWritten by the program: a fault is what the gateway saw, a cause is \
         why.\n\n## Faults\n\n",
    );
    for fault in Fault::ALL {
        let _ = writeln!(page, "- [`{fault}`](faults/{fault}.md): {}", fault.meaning());
    }
    for category in Category::ALL {
        let _ = write!(page, "\n## Causes: {category}\n\n");
        for cause in Cause::ALL.iter().filter(|cause| cause.category() == *category) {
            let _ = writeln!(page, "- [`{cause}`](causes/{cause}.md): {}", cause.advice().title);
        }
    }
    page
}

fn write(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    for (name, page) in pages() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, page).unwrap();
    }
}

/// The names of all files in the folder.
fn found(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for part in ["", "faults", "causes"] {
        let Ok(entries) = fs::read_dir(folder.join(part)) else { continue };
        for entry in entries.map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            names.push(Path::new(part).join(entry.file_name()).display().to_string());
        }
    }
    names
}
