//! Goes through a text once and asks the tables at each beginning of a word.

use super::address::{ends_word, is_address, is_word, named_with_port, opens, trim_end};
use super::fold::Folded;
use super::strangers::{Url, quoted, request, strangers, url};
use super::tables::{find_name, longest, token};
use super::{Phrase, Says};
use crate::dialects::standard::{TABLES, fields, tls};
use crate::evidence::Sign;
use crate::scan;
use crate::vocabulary::Phase;

/// How long a word may be that is an address.
const LONGEST_ADDRESS: usize = 300;
/// How much of a line is looked at to see whether it is one of a response's head.
const LONGEST_HEAD: usize = 256;
/// How many parts of a name are looked up.
const MOST_PARTS: usize = 12;

/// Something that words say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit<'a> {
    pub(crate) sign: Sign,
    /// Where it happened, as far as the words tell.
    pub(crate) phase: Option<Phase>,
    pub(crate) number: Option<u32>,
    /// Whether it holds only where nothing closer is said.
    pub(crate) general: bool,
    /// The words, from those that tell where.
    pub(crate) quote: &'a [u8],
    /// Where in the text the words begin.
    pub(crate) at: usize,
    /// The address that the words name.
    pub(crate) address: Option<&'a [u8]>,
    /// What was asked for.
    pub(crate) url: Option<Url<'a>>,
}

/// What the words before tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) phase: Phase,
    pub(super) rank: Rank,
    pub(super) start: usize,
}

/// How firmly words tell where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Verb,
    Call,
    Around,
}

/// Everything that the words of a text say, in its order.
#[derive(Debug)]
pub(crate) struct Hits<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    /// Where the line begins.
    pub(super) line: usize,
    pub(super) place: Option<Place>,
    /// What an earlier line told of where, for the causes that follow it in lines of their own.
    outer: Option<Place>,
    /// Whether something was told in the line already.
    pub(super) told: bool,
    /// Whether the line is one of an access log.
    pub(super) access: bool,
    /// Whether OpenSSL speaks.
    pub(super) openssl: bool,
    pub(super) address: Option<&'a [u8]>,
    pub(super) url: Option<Url<'a>>,
    /// Whether nothing is passed over.
    anywhere: bool,
    /// Whether curl's verbose lines are in it: then `> ` begins what it sent, and is no mail's quote.
    verbose: bool,
    /// Whether a line begins here.
    pub(super) begins: bool,
    /// Whether the lines are fields of a response.
    pub(super) head: bool,
    /// How much is passed over behind the words that were just read.
    pub(super) skip: usize,
}

/// Whether curl's verbose lines are in a text.
fn is_verbose(text: &[u8]) -> bool {
    const MARKS: [&[u8]; 2] = [b"\n* ", b"\n< "];
    text.starts_with(b"* ") || MARKS.iter().any(|mark| memchr::memmem::find(text, mark).is_some())
}

impl<'a> Hits<'a> {
    /// Of an error line of OpenSSL's.
    pub(crate) fn of_openssl(text: &'a [u8]) -> Self {
        Self { openssl: true, ..Self::of(text, Some(Phase::Tls)) }
    }

    /// The same, and what strangers write is not passed over.
    pub(crate) const fn anywhere(mut self) -> Self {
        self.anywhere = true;
        self
    }

    /// Of a text that is about a phase, whatever calls it names.
    pub(crate) fn within(text: &'a [u8], phase: Option<Phase>) -> Self {
        let mut hits = Self::of(text, phase);
        if let Some(place) = &mut hits.place {
            place.rank = Rank::Around;
        }
        hits
    }

    /// Of a text whose words are said about a phase, where that is known.
    pub(crate) fn of(text: &'a [u8], phase: Option<Phase>) -> Self {
        let place = phase.map(|phase| Place { phase, rank: Rank::Call, start: 0 });
        Self {
            text,
            at: 0,
            line: 0,
            place,
            outer: None,
            told: false,
            access: false,
            openssl: false,
            address: None,
            url: None,
            anywhere: false,
            verbose: is_verbose(text),
            begins: true,
            head: false,
            skip: 0,
        }
    }

    pub(super) fn rest(&self, at: usize) -> &'a [u8] {
        self.text.get(at..).unwrap_or_default()
    }

    fn before(&self, at: usize) -> Option<u8> {
        at.checked_sub(1).and_then(|at| self.text.get(at)).copied()
    }

    /// A new line: what the line before told is over, where it told anything.
    fn new_line(&mut self) {
        if self.told || self.access {
            let around = self.place.filter(|place| place.rank == Rank::Around);
            self.outer = around.or(self.outer);
            self.place = None;
            self.address = None;
            self.url = None;
        }
        // What is broken into several lines goes on in the next one only.
        self.told = self.place.is_some();
        self.access = false;
        self.openssl = false;
        self.begins = true;
        self.line = self.at;
    }

    /// At the beginning of a line: what curl sent, and the fields of a response, are passed over;
    /// those that tell something are read as fields.
    fn begin_line(&mut self) {
        self.begins = false;
        let rest = self.rest(self.at);
        let start = rest.get(..LONGEST_HEAD).unwrap_or(rest);
        let line = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
        // Node's, under the error that wraps it.
        if line.trim_ascii_start().starts_with(b"[cause]: ") {
            self.place = self.place.or(self.outer);
        }
        let inside = line.strip_prefix(b"< ").unwrap_or(line);
        if fields::status_line(inside).is_some() {
            self.head = true;
            return;
        }
        self.head &= fields::field(inside).is_some();
        if self.head || (self.verbose && line.starts_with(b"> ")) {
            self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        }
    }

    /// Whether what stands here is a stranger's; then it is passed over.
    fn pass_over(&mut self) -> bool {
        let rest = self.rest(self.at);
        let Some(first) = rest.first().copied() else { return false };
        if first == b'"' && self.access {
            self.at += quoted(rest);
            return true;
        }
        if first == b'/' && self.before(self.at).is_none_or(opens) {
            // Java writes `/10.0.0.1:80`.
            let (path, _) = scan::span(rest, |byte| !ends_word(byte));
            let inside = path.get(1..).unwrap_or_default();
            let inside = trim_end(inside);
            if scan::looks_like_address(inside) {
                self.see_address(inside);
            }
            self.at += path.len();
            return true;
        }
        if let Some((url, long)) = url(rest) {
            if self.asks() {
                self.url = Some(url);
            }
            self.at += long;
            return true;
        }
        if let Some(long) = request(rest) {
            self.access |= self.before(self.at) == Some(b'"');
            self.at += long;
            return true;
        }
        if let Some(long) = strangers(rest) {
            self.at += long;
            return true;
        }
        false
    }

    /// Whether the words before a URL say that it was asked for.
    fn asks(&self) -> bool {
        const ASKS: &[&[u8]] = &[
            b"get",
            b"post",
            b"put",
            b"head",
            b"patch",
            b"delete",
            b"options",
            b"url",
            b"uri",
            b"target",
            b"upstream",
            b"to",
            b"from",
        ];
        let before = self.text.get(self.line..self.at).unwrap_or_default();
        let end = before.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |at| at + 1);
        let start = before
            .get(..end)
            .and_then(|text| text.iter().rposition(|byte| !byte.is_ascii_alphanumeric()));
        let word = before.get(start.map_or(0, |at| at + 1)..end).unwrap_or_default();
        before.len() - end <= 3 && ASKS.iter().any(|asks| word.eq_ignore_ascii_case(asks))
    }

    fn see_address(&mut self, address: &'a [u8]) {
        let placed = self.place.is_some_and(|place| {
            place.rank >= Rank::Call && !matches!(place.phase, Phase::Resolve | Phase::Client)
        });
        if placed {
            self.address = Some(address);
        }
    }

    /// Goes over a word, and takes note of an address.
    fn go_over(&mut self) {
        let rest = self.rest(self.at);
        let start = rest.get(..LONGEST_ADDRESS).unwrap_or(rest);
        let token = trim_end(scan::span(start, |byte| !ends_word(byte)).0);
        if let Some((_, peer)) =
            scan::split(token, b"->").or_else(|| scan::split(token, br"-\u003e"))
        {
            self.see_address(peer);
            self.at += token.len();
            return;
        }
        let host = token.strip_prefix(b"ipv4:").unwrap_or(token);
        if is_address(host) || named_with_port(self.rest(self.at + token.len()), token) {
            self.see_address(host);
            self.at += token.len();
            return;
        }
        let (word, _) = scan::span(rest, is_word);
        self.at += word.len().max(1);
    }

    /// What the words at a place say, with where they end.
    fn look_up(&self) -> Option<(Says, usize)> {
        let rest = self.rest(self.at);
        if matches!(
            self.before(self.at),
            Some(b'/' | b'-' | b'+' | b'%' | b'&' | b'?' | b'#' | b'~' | b'@')
        ) {
            return None;
        }
        let folded = Folded::of(rest);
        let mut best = self.name(rest);
        // Of equal ones the first: OpenSSL's own words, where it speaks.
        let openssl = self.openssl.then_some(tls::openssl::REASONS);
        for table in openssl.into_iter().chain(TABLES.iter().map(|table| table.0)) {
            let found = longest(rest, &folded, table, |phrase, end| self.counts(phrase, end));
            if found.is_some_and(|(_, end)| best.is_none_or(|(_, longest)| end > longest)) {
                best = found;
            }
        }
        best
    }

    fn name(&self, rest: &'a [u8]) -> Option<(Says, usize)> {
        let token = token(rest);
        if token.len() < 3 {
            return None;
        }
        let mut part = token;
        // Names of OpenSSL's with what Node and the header files put in front.
        if let Some(reason) = token.strip_prefix(b"ERR_SSL_") {
            let folded = Folded::of(reason);
            let found = longest(reason, &folded, tls::openssl::REASONS, |_, _| true);
            return found.map(|(says, end)| match says {
                Says::Alert => (says, token.len() - reason.len() + end),
                _ => (says, token.len()),
            });
        }
        if let Some(inner) = token.strip_prefix(b"X509_V_ERR_") {
            part = inner;
        }
        for _ in 0..MOST_PARTS {
            if let Some(says) = TABLES.iter().find_map(|table| find_name(table.1, part)) {
                return Some((says, token.len()));
            }
            if part.starts_with(b"HPE_INVALID_") {
                return Some((Says::At(Sign::Malformed, Phase::ResponseHeaders), token.len()));
            }
            let dot = memchr::memchr3(b'.', b':', b'$', part)?;
            part = part.get(dot + 1..)?;
        }
        None
    }

    /// Whether words that end there are words of their own, and count where they stand.
    fn counts(&self, phrase: &Phrase, end: usize) -> bool {
        let next = self.text.get(self.at + end).copied();
        let last = phrase.goes_on.as_bytes().last().or(phrase.begins.as_bytes().last());
        let open = last.is_some_and(u8::is_ascii_alphanumeric);
        if open && next.is_some_and(|next| is_word(next) || matches!(next, b'-' | b'/' | b'=')) {
            return false;
        }
        if open && counted(self.rest(self.at + end)) {
            return false;
        }
        match phrase.says {
            Says::Alone(..) => {
                self.place.is_some_and(|place| place.rank >= Rank::Call) || {
                    let before =
                        self.text.get(self.line..self.at).unwrap_or_default().trim_ascii_end();
                    let after = self.rest(self.at + end);
                    let after = after.trim_ascii_start();
                    let opened = before.last().is_none_or(|byte| b":([{\"'=<".contains(byte));
                    let closed = after.first().is_none_or(|byte| b")]}\"',;.>\\".contains(byte));
                    opened && (closed || matches!(next, None | Some(b'\n' | b'\r')))
                }
            }
            _ => true,
        }
    }
}

impl<'a> Iterator for Hits<'a> {
    type Item = Hit<'a>;

    fn next(&mut self) -> Option<Hit<'a>> {
        loop {
            if self.begins {
                self.begin_line();
            }
            let byte = *self.text.get(self.at)?;
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.new_line();
                }
                // Escaped, as in JSON.
                b'\\' => {
                    let ends = self.text.get(self.at + 1) == Some(&b'n');
                    self.at += 2;
                    if ends {
                        self.new_line();
                    }
                }
                _ if !self.anywhere && self.pass_over() => {}
                // Letters of other scripts begin words, too.
                _ if is_word(byte) || byte >= 0xc0 => {
                    let Some((says, end)) = self.look_up() else {
                        self.go_over();
                        continue;
                    };
                    let hit = self.said(says, end);
                    self.at += end.max(1) + core::mem::take(&mut self.skip);
                    if hit.is_some() {
                        return hit;
                    }
                }
                _ => self.at += 1,
            }
        }
    }
}

/// Whether words go on as the name of a number or a setting: "connection reset counter".
fn counted(after: &[u8]) -> bool {
    const NOUNS: &[&[u8]] = &[
        b"count",
        b"counter",
        b"counters",
        b"limit",
        b"limits",
        b"metric",
        b"metrics",
        b"rate",
        b"threshold",
        b"total",
    ];
    let Some(word) = after.strip_prefix(b" ") else { return false };
    let (word, _) = scan::span(word, |byte| byte.is_ascii_alphabetic());
    NOUNS.iter().any(|noun| word.eq_ignore_ascii_case(noun))
}
