//! All input is evidence about one exchange, as people paste it: lines of several logs, cut,
//! wrapped at 80 columns, in the middle of sentences, with headers or a page among them.

use super::{hops, listed, marks, talk, wrapped};
use crate::classify::meaning_of;
use crate::diagnosis::Outcome;
use crate::dialects::standard::{self, http_message};
use crate::dialects::{self, DIALECTS, Dialect};
use crate::evidence::{BodySignature, Evidence, Origin, Seen, Sign, Source, Timestamp};
use crate::reader::{Item, Reader};
use crate::scan::json;
use alloc::vec::Vec;

/// How much text of one input is kept.
pub const LONGEST_PASTE: usize = 1024 * 1024;
/// How many records are kept.
const MOST_RECORDS: usize = 4096;
/// How much text that nobody understands is read as loose words.
const LONGEST_LOOSE: usize = 64 * 1024;
/// How many responses are kept, and how many bodies.
const MOST_MESSAGES: usize = 16;

/// From this length on a line was broken for its length, not by a person at a blank.
const BROKEN: usize = 72;

/// Gathers the evidence about one exchange.
#[derive(Debug, Default)]
pub struct Single {
    records: Vec<Kept>,
    loose: Vec<Loose>,
    error_log: bool,
    responses: Vec<Message>,
    bodies: Vec<Message>,
}

/// A response or a body, kept.
#[derive(Debug)]
struct Message {
    text: Vec<u8>,
    input: u16,
}

/// What an input holds beside the records that were understood.
#[derive(Debug)]
struct Loose {
    /// With the records that are a gateway's and were not understood.
    all: Kept,
    /// Without any record.
    words: Kept,
    /// The same, as it was before somebody's terminal broke its lines.
    joined: Option<Kept>,
}

/// A piece of text, kept.
#[derive(Debug)]
struct Kept {
    text: Vec<u8>,
    origin: Origin,
    at: Option<Timestamp>,
    dialect: Option<&'static Dialect>,
}

impl Single {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that an error log is among the inputs, even if it is empty.
    pub fn error_log_given(&mut self) {
        self.error_log = true;
    }

    /// Reads an input, up to [`LONGEST_PASTE`]; answers how many bytes were not read.
    pub fn add(&mut self, reader: &mut Reader, text: &[u8], input: u16) -> usize {
        let kept = text.get(..LONGEST_PASTE).unwrap_or(text);
        let unread = text.len() - kept.len();
        let plain = marks::unescaped(kept);
        let mut rest = &plain[..];
        // Read again as a whole where the records alone do not tell. A record that was understood is
        // not searched for words: strangers' are in it.
        let mut loose = Vec::new();
        // Without the records of gateways: what is known about one is known by its dialect.
        let mut words = Vec::new();
        // Whether the line before was a field: then this one was looked at with it.
        let mut listed = false;
        while !rest.is_empty() {
            let mut evidence = Evidence::default();
            let step = reader.step(rest, true, &mut evidence);
            let (line, after) = rest.split_at(step.used.clamp(1, rest.len()));
            let room = loose.len() + line.len() <= LONGEST_LOOSE;
            let record = step.item == Item::Record;
            let understood = record && !evidence.has(Sign::Unrecognized);
            let mut is_said = true;
            match step.item {
                Item::Record => {
                    listed = false;
                    self.keep(&evidence);
                }
                Item::Unknown => {
                    if self.read_unedited(reader, line) || self.read_object(reader, line) {
                        for text in [&mut loose, &mut words] {
                            text.push(b'\n');
                        }
                        rest = after;
                        continue;
                    }
                    let first = !core::mem::replace(&mut listed, listed::field(line).is_some());
                    let fields = if first { self.read_listed(reader, rest) } else { None };
                    if let Some(used) = fields.or_else(|| self.read_unbroken(reader, rest)) {
                        let (lines, after) = rest.split_at(used.clamp(1, rest.len()));
                        for text in [&mut loose, &mut words] {
                            text.extend(lines.iter().filter(|byte| **byte == b'\n'));
                        }
                        rest = after;
                        continue;
                    }
                    is_said = !talk::is_talk(line);
                    self.go_on(line);
                }
                Item::Blank | Item::More => listed = false,
            }
            for (text, wanted) in [(&mut loose, !understood), (&mut words, !record)] {
                if room && wanted && is_said {
                    text.extend_from_slice(line);
                } else if room {
                    text.extend(line.iter().filter(|byte| **byte == b'\n'));
                }
            }
            rest = after;
        }
        let origin = Origin::new(Source::Caller, input, 1);
        let kept = |text| Kept { text, origin, at: None, dialect: None };
        let joined = wrapped::joined(&words).map(kept);
        self.loose.push(Loose { all: kept(loose), words: kept(words), joined });
        unread
    }

    /// A line may be a record but for what an editor did to it.
    fn read_unedited(&mut self, reader: &mut Reader, line: &[u8]) -> bool {
        let Some(plain) = marks::unedited(line) else { return false };
        let mut evidence = Evidence::default();
        let mut beside = reader.beside(1);
        let read = beside.step(&plain, true, &mut evidence).item == Item::Record
            && !evidence.has(Sign::Unrecognized);
        if read {
            self.keep(&evidence);
        }
        read
    }

    /// A JSON object may stand behind other words.
    fn read_object(&mut self, reader: &mut Reader, line: &[u8]) -> bool {
        let at = memchr::memmem::find(line, b"{\"").filter(|at| *at > 0);
        let Some(object) = at.and_then(|at| line.get(at..)) else { return false };
        let mut evidence = Evidence::default();
        let mut beside = reader.beside(1);
        let read = beside.step(object, true, &mut evidence).item == Item::Record
            && !evidence.has(Sign::Unrecognized);
        if read {
            self.keep(&evidence);
        }
        read
    }

    /// A line that is no record may be the first field of one. Answers how many bytes all of them
    /// used.
    fn read_listed(&mut self, reader: &mut Reader, text: &[u8]) -> Option<usize> {
        let (object, used, lines) = listed::object(text)?;
        let mut evidence = Evidence::default();
        let mut beside = reader.beside(1);
        let read = beside.step(&object, true, &mut evidence).item == Item::Record
            && evidence.sources.has(Source::AccessLog);
        read.then(|| {
            self.keep(&evidence);
            reader.pass(lines.saturating_sub(1));
            used
        })
    }

    /// A line that is no record may be the beginning of one that a terminal or a mail broke for its
    /// length, within words too. Answers how many bytes the whole used.
    fn read_unbroken(&mut self, reader: &mut Reader, text: &[u8]) -> Option<usize> {
        const MOST_PIECES: u64 = 16;
        let mut lines = text.split_inclusive(|byte| *byte == b'\n');
        let first = lines.next().filter(|line| is_broken(line))?;
        let mut whole = piece(first).to_vec();
        let (mut used, mut pieces) = (first.len(), 0);
        for line in lines.take(MOST_PIECES as usize) {
            let mut evidence = Evidence::default();
            let is_record = reader.beside(0).step(line, true, &mut evidence).item == Item::Record;
            if line.trim_ascii().is_empty() || is_record {
                break;
            }
            whole.extend_from_slice(piece(line));
            used += line.len();
            pieces += 1;
            if !is_broken(line) {
                break;
            }
        }
        if pieces == 0 {
            return None;
        }
        let mut evidence = Evidence::default();
        let mut beside = reader.beside(1);
        if beside.step(&whole, true, &mut evidence).item == Item::Record {
            self.keep(&evidence);
        } else if !self.read_unedited(reader, &whole) {
            return None;
        }
        reader.pass(pieces);
        Some(used)
    }

    /// A line that is no record may be the rest of the one before it: what was pasted is broken
    /// where a terminal or a mail broke it, within words too.
    fn go_on(&mut self, line: &[u8]) {
        const LONGEST: usize = 4096;
        let Some(last) = self.records.last_mut() else { return };
        let whole = last.text.ends_with(b"\"") || last.text.len() > LONGEST;
        if last.origin.source != Source::ErrorLog || whole {
            return;
        }
        let line = line.trim_ascii_end();
        let width = last.text.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len);
        let mut joined = last.text.clone();
        if width < BROKEN && !joined.ends_with(b" ") {
            joined.push(b' ');
        }
        joined.extend_from_slice(line);
        let candidate = Kept { text: joined, ..*last };
        // The rest belongs to it where it tells more than the beginning alone.
        let tells = |kept: &Kept| kept.read().map(|evidence| evidence.told());
        if tells(&candidate) > tells(last) {
            last.text = candidate.text;
        }
    }

    fn keep(&mut self, evidence: &Evidence<'_>) {
        self.error_log |= evidence.sources.has(Source::ErrorLog);
        let Some(&(origin, text)) = evidence.records.get(0) else { return };
        if self.records.len() < MOST_RECORDS {
            self.records.push(Kept {
                text: text.to_vec(),
                origin,
                at: evidence.at,
                dialect: dialects::of_record(origin, evidence.gateway),
            });
        }
    }

    /// Reads an input that is a raw response, or its headers alone; answers how many bytes were not
    /// read.
    pub fn add_response(&mut self, message: &[u8], input: u16) -> usize {
        keep_message(&mut self.responses, message, LONGEST_PASTE, input)
    }

    /// Reads an input that is a response's body; answers how many bytes were not read.
    pub fn add_body(&mut self, body: &[u8], input: u16) -> usize {
        keep_message(&mut self.bodies, body, LONGEST_LOOSE, input)
    }

    /// All that is known about the exchange.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        let read: Vec<Evidence<'_>> = self.records.iter().filter_map(Kept::read).collect();
        let access = read.iter().filter(|evidence| is_outcome(evidence));
        let failed = |evidence: &&Evidence<'_>| {
            evidence.status.is_some_and(|status| !(100..400).contains(&status))
                || evidence.signs.iter().any(|seen| meaning_of(seen).is_some())
        };
        let chosen = access
            .clone()
            .rfind(is_failure_of_client)
            .or_else(|| access.clone().rfind(failed))
            .or_else(|| access.clone().next_back());
        let mut whole: Option<Evidence<'_>> = None;
        // What tells of connections and hosts alone counts where nothing tells of the exchange as well.
        let errors = |event| {
            let fits = move |each: &&Evidence<'_>| each.event == event && !is_outcome(each);
            read.iter().filter(fits)
        };
        let well =
            |seen: &Seen<'_>| seen.sign.telling() >= Sign::SPECIFIC && meaning_of(seen).is_some();
        let told = errors(false).any(|evidence| evidence.signs.iter().any(well));
        for evidence in errors(true).filter(|_| !told).chain(errors(false)) {
            if chosen.is_some_and(|access| is_of_another(evidence, access)) {
                continue;
            }
            match &mut whole {
                None => whole = Some(evidence.clone()),
                Some(whole) => whole.absorb(evidence),
            }
        }
        let joined = chosen.and_then(|chosen| {
            let hops: Vec<_> = access.filter(|hop| hops::share_an_id(chosen, hop)).collect();
            if hops.len() > 1 { hops::join(&hops) } else { None }
        });
        match (&mut whole, joined.as_ref().or(chosen)) {
            (None, Some(access)) => whole = Some(access.clone()),
            (Some(errors), Some(access)) if belongs(errors, access) => errors.absorb(access),
            _ => {}
        }
        let mut whole = whole.unwrap_or_default();
        if self.error_log && whole.sources.has(Source::AccessLog) {
            whole.sources.add(Source::ErrorLog);
        }
        self.read_responses(&mut whole);
        if !decides(&whole) {
            for kept in &self.records {
                read_message_fields(kept, &mut whole);
            }
        }
        if !decides(&whole) {
            for loose in &self.loose {
                self.read_loose(loose, &mut whole);
            }
        }
        whole
    }

    fn read_responses<'a>(&'a self, whole: &mut Evidence<'a>) {
        let known = whole.status;
        for response in self.responses.iter().filter(|response| !response.text.is_empty()) {
            let origin = Origin::new(Source::Headers, response.input, 1);
            if let Err(breach) = http_message::read(&response.text, origin, whole) {
                http_message::add_breach(&response.text, origin, breach, whole);
            }
            read_response(&response.text, origin, whole);
        }
        // What the log says was sent to the client is what the client got.
        whole.status = known.or(whole.status);
        for body in self.bodies.iter().filter(|body| !body.text.is_empty()) {
            whole.body = Some(BodySignature::of(&body.text));
            whole.status = whole.status.or_else(|| standard::text::status(&body.text));
            let origin = Origin::new(Source::Body, body.input, 1);
            read_response(&body.text, origin, whole);
            if let Some(read) = standard::text::read(&body.text, origin) {
                whole.absorb(&read);
            }
        }
    }

    /// Text that no dialect reads line by line.
    fn read_loose<'a>(&self, loose: &'a Loose, whole: &mut Evidence<'a>) {
        let Loose { all: kept, words, joined } = loose;
        let mut gateway: Option<Evidence<'a>> = None;
        let mut take = |read: Evidence<'a>| match &mut gateway {
            None => gateway = Some(read),
            Some(gateway) => gateway.absorb(&read),
        };
        let lines = kept.text.split(|byte| *byte == b'\n').zip(1..);
        for (line, number) in lines {
            let origin = Origin { line: number, ..kept.origin };
            if let Some(read) = read_message(line, origin) {
                take(read);
            }
        }
        if !gateway.as_ref().is_some_and(decides) {
            // Over the line ends: a phrase may be broken by one.
            if let Some(read) = read_message(&kept.text, kept.origin) {
                gateway = Some(read);
            }
        }
        // What libraries say is in gateways' words too: it counts where it tells more.
        let object = words.text.trim_ascii();
        let library = standard::curl_json::read(object, words.origin)
            .or_else(|| standard::thrown::read(object, words.origin))
            .or_else(|| standard::text::read(&words.text, words.origin));
        let strength = |evidence: &Evidence<'_>| {
            let signs = evidence.signs.iter();
            signs.filter(|seen| meaning_of(seen).is_some()).map(|seen| seen.sign.telling()).max()
        };
        let joined = joined.as_ref().and_then(|kept| standard::text::read(&kept.text, kept.origin));
        let library = match (joined, library) {
            (Some(joined), Some(broken)) if strength(&joined) < strength(&broken) => Some(broken),
            (joined, broken) => joined.or(broken),
        };
        let (ours, theirs) =
            (gateway.as_ref().and_then(strength), library.as_ref().and_then(strength));
        if let Some(gateway) = &gateway {
            whole.absorb(gateway);
        }
        if let Some(library) = library.filter(|_| ours.is_none() || theirs > ours) {
            whole.absorb(&library);
        }
        if !decides(whole) {
            if let Some(read) = standard::text::read_protocols(&kept.text, kept.origin) {
                whole.absorb(&read);
            }
        }
        if let Some(mut head) = standard::fields::read_pasted(&kept.text, kept.origin) {
            // What was told before an answer that is well is about something else than it.
            let line = head.records.get(0).map_or(0, |(origin, _)| origin.line);
            let earlier = whole.find(|seen| seen.origin.line < line).is_some();
            head.status = head.status.filter(|status| *status >= 500 || !earlier);
            let known = whole.status;
            whole.absorb(&head);
            whole.status = known.or(whole.status);
        }
        whole.status = whole.status.or_else(|| standard::text::status(&kept.text));
        if whole.signs.is_empty() && whole.status.is_none() {
            if let Some(read) = standard::calm::read(&kept.text, kept.origin) {
                whole.absorb(&read);
            }
        }
    }
}

impl Kept {
    fn read(&self) -> Option<Evidence<'_>> {
        if self.text.first() == Some(&b'{') {
            if let Some(read) = standard::curl_json::read(&self.text, self.origin) {
                return Some(read);
            }
        }
        let dialect = self.dialect?;
        let mut evidence = dialect.again(&self.text, self.origin)?;
        evidence.at = self.at.or(evidence.at);
        Some(evidence)
    }
}

/// What the words of a text say in the dialect that understands most of it; of equal ones the first.
fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let read = DIALECTS.iter().filter_map(|dialect| (dialect.read_message)(text, origin));
    // The last of equal ones is the greatest.
    read.rev().max_by_key(Evidence::told)
}

/// What a gateway writes into responses of its own.
fn read_response<'a>(text: &'a [u8], origin: Origin, whole: &mut Evidence<'a>) {
    if let Some(read) = dialects::read_response(text, origin) {
        whole.absorb(&read);
    }
}

/// Reads the words of libraries in the fields of a JSON record that hold a message: a gateway's or
/// an application's own words, and no stranger's.
fn read_message_fields<'a>(kept: &'a Kept, whole: &mut Evidence<'a>) {
    const MESSAGES: &[&[u8]] = &[
        b"cause",
        b"err",
        b"errmsg",
        b"error",
        b"errorMessage",
        b"error_message",
        b"exception",
        b"message",
        b"msg",
        b"reason",
        b"stack",
        b"stack_trace",
    ];
    // What its own dialect knows needs no other's reading.
    let known =
        |evidence: Evidence<'_>| evidence.signs.iter().any(|seen| seen.sign != Sign::Unrecognized);
    if kept.text.first() != Some(&b'{') || kept.read().is_some_and(known) {
        return;
    }
    json::each(&kept.text, |around, key, value| {
        let own = around.is_empty() || MESSAGES.contains(&around);
        if own && MESSAGES.contains(&key) {
            if let Some(read) = standard::text::read(value, kept.origin) {
                whole.absorb(&read);
            }
        }
    });
}

/// Whether a line was broken for its length: it is long, or ends with the blank at which it was broken.
fn is_broken(line: &[u8]) -> bool {
    line.trim_ascii_end().len() >= BROKEN || piece(line).ends_with(b" ")
}

/// A line without its end, and without the blanks that a terminal fills it up with: one may be its own.
fn piece(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let full = line.trim_ascii_end();
    if line.len() == full.len() + 1 { line } else { full }
}

/// Keeps a message up to a length; answers how many of its bytes found no room.
fn keep_message(all: &mut Vec<Message>, text: &[u8], longest: usize, input: u16) -> usize {
    if all.len() >= MOST_MESSAGES {
        return text.len();
    }
    let kept = text.get(..longest).unwrap_or(text);
    all.push(Message { text: kept.to_vec(), input });
    text.len() - kept.len()
}

/// Whether a record tells how an exchange ended.
fn is_outcome(evidence: &Evidence<'_>) -> bool {
    evidence.sources.has(Source::AccessLog) || evidence.sources.has_clients()
}

/// Whether a client tells of a failure that is not its own: an archive holds many exchanges, and most
/// of those that did not end well are the page's own doing.
fn is_failure_of_client(evidence: &&Evidence<'_>) -> bool {
    let fails = |seen: &Seen<'_>| match meaning_of(seen) {
        Some(fault) => Outcome::of(fault) == Outcome::Failed,
        None => seen.sign == Sign::Failed,
    };
    let status = evidence.status.is_some_and(|status| status >= 500);
    evidence.sources.has_clients() && (status || evidence.find(fails).is_some())
}

/// Whether the evidence tells of a fault, or that there was none. What follows from another failure, or
/// is about no exchange, leaves room for what tells of one.
fn decides(evidence: &Evidence<'_>) -> bool {
    evidence.status.is_some_and(|status| (100..500).contains(&status))
        || evidence
            .signs
            .iter()
            .any(|seen| seen.sign.telling() > Sign::OLDER && meaning_of(seen).is_some())
}

/// Whether a record tells of a member of another group than a failed exchange went to.
fn is_of_another(event: &Evidence<'_>, access: &Evidence<'_>) -> bool {
    let fails = access.status.is_some_and(|status| !(100..400).contains(&status));
    let groups = event.cluster.zip(access.cluster);
    event.event && fails && groups.is_some_and(|(this, that)| this != that)
}

/// Whether an access record can be about the exchange of these error records: an excerpt often
/// holds lines of other, healthy requests.
fn belongs(errors: &Evidence<'_>, access: &Evidence<'_>) -> bool {
    let fails = access.status.is_some_and(|status| !(100..400).contains(&status));
    let notes = errors.signs.iter().all(|seen| seen.sign.telling() <= Sign::NOTE);
    let same = match (errors.request.path, access.request.path) {
        (Some(this), Some(that)) => this == that,
        _ => true,
    };
    fails || notes || same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_of_a_message_is_told() {
        let mut single = Single::new();
        assert_eq!(single.add_response(&[b' '; LONGEST_PASTE + 3], 0), 3);
        assert_eq!(single.add_body(&[b' '; LONGEST_LOOSE + 5], 1), 5);
        for _ in 1..MOST_MESSAGES {
            assert_eq!(single.add_response(b"HTTP/1.1 502 Bad Gateway\r\n\r\n", 2), 0);
        }
        assert_eq!(single.add_response(b"HTTP/1.1", 3), 8);
    }

    #[test]
    fn a_gateways_page_tells_its_status() {
        let page = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
            <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>";
        let mut single = Single::new();
        single.add_body(page, 0);
        assert_eq!(single.evidence().status, Some(502));
        let mut single = Single::new();
        single.add_body(b"<title>Order 502 is on its way</title>", 0);
        assert_eq!(single.evidence().status, None);
    }

    #[test]
    fn each_message_counts_and_names_its_input() {
        let mut single = Single::new();
        single.add_response(b"HTTP/1.1 200 OK\r\nX Y: 1\r\n\r\n", 4);
        single.add_response(b"SSH-2.0-OpenSSH_9.2\r\n", 5);
        let evidence = single.evidence();
        let place = |sign| {
            let seen = evidence.find(|seen| seen.sign == sign).unwrap();
            (seen.origin.source, seen.origin.input, seen.origin.line)
        };
        assert_eq!(place(Sign::Malformed), (Source::Headers, 4, 2));
        assert_eq!(place(Sign::NoStatusLine), (Source::Headers, 5, 1));
    }
}
