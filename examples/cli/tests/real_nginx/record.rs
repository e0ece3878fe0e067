//! Writes what real exchanges left in the logs as cases for the library.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::exchanges::{Exchange, Expected, Format};
use crate::gateway::Lines;

/// The cases so far.
pub(crate) struct Record {
    version: String,
    toml: String,
    seen: BTreeSet<String>,
}

impl Record {
    pub(crate) fn new(version: String) -> Self {
        let toml = "# Real lines of a real gateway, one exchange a case: the error log's, then the \
                    access log's.\n# Written by the command-line program's test real_nginx with \
                    WHY502_RECORD=FOLDER; temporary\n# folders are /srv/lab.\n";
        Self { version, toml: toml.to_owned(), seen: BTreeSet::new() }
    }

    /// Adds what this exchange left, unless the same is there already.
    pub(crate) fn add(&mut self, exchange: &Exchange, lines: &Lines, level: &str, folder: &str) {
        // Where both access formats tell the same, one is enough.
        let combined = exchange.expected(Format::Combined, &lines.error);
        let rich = exchange.expected(Format::Rich, &lines.error);
        let differs = combined.fault != rich.fault || combined.accept != rich.accept;
        if differs && lines.error.is_empty() && combined.fault != "none" {
            self.case(exchange, Format::Combined, level, lines, folder);
        }
        self.case(exchange, Format::Rich, level, lines, folder);
    }

    pub(crate) fn toml(&self) -> &str {
        &self.toml
    }

    fn case(
        &mut self,
        exchange: &Exchange,
        format: Format,
        level: &str,
        lines: &Lines,
        folder: &str,
    ) {
        let (access, label) = match format {
            Format::Combined => (&lines.combined, "combined"),
            Format::Rich => (&lines.rich, "rich"),
        };
        let text = format!("{}{access}", lines.error).replace(folder, "/srv/lab");
        // A literal string takes no control characters; such lines stay out.
        let plain = |c: char| c == '\n' || c == '\t' || !c.is_control();
        if text.contains("'''") || !text.chars().all(plain) || text.contains('\u{fffd}') {
            return;
        }
        if !self.seen.insert(signature(&text)) {
            return;
        }
        let Expected { fault, accept, cause, accept_causes } =
            exchange.expected(format, &lines.error);
        let Exchange { name, staged, .. } = exchange;
        let version = &self.version;
        let toml = &mut self.toml;
        let _ = write!(
            toml,
            "\n[[case]]\nname = \"{name}-{label}-{level}\"\nfrom = \"{version}, {staged}\"\n\
             text = '''\n{text}'''\nfault = \"{fault}\"\naccept = {accept:?}\n"
        );
        if let Some(cause) = cause {
            let _ = write!(toml, "cause = \"{cause}\"\naccept_causes = {accept_causes:?}\n");
        }
    }
}

/// What is left of the text without its numbers and without what clients leave behind at
/// level info; statuses and errors stay.
fn signature(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .filter(|line| !line.contains("closed keepalive connection"))
        .filter(|line| !line.contains("a client request body is buffered"))
        .map(|line| {
            let line = line.split_once("] ").map_or(line, |(_, message)| message);
            let line = line.split_once(": *").map_or(line, |(_, message)| message);
            let line = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let mut kept = String::new();
            for word in line.split([' ', ',']) {
                // A word with a digit counts where it stands for itself: a status, an errno.
                let number = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
                let is_short = number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit());
                if matches!(word, "\"GET" | "\"POST" | "\"PUT" | "\"DELETE") {
                    continue;
                }
                kept.extend(word.chars().filter(|c| is_short || !c.is_ascii_digit()));
                kept.push(' ');
            }
            kept
        })
        .collect();
    lines.join("\n")
}
