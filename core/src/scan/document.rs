//! Walks one large JSON document as its bytes come, and keeps of each record in it only the members
//! that are read: an archive is megabytes long, often on one line, and a body in it may be as long.
//! (A JSON library wants the whole, or a reader to pull from.)

use alloc::vec::Vec;

/// How much of a text is kept: enough to tell a body by its beginning, also in base64.
const LONGEST_TEXT: usize = 1536;
/// How much of a record is kept.
const LONGEST_RECORD: usize = 8 * 1024;
/// How much of a key is compared.
const LONGEST_KEY: usize = 40;
/// How deep records are kept; what lies deeper is passed over.
const DEEPEST: usize = 8;

/// How the records of a kind of document lie in it.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The keys that lead to the records: to an array of them, or to one.
    pub(crate) path: &'static [&'static str],
    /// The members of a record that are kept, each with the key of the object around it: none at the
    /// top of the record, and within an array that of the array.
    pub(crate) keep: &'static [(&'static str, &'static str)],
    /// Whether an object in an array of a record is kept.
    pub(crate) item: fn(&[u8]) -> bool,
}

/// What was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    /// The end of a record, which [`Document::record`] holds.
    Record,
    /// The end of the document.
    End,
    /// The end of the bytes.
    More,
}

/// One document under way.
#[derive(Debug)]
pub(crate) struct Document {
    shape: &'static Shape,
    /// How many objects and arrays are open.
    depth: usize,
    /// Which of them are objects, the outermost in the lowest bit; deeper ones are passed over.
    objects: u64,
    /// How many keys of the path were met.
    entered: usize,
    /// How deep the record lies that is under way.
    within: Option<usize>,
    /// How deep the object or array is whose member is being passed over.
    skipping: Option<usize>,
    /// Which member of the record each open object or array is, as its place in `keep` plus one.
    around: [u8; DEEPEST],
    /// The same of the value that comes next.
    coming: u8,
    text: Option<Text>,
    /// Whether what comes is the key of a member.
    expects_key: bool,
    /// Whether a word is under way.
    word: bool,
    key: [u8; LONGEST_KEY],
    key_long: usize,
    /// Where the last object in an array of the record begins, and how deep it is.
    item: (usize, usize),
    record: Vec<u8>,
    /// Line ends in the record.
    lines: u64,
}

/// A text under way.
#[derive(Clone, Copy, Debug)]
struct Text {
    key: bool,
    escaped: bool,
    /// How much of it was kept.
    kept: usize,
}

impl Document {
    /// Before its first byte. The record of an older document leaves its room.
    pub(crate) fn after(older: Option<Self>, shape: &'static Shape) -> Self {
        let mut record = older.map_or_else(Vec::new, |older| older.record);
        record.clear();
        Self { record, ..Self::new(shape) }
    }

    const fn new(shape: &'static Shape) -> Self {
        Self {
            shape,
            depth: 0,
            objects: 0,
            entered: 0,
            within: None,
            skipping: None,
            around: [0; DEEPEST],
            coming: 0,
            text: None,
            expects_key: false,
            word: false,
            key: [0; LONGEST_KEY],
            key_long: 0,
            item: (0, usize::MAX),
            record: Vec::new(),
            lines: 0,
        }
    }

    /// The record that ended, or that is under way.
    pub(crate) fn record(&self) -> &[u8] {
        &self.record
    }

    /// How many lines end in it.
    pub(crate) const fn lines(&self) -> u64 {
        self.lines
    }

    /// Whether a record is under way.
    pub(crate) const fn is_within(&self) -> bool {
        self.within.is_some()
    }

    /// Goes on to the end of the next record; with how many bytes were used.
    pub(crate) fn advance(&mut self, bytes: &[u8]) -> (usize, Met) {
        let mut rest = bytes;
        let used = |rest: &[u8]| bytes.len() - rest.len();
        loop {
            if let Some(text) = self.text {
                rest = self.go_on_in_text(text, rest);
                if self.text.is_some() {
                    return (used(rest), Met::More);
                }
            }
            let Some((byte, after)) = rest.split_first() else { return (used(rest), Met::More) };
            rest = after;
            let met = self.take(*byte);
            if met != Met::More {
                return (used(rest), met);
            }
        }
    }

    /// A byte outside of texts.
    fn take(&mut self, byte: u8) -> Met {
        match byte {
            b' ' | b'\t' | b'\r' => self.word = false,
            b'\n' => {
                self.word = false;
                self.lines += 1;
            }
            b'"' => self.begin_text(),
            b'{' | b'[' => self.open(byte),
            b'}' | b']' => return self.close(byte),
            b',' => {
                self.word = false;
                self.expects_key = self.is_object();
                if self.skipping == Some(self.depth) {
                    self.skipping = None;
                }
            }
            b':' => self.expects_key = false,
            _ if self.keeps() => {
                if !self.word {
                    self.part();
                }
                self.word = true;
                self.push(&[byte]);
            }
            _ => {}
        }
        Met::More
    }

    /// Whether the innermost of what is open is an object.
    const fn is_object(&self) -> bool {
        match self.depth.checked_sub(1) {
            Some(at @ 0..64) => self.objects >> at & 1 == 1,
            _ => false,
        }
    }

    /// Whether what stands here is kept.
    const fn keeps(&self) -> bool {
        self.within.is_some() && self.skipping.is_none()
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.record.len() + bytes.len() <= LONGEST_RECORD {
            self.record.extend_from_slice(bytes);
        }
    }

    /// A comma, where something stands before.
    fn part(&mut self) {
        if !matches!(self.record.last(), None | Some(b'{' | b'[' | b':')) {
            self.push(b",");
        }
    }

    fn begin_text(&mut self) {
        self.word = false;
        let key = self.expects_key;
        if key {
            self.key_long = 0;
        } else if self.keeps() {
            self.part();
            self.push(b"\"");
        }
        self.text = Some(Text { key, escaped: false, kept: 0 });
    }

    /// The bytes of a text up to its end, or all.
    fn go_on_in_text<'b>(&mut self, mut text: Text, bytes: &'b [u8]) -> &'b [u8] {
        let mut rest = bytes;
        loop {
            if text.escaped {
                let Some((byte, after)) = rest.split_first() else { break };
                text.escaped = false;
                self.go_on(&mut text, &[b'\\', *byte]);
                rest = after;
                continue;
            }
            let Some(at) = memchr::memchr2(b'"', b'\\', rest) else {
                self.go_on(&mut text, rest);
                rest = &[];
                break;
            };
            let (plain, after) = rest.split_at(at);
            self.go_on(&mut text, plain);
            rest = after.get(1..).unwrap_or_default();
            if after.first() == Some(&b'"') {
                self.end_text(text);
                return rest;
            }
            text.escaped = true;
        }
        self.text = Some(text);
        rest
    }

    /// A part of a text, which is never less than an escape.
    fn go_on(&mut self, text: &mut Text, part: &[u8]) {
        if text.key {
            for byte in part {
                if let Some(slot) = self.key.get_mut(self.key_long) {
                    *slot = *byte;
                }
                self.key_long += 1;
            }
        } else if self.keeps() && text.kept < LONGEST_TEXT {
            let room = LONGEST_TEXT - text.kept;
            // An escape is kept whole; a longer part is cut, and nothing follows it.
            let part = if part.len() > 2 { part.get(..room).unwrap_or(part) } else { part };
            text.kept += part.len();
            self.push(part);
        }
    }

    fn end_text(&mut self, text: Text) {
        self.text = None;
        match text.key {
            true => self.see_key(),
            false if self.keeps() => self.push(b"\""),
            false => {}
        }
    }

    /// A key: decides what becomes of its value.
    fn see_key(&mut self) {
        self.expects_key = false;
        if self.skipping.is_some() {
            return;
        }
        let long = self.key_long;
        let key = self.key;
        let key = key.get(..long).unwrap_or_default();
        let Some(within) = self.within else {
            let wanted = self.shape.path.get(self.entered);
            let enters = self.depth == self.entered + 1
                && wanted.is_some_and(|wanted| wanted.as_bytes() == key);
            match enters {
                true => self.entered += 1,
                false => self.skipping = Some(self.depth),
            }
            return;
        };
        let around = self.around.get(self.depth - within.min(self.depth)).copied().unwrap_or(0);
        let around = match usize::from(around).checked_sub(1) {
            Some(at) => self.shape.keep.get(at).map_or("", |(_, key)| *key),
            None => "",
        };
        let kept = |known: &(&str, &str)| known.0 == around && known.1.as_bytes() == key;
        match self.shape.keep.iter().position(kept).and_then(|at| u8::try_from(at + 1).ok()) {
            Some(at) => {
                self.coming = at;
                self.part();
                self.push(b"\"");
                self.push(key);
                self.push(b"\":");
            }
            None => self.skipping = Some(self.depth),
        }
    }

    fn open(&mut self, byte: u8) {
        self.word = false;
        let object = byte == b'{';
        let in_array = self.depth > 0 && !self.is_object();
        if self.within.is_none() && self.skipping.is_none() {
            // The array of records, or a record: on the path, or in that array.
            let arrived = self.entered == self.shape.path.len();
            let level = self.depth - self.entered.min(self.depth);
            if arrived && object && (level == 0 || (level == 1 && in_array)) {
                self.within = Some(self.depth + 1);
                self.around = [0; DEEPEST];
                self.item = (0, usize::MAX);
                self.record.clear();
                self.lines = 0;
                self.push(b"{");
            }
        } else if let (Some(within), None) = (self.within, self.skipping) {
            let place = (self.depth + 1).saturating_sub(within);
            let inherited = self.around.get(place.saturating_sub(1)).copied().unwrap_or(0);
            match self.around.get_mut(place) {
                Some(slot) => *slot = if in_array { inherited } else { self.coming },
                // Too deep: it is passed over, to the end of what is around it.
                None => self.skipping = Some(self.depth),
            }
            if in_array && object {
                self.item = (self.record.len(), self.depth + 1);
            }
            self.part();
            self.push(&[byte]);
        }
        if let Some(bit) = u32::try_from(self.depth).ok().and_then(|at| 1_u64.checked_shl(at)) {
            self.objects = if object { self.objects | bit } else { self.objects & !bit };
        }
        self.depth += 1;
        self.expects_key = object;
    }

    fn close(&mut self, byte: u8) -> Met {
        self.word = false;
        self.expects_key = false;
        if self.skipping == Some(self.depth) {
            self.skipping = None;
        }
        let keeps = self.keeps();
        let closed = self.depth;
        self.depth = self.depth.saturating_sub(1);
        if keeps {
            self.push(&[byte]);
            let (start, deep) = self.item;
            if deep == closed {
                self.item = (0, usize::MAX);
                let kept = self.record.get(start..).unwrap_or_default();
                let kept = kept.strip_prefix(b",").unwrap_or(kept);
                if !(self.shape.item)(kept) {
                    self.record.truncate(start);
                }
            }
        }
        if self.within == Some(closed) {
            self.within = None;
            return Met::Record;
        }
        // Behind the records nothing is on the path.
        if self.within.is_none() && self.depth < self.entered {
            self.entered = self.depth;
        }
        if self.depth == 0 { Met::End } else { Met::More }
    }

    /// Gives up what is left of it, but the record.
    pub(crate) const fn end(&mut self) {
        self.depth = 0;
        self.within = None;
        self.text = None;
    }

    /// Whether nothing of it is left.
    pub(crate) const fn is_over(&self) -> bool {
        self.depth == 0 && self.text.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use proptest::prelude::*;

    static SHAPE: Shape = Shape {
        path: &["log", "entries"],
        keep: &[("", "a"), ("", "b"), ("b", "c"), ("", "l"), ("l", "name")],
        item: |item| item.windows(4).any(|part| part == b"keep"),
    };
    static BARE: Shape = Shape { path: &[], ..SHAPE };

    /// The records of a document that comes in pieces of this size.
    fn records(shape: &'static Shape, text: &str, size: usize) -> Vec<String> {
        let mut document = Document::new(shape);
        let mut found = Vec::new();
        for piece in text.as_bytes().chunks(size.max(1)) {
            let mut rest = piece;
            while !rest.is_empty() {
                let (used, met) = document.advance(rest);
                assert!(used > 0);
                rest = &rest[used..];
                if met == Met::Record {
                    found.push(String::from_utf8(document.record().to_vec()).unwrap());
                }
            }
        }
        found
    }

    const ARCHIVE: &str = r#"{ "log" : {"pages":[{"entries":[{"a":0}]}], "entries" : [
        {"a":1.5 , "x":{"a":[1,{"y":"}"}]},"b":{"c":"q\"}","d":2},"l":[{"name":"keep"},
            {"name":"drop"}, {"name":"keep","value":3}]},
        {"b":{"c":true},"a":null}, {}
        ], "creator":{"a":3}}, "entries":[{"a":9}] }"#;

    const KEPT: [&str; 3] = [
        r#"{"a":1.5,"b":{"c":"q\"}"},"l":[{"name":"keep"},{"name":"keep"}]}"#,
        r#"{"b":{"c":true},"a":null}"#,
        "{}",
    ];

    #[test]
    fn records_are_cut_out_however_the_bytes_come() {
        for size in [1, 2, 3, 7, 64, ARCHIVE.len()] {
            assert_eq!(records(&SHAPE, ARCHIVE, size), KEPT, "{size}");
        }
        assert_eq!(records(&BARE, r#"[{"a":1},{"a":2}]"#, 5), [r#"{"a":1}"#, r#"{"a":2}"#]);
        assert_eq!(records(&BARE, r#"{"a":1,"z":[{"a":2}]}"#, 5), [r#"{"a":1}"#]);
        assert_eq!(records(&BARE, r#"[[{"a":1}],3]"#, 5), Vec::<String>::new());
    }

    #[test]
    fn a_long_text_is_cut_and_the_rest_is_read() {
        for filler in ["x".repeat(1 << 20), r#"\""#.repeat(1 << 18), r"\\".repeat(777)] {
            let text = alloc::format!(r#"[{{"b":{{"c":"{filler}"}},"a":7}}]"#);
            for size in [1000, text.len()] {
                let found = records(&BARE, &text, size);
                assert!(found[0].ends_with(r#""},"a":7}"#), "{}", found[0]);
                assert!(found[0].len() < LONGEST_TEXT + 40);
            }
        }
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in r#"[\[\]{}:," \\abl1n]{0,60}"#, size in 1_usize..8) {
            for shape in [&SHAPE, &BARE] {
                prop_assert_eq!(records(shape, &text, size), records(shape, &text, text.len()));
            }
        }
    }
}
