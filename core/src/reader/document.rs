//! JSON documents whose records are no lines: where one begins, and on to its next record.

use super::{Item, Reader, Step, candidates};
use crate::evidence::{Evidence, Origin, Source};
use crate::scan;
use crate::scan::document::{Document, Met};

impl Reader {
    pub(super) fn in_document(&self) -> bool {
        self.document.as_ref().is_some_and(|(_, document)| !document.is_over())
    }

    /// Whether a JSON document is under way, or begins here, whose records are no lines; `None` where
    /// more bytes are needed to tell.
    pub(super) fn document_at(&mut self, buffer: &[u8], ends: bool) -> Option<bool> {
        const LONGEST_BEGINNING: usize = 16 * 1024;
        /// Looking beyond a line costs: it is done so seldom that it stays a small part of all work.
        const QUIET: u64 = 512;
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        if self.in_document() {
            return Some(true);
        }
        let text = buffer.strip_prefix(BYTE_ORDER_MARK).unwrap_or(buffer);
        let (_, text) = scan::span(text, |byte| matches!(byte, b' ' | b'\t'));
        let text = text.get(..LONGEST_BEGINNING).unwrap_or(text);
        if !matches!(text.first(), Some(b'{' | b'[')) {
            return Some(false);
        }
        let first = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
        let (mut sure, mut looked) = (true, false);
        for dialect in candidates(self.only) {
            let Some(form) = &dialect.document else { continue };
            let begins = (form.begins)(first).or_else(|| {
                looked = self.line >= self.quiet;
                if looked { (form.begins)(text) } else { Some(false) }
            });
            match begins {
                Some(true) => {
                    let older = self.document.take().map(|(_, older)| older);
                    self.document = Some((dialect, Document::after(older, &form.shape)));
                    self.glances = false;
                    self.line += 1;
                    return Some(true);
                }
                Some(false) => {}
                None => sure = false,
            }
        }
        let told = sure || ends || text.len() == LONGEST_BEGINNING;
        if looked && told {
            self.quiet = self.line + QUIET;
        }
        told.then_some(false)
    }

    /// Goes on to the end of the document's next record.
    pub(super) fn step_in_document<'a>(
        &'a mut self,
        buffer: &[u8],
        ends: bool,
        evidence: &mut Evidence<'a>,
    ) -> Step {
        let Self { document, behind, line, input, dialect: spoken, zone, .. } = self;
        let Some((dialect, document)) = document else {
            return Step { used: 0, item: Item::More };
        };
        // A byte is left, so that a document that is cut is known by it at the end.
        let offered = match (ends, buffer.split_last()) {
            (false, Some((_, most))) => most,
            _ => buffer,
        };
        let (used, met) = document.advance(offered);
        let passed = offered.get(..used).unwrap_or(offered);
        *line += memchr::memchr_iter(b'\n', passed).count() as u64;
        *behind = document.is_over();
        let cut = ends && met == Met::More && document.is_within();
        if cut {
            document.end();
        }
        if met == Met::Record || cut {
            let begun = line.saturating_sub(document.lines());
            let origin = Origin::new(Source::Caller, *input, begun);
            if (dialect.read)(document.record(), origin, evidence) {
                *spoken = Some(dialect);
                if let Some(zone) = zone {
                    evidence.at = evidence.at.map(|at| zone.complete(at));
                }
                return Step { used, item: Item::Record };
            }
            return Step { used, item: if cut { Item::Blank } else { Item::Unknown } };
        }
        let item = if met == Met::End { Item::Blank } else { Item::More };
        Step { used, item }
    }

    /// Goes over the blanks behind a document to the end of its line; `None` where more stands there.
    pub(super) fn step_behind(&mut self, buffer: &[u8], ends: bool) -> Option<Step> {
        let (blank, rest) = scan::span(buffer, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
        if rest.is_empty() && !ends {
            return Some(Step { used: blank.len(), item: Item::More });
        }
        self.behind = false;
        if rest.first() == Some(&b'\n') {
            return Some(Step { used: blank.len() + 1, item: Item::Blank });
        }
        // The same line goes on.
        self.line = self.line.saturating_sub(1);
        (!blank.is_empty()).then_some(Step { used: blank.len(), item: Item::Blank })
    }
}
