//! From the bytes of one input to records: lines, their carriers, the dialect, records of several
//! lines. No I/O: the caller holds the buffer, says how much of it was used, and brings more.

mod document;

use crate::dialects::{self, DIALECTS, Dialect, Glance, Told};
use crate::evidence::{Evidence, Origin, Source, Timestamp};
use crate::scan::document::Document;
use crate::scan::{envelope, time};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The longest line that is read; of a longer one the beginning is read and the rest passed over.
pub const LONGEST_LINE: usize = 256 * 1024;
/// How many lines are looked at to see what an input is.
const FIRST_LINES: usize = 16;
/// How many bytes a record of several lines may have.
const LONGEST_RECORD: usize = 32 * 1024;

/// Reads one input.
#[derive(Debug)]
pub struct Reader {
    input: u16,
    /// Lines that were used up.
    line: u64,
    /// The only dialect, where the caller named it.
    only: Option<&'static Dialect>,
    /// The year for times that name none.
    year: Option<u16>,
    /// The zone for times that name none.
    zone: Option<Zone>,
    /// The dialect that the last record spoke.
    dialect: Option<&'static Dialect>,
    /// The dialect that another input of the run speaks, where it may be this one's too.
    neighbour: Option<&'static Dialect>,
    /// The dialect of messages that stood alone, where no record was understood.
    messages: Option<&'static Dialect>,
    /// Whether the last record was one that a glance reads: of an access log, in no carrier.
    glances: bool,
    /// What the records tell of a healthy exchange.
    told: Told,
    /// Whether the rest of a line that is too long is being passed over.
    skipping: bool,
    /// The text of the last record that was wrapped in JSON.
    unwrapped: Vec<u8>,
    /// The JSON document that was read last, whose records are no lines, and its dialect.
    document: Option<(&'static Dialect, Document)>,
    /// Whether a document ended in the line that is being read.
    behind: bool,
    /// The line up to which the beginning of a document is not looked for beyond its own line.
    quiet: u64,
}

/// A time zone: minutes ahead of UTC at a moment of its own clock.
#[derive(Clone)]
pub struct Zone(Arc<dyn Fn(Timestamp) -> i16 + Send + Sync>);

impl Zone {
    /// From a function of the local time.
    pub fn new(offset_at: impl Fn(Timestamp) -> i16 + Send + Sync + 'static) -> Self {
        Self(Arc::new(offset_at))
    }

    fn complete(&self, at: Timestamp) -> Timestamp {
        match at.offset_minutes() {
            Some(_) => at,
            None => at.in_zone((self.0)(at)),
        }
    }
}

impl core::fmt::Debug for Zone {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Zone")
    }
}

/// One step through an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// How many bytes of the buffer it used.
    pub(crate) used: usize,
    /// What was there.
    pub(crate) item: Item,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A record: the evidence holds what it says.
    Record,
    /// A line that nobody understands.
    Unknown,
    /// A blank line.
    Blank,
    /// More bytes are needed to go on.
    More,
}

/// A line that was only glanced at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    text: &'a [u8],
    origin: Origin,
    dialect: &'static Dialect,
}

impl<'a> Line<'a> {
    /// Everything that the line says.
    pub(crate) fn read(&self) -> Option<Evidence<'a>> {
        self.dialect.again(self.text, self.origin)
    }
}

impl Reader {
    /// A reader of the input with this number.
    #[must_use]
    pub const fn new(input: u16) -> Self {
        Self {
            input,
            line: 0,
            only: None,
            year: None,
            zone: None,
            dialect: None,
            neighbour: None,
            messages: None,
            glances: false,
            told: Told { times: false, whole: false },
            skipping: false,
            unwrapped: Vec::new(),
            document: None,
            behind: false,
            quiet: 0,
        }
    }

    /// Reads this dialect only.
    #[must_use]
    pub const fn dialect(mut self, only: Option<&'static Dialect>) -> Self {
        self.only = only;
        self
    }

    /// Takes this year for times that name none (syslog's, RFC 3164).
    #[must_use]
    pub const fn year(mut self, year: Option<u16>) -> Self {
        self.year = year;
        self
    }

    /// Takes this zone for times that name none.
    #[must_use]
    pub fn zone(mut self, zone: Option<Zone>) -> Self {
        self.zone = zone;
        self
    }

    /// A reader as this one was before it read so many lines, to try what it could not read.
    pub(crate) fn beside(&self, lines: u64) -> Self {
        let mut beside = Self::new(self.input).dialect(self.only).year(self.year);
        beside.zone.clone_from(&self.zone);
        beside.line = self.line.saturating_sub(lines);
        beside
    }

    /// Passes over lines that were read beside it.
    pub(crate) const fn pass(&mut self, lines: u64) {
        self.line += lines;
    }

    /// How many lines were read.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.line
    }

    /// The dialect of the last record that was understood.
    #[must_use]
    pub fn speaks(&self) -> Option<&'static Dialect> {
        self.dialect.or(self.messages)
    }

    /// Says that another input of the run holds this dialect's error log: then records that several
    /// gateways write alike are taken for its.
    pub(crate) const fn set_neighbour(&mut self, neighbour: Option<&'static Dialect>) {
        self.neighbour = neighbour;
    }

    /// Reads the next line at the beginning of the buffer where it is the usual one, a healthy
    /// exchange; with how many bytes it used.
    pub(crate) fn usual<'a>(
        &mut self,
        buffer: &'a [u8],
        ends: bool,
    ) -> Option<(Glance<'a>, Line<'a>, usize)> {
        let dialect = self.dialect.filter(|_| self.glances && !self.skipping)?;
        let (line, used) = next_line(buffer, ends)?;
        let glance = (dialect.glance)(line, self.told).filter(is_usual)?;
        self.line += 1;
        Some((glance, Line { text: line, origin: self.origin(), dialect }, used))
    }

    /// Reads the next line or record at the beginning of the buffer into evidence that holds
    /// nothing yet. `ends` says that nothing follows the buffer, or that the rest should not be
    /// waited for.
    pub(crate) fn step<'a>(
        &'a mut self,
        buffer: &'a [u8],
        ends: bool,
        evidence: &mut Evidence<'a>,
    ) -> Step {
        if self.behind {
            if let Some(step) = self.step_behind(buffer, ends) {
                return step;
            }
        }
        if !self.skipping {
            match self.document_at(buffer, ends) {
                Some(true) => return self.step_in_document(buffer, ends, evidence),
                Some(false) => {}
                None => return Step { used: 0, item: Item::More },
            }
        }
        let Some((line, used)) = next_line(buffer, ends) else {
            return self.without_line_end(buffer, evidence);
        };
        if self.skipping {
            self.skipping = false;
            return Step { used, item: Item::Blank };
        }
        self.line += 1;
        let line = line.get(..LONGEST_LINE).unwrap_or(line);
        self.record(buffer, line, used, ends, evidence)
    }

    /// The time of the next line, to merge inputs by, in the zone that was told where the line
    /// names none. `None` where it has no time.
    #[must_use]
    pub fn peek_time(&self, buffer: &[u8], ends: bool) -> Option<Timestamp> {
        if self.in_document() {
            return None;
        }
        let at = self.time_of(next_line(buffer, ends)?.0)?;
        Some(self.zone.as_ref().map_or(at, |zone| zone.complete(at)))
    }

    /// Whether the first line that is understood is an error log's. Where two inputs name the same
    /// moment, such an input is read first: a gateway writes the error record before the access
    /// record of its exchange.
    #[must_use]
    pub fn begins_as_error_log(&self, buffer: &[u8], ends: bool) -> bool {
        self.error_log(buffer, ends).is_some()
    }

    /// The dialect of the error log that the first line is of which is understood; `None` where that
    /// is no error log's.
    #[must_use]
    pub fn error_log(&self, buffer: &[u8], ends: bool) -> Option<&'static Dialect> {
        let mut reader = Self::new(self.input).dialect(self.only).year(self.year);
        let mut rest = buffer;
        for _ in 0..FIRST_LINES {
            let mut evidence = Evidence::default();
            let Step { used, item } = reader.step(rest, ends, &mut evidence);
            match item {
                Item::Record if evidence.sources.has(Source::ErrorLog) => {
                    return evidence.gateway.and_then(dialects::of_gateway);
                }
                Item::Record | Item::More => return None,
                Item::Unknown | Item::Blank => {}
            }
            rest = rest.get(used..).unwrap_or_default();
        }
        None
    }

    fn time_of(&self, line: &[u8]) -> Option<Timestamp> {
        let direct = |line: &[u8]| {
            time::slashed(line).map(|(at, _)| at).or_else(|| {
                let open = memchr::memchr(b'[', line)?;
                let inside = line.get(open + 1..)?;
                time::common(inside).or_else(|| {
                    time::ctime(inside.split(|byte| *byte == b']').next().unwrap_or(inside))
                })
            })
        };
        direct(line).or_else(|| {
            let opened = envelope::open(line, self.year);
            direct(opened.inner).or(opened.at).or_else(|| {
                let (_, rest) = crate::scan::split(opened.inner, b"time")?;
                rest.split(|byte| *byte == b'"').find_map(time::any)
            })
        })
    }

    /// The buffer holds no line end.
    fn without_line_end<'a>(&'a mut self, buffer: &'a [u8], evidence: &mut Evidence<'a>) -> Step {
        if self.skipping {
            return Step { used: buffer.len(), item: Item::More };
        }
        if buffer.len() < LONGEST_LINE {
            return Step { used: 0, item: Item::More };
        }
        self.skipping = true;
        self.line += 1;
        let start = buffer.get(..LONGEST_LINE).unwrap_or(buffer);
        // The beginning is enough for every gateway's record; what follows is passed over.
        let item = if self.read(start, evidence) { Item::Record } else { Item::Unknown };
        Step { used: buffer.len(), item }
    }

    fn record<'a>(
        &'a mut self,
        buffer: &'a [u8],
        line: &'a [u8],
        mut used: usize,
        ends: bool,
        evidence: &mut Evidence<'a>,
    ) -> Step {
        let mut record = line;
        if self.is_unfinished(line) {
            let first = self.line;
            while let Some(rest) = buffer.get(used..) {
                let Some((next, more)) = next_line(rest, ends) else {
                    // `used` and what waits of the next line are all that a record may have.
                    if ends || buffer.len() > LONGEST_RECORD {
                        break;
                    }
                    self.line = first - 1;
                    return Step { used: 0, item: Item::More };
                };
                if used + more > LONGEST_RECORD || self.starts_record(next) {
                    break;
                }
                self.line += 1;
                used += more;
                let end = used - (more - next.len());
                record = buffer.get(..end).unwrap_or(record);
                if !self.is_unfinished(record) {
                    break;
                }
            }
        }
        if record.trim_ascii().is_empty() {
            return Step { used, item: Item::Blank };
        }
        let item = if self.read(record, evidence) { Item::Record } else { Item::Unknown };
        Step { used, item }
    }

    fn is_unfinished(&self, record: &[u8]) -> bool {
        candidates(self.only).any(|dialect| (dialect.is_unfinished)(record))
    }

    fn starts_record(&self, line: &[u8]) -> bool {
        let origin = self.origin();
        candidates(self.only).any(|dialect| (dialect.read)(line, origin, &mut Evidence::default()))
    }

    const fn origin(&self) -> Origin {
        Origin::new(Source::Caller, self.input, self.line)
    }

    /// Reads a record as it stands, then without its carriers; and completes its time.
    fn read<'a>(&'a mut self, record: &'a [u8], evidence: &mut Evidence<'a>) -> bool {
        let origin = self.origin();
        let Self {
            dialect, neighbour, messages, glances, unwrapped, year, zone, only, told, ..
        } = self;
        let mut attempt = |text: &'a [u8], in_carrier: bool, evidence: &mut Evidence<'a>| {
            let mut all = candidates(*only);
            let named = only.is_some_and(|only| (only.read_shared)(text, origin, evidence));
            let likely = dialect.filter(|last| only.is_none() && (last.is_likely)(text));
            let reads = match (*only, likely) {
                (Some(only), _) if named => Some(only),
                (_, Some(last)) if (last.read)(text, origin, evidence) => Some(last),
                _ => all.find(|each| (each.read)(text, origin, evidence)),
            };
            let Some(mut reads) = reads else { return false };
            // The input's own dialect, or its neighbour's, may write such records too.
            if evidence.sources.has(Source::AccessLog) {
                let mut shared = Evidence::default();
                let homes = dialect.iter().chain(neighbour.iter()).copied();
                let home = homes
                    .filter(|home| home.gateway != reads.gateway && only.is_none())
                    .find(|home| (home.read_shared)(text, origin, &mut shared));
                if let Some(home) = home {
                    reads = home;
                    *evidence = shared;
                }
            }
            *dialect = Some(reads);
            *glances = !in_carrier && evidence.sources.has(Source::AccessLog);
            told.times |= evidence.timings.total.is_some();
            told.whole |= evidence.complete.is_some();
            true
        };
        let carried_at = if attempt(envelope::trim_end(record), false, evidence) {
            None
        } else {
            let opened = envelope::open(record, *year);
            let inner = envelope::trim_end(opened.inner);
            if opened.wrapped && attempt(inner, true, evidence) {
                opened.at
            } else if inner.first() == Some(&b'{') {
                let Some(unwrapped) = envelope::unwrap_json(inner, unwrapped) else { return false };
                let carried = envelope::open(unwrapped.inner, *year);
                if !attempt(carried.inner, true, evidence) {
                    return false;
                }
                carried.at.or(unwrapped.at).or(opened.at)
            } else if dialect.is_some() || time::slashed(inner).is_some() {
                // A date in front that no dialect takes is another program's: Go writes nginx's.
                return false;
            } else {
                // Nothing in this input was understood yet: perhaps messages were pasted alone.
                let all = candidates(*only).filter(|dialect| (dialect.is_message)(inner));
                let all = all.filter_map(|each| Some((each, (each.read_message)(inner, origin)?)));
                match all.max_by_key(|(_, evidence)| evidence.told()) {
                    Some((reads, read)) => {
                        *messages = Some(reads);
                        *evidence = read;
                    }
                    None => return false,
                }
                None
            }
        };
        evidence.at = evidence.at.or(carried_at);
        if let Some(zone) = zone {
            evidence.at = evidence.at.map(|at| zone.complete(at));
        }
        true
    }
}

/// The dialects to try.
fn candidates(only: Option<&'static Dialect>) -> impl Iterator<Item = &'static Dialect> {
    let wanted = move |dialect: &&Dialect| only.is_none_or(|only| core::ptr::eq(only, *dialect));
    DIALECTS.iter().copied().filter(wanted)
}

/// Whether a record is the usual one: a response that is no failure of any kind. The statuses that
/// may be the gateway's or the client's doing are looked at.
const fn is_usual(glance: &Glance<'_>) -> bool {
    let looked_at = !glance.answered
        && matches!(glance.status, 400 | 403 | 408 | 413 | 414 | 431 | 444 | 494..=499);
    glance.status >= 100 && glance.status < 500 && !looked_at && !glance.cut_short
}

/// The next line without its end, and how many bytes it uses.
fn next_line(buffer: &[u8], ends: bool) -> Option<(&[u8], usize)> {
    match memchr::memchr(b'\n', buffer) {
        Some(at) => {
            let line = buffer.get(..at)?;
            Some((line.strip_suffix(b"\r").unwrap_or(line), at + 1))
        }
        None if ends && !buffer.is_empty() => Some((buffer, buffer.len())),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &[u8] = b"2026/11/22 07:38:39 [error] 7#7: *1 no live upstreams\n";

    fn step(reader: &mut Reader, buffer: &[u8]) -> Step {
        reader.step(buffer, false, &mut Evidence::default())
    }

    #[test]
    fn a_line_without_end_is_one_line() {
        let mut reader = Reader::new(0);
        let long = alloc::vec![b'x'; LONGEST_LINE];
        assert_eq!(step(&mut reader, &long).item, Item::Unknown);
        assert_eq!(step(&mut reader, &long).item, Item::More);
        assert_eq!(step(&mut reader, b"rest\n").item, Item::Blank);
        assert_eq!(reader.lines(), 1);
        let mut evidence = Evidence::default();
        assert_eq!(reader.step(ERROR, false, &mut evidence).item, Item::Record);
        assert_eq!(evidence.records.get(0).unwrap().0.line, 2);
    }

    #[test]
    fn a_line_that_is_too_long_is_read_alike_however_it_comes() {
        let begin = b"2026/11/22 07:38:39 [error] 31#31: *7 no live upstreams, client: ";
        let mut log = begin.to_vec();
        log.resize(LONGEST_LINE + 100, b'a');
        log.extend(b"\n\n");
        let mut seen = Vec::new();
        for size in [LONGEST_LINE, LONGEST_LINE + 99, log.len()] {
            let mut reader = Reader::new(0);
            let (mut start, mut end) = (0, size);
            while start < log.len() {
                let mut evidence = Evidence::default();
                let Step { used, item } =
                    reader.step(&log[start..end], end == log.len(), &mut evidence);
                match item {
                    Item::Record => {
                        let (origin, text) = evidence.records.get(0).unwrap();
                        seen.push((origin.line, text.len()));
                    }
                    Item::More if used == 0 => end = log.len(),
                    Item::More | Item::Blank => {}
                    Item::Unknown => panic!("a record was not read"),
                }
                start += used;
                end = end.max(start);
            }
            assert_eq!(reader.lines(), 2);
        }
        assert_eq!(seen, [(1, LONGEST_LINE); 3]);
    }

    #[test]
    fn a_record_that_never_ends_is_not_waited_for() {
        let mut buffer = b"2026/11/22 07:38:39 [error] 7#7: *1 open \"quote\n".to_vec();
        buffer.resize(LONGEST_LINE, b'x');
        let used = step(&mut Reader::new(0), &buffer).used;
        assert!(used > 0 && used < 100, "used {used}");
    }

    #[test]
    fn times_without_a_zone_are_peeked_at_in_the_zone_that_was_told() {
        let reader = Reader::new(0).zone(Some(Zone::new(|_| 60)));
        let peeked = reader.peek_time(ERROR, false).unwrap();
        assert_eq!(peeked.offset_minutes(), Some(60));
    }

    #[test]
    fn the_kind_of_log_is_seen_behind_lines_of_others() {
        let reader = Reader::new(0);
        let access = b"10.0.0.9 - - [22/Nov/2026:07:38:34 +0000] \"GET / HTTP/1.1\" 502 157\n";
        assert!(reader.begins_as_error_log(&[b"hello\n", ERROR].concat(), false));
        assert!(!reader.begins_as_error_log(&[&access[..], ERROR].concat(), false));
        assert!(!reader.begins_as_error_log(b"hello", false));
    }
}
