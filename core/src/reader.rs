//! From the bytes of one input to records: lines, their carriers, the dialect, records of several
//! lines. No I/O: the caller holds the buffer, says how much of it was used, and brings more.

use crate::dialects::{DIALECTS, Dialect, Glance};
use crate::evidence::{Evidence, Origin, Source, Timestamp};
use crate::scan::{envelope, time};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The longest line that is read; of a longer one the beginning is read and the rest passed over.
pub const LONGEST_LINE: usize = 256 * 1024;
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
    /// Whether the last record stood in a carrier.
    wrapped: bool,
    /// Whether the records tell if a response was sent whole.
    whole_told: bool,
    /// Whether the rest of a line that is too long is being passed over.
    skipping: bool,
    /// The text of the last record that was wrapped in JSON.
    unwrapped: Vec<u8>,
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
#[derive(Debug)]
pub(crate) struct Step<'a> {
    /// How many bytes of the buffer it used.
    pub(crate) used: usize,
    /// What was there.
    pub(crate) item: Item<'a>,
}

/// What was read.
#[derive(Debug)]
// A record is the rare one, and boxing it would allocate.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Item<'a> {
    /// A healthy exchange, with its line and who reads it.
    Healthy(Glance<'a>, Line<'a>),
    /// A record that may tell of a failure.
    Record(Evidence<'a>),
    /// A line that nobody understands.
    Unknown(&'a [u8]),
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
        (self.dialect.read)(self.text, self.origin)
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
            wrapped: false,
            whole_told: false,
            skipping: false,
            unwrapped: Vec::new(),
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

    /// How many lines were read.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.line
    }

    /// The dialect of the last record that was understood.
    #[must_use]
    pub const fn speaks(&self) -> Option<&'static Dialect> {
        self.dialect
    }

    /// Reads the next line or record at the beginning of the buffer. `ends` says that nothing
    /// follows the buffer, or that the rest should not be waited for.
    pub(crate) fn step<'a>(&'a mut self, buffer: &'a [u8], ends: bool) -> Step<'a> {
        let Some((line, used)) = next_line(buffer, ends) else {
            return self.without_line_end(buffer);
        };
        if self.skipping {
            self.skipping = false;
            return Step { used, item: Item::Blank };
        }
        self.line += 1;
        let line = line.get(..LONGEST_LINE).unwrap_or(line);
        if let (false, Some(dialect)) = (self.wrapped, self.dialect) {
            if let Some(glance) = (dialect.glance)(line, self.whole_told).filter(is_usual) {
                let line = Line { text: line, origin: self.origin(), dialect };
                return Step { used, item: Item::Healthy(glance, line) };
            }
        }
        self.record(buffer, line, used, ends)
    }

    /// The time of the next line, to merge inputs by. `None` where it has none.
    pub fn peek_time(&self, buffer: &[u8], ends: bool) -> Option<Timestamp> {
        let (line, _) = next_line(buffer, ends)?;
        let direct = |line: &[u8]| {
            time::slashed(line).map(|(at, _)| at).or_else(|| {
                let open = memchr::memchr(b'[', line)?;
                time::common(line.get(open + 1..)?)
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
    fn without_line_end<'a>(&'a mut self, buffer: &'a [u8]) -> Step<'a> {
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
        let item = match self.read(start) {
            Some(evidence) => Item::Record(evidence),
            None => Item::Unknown(start),
        };
        Step { used: buffer.len(), item }
    }

    fn record<'a>(
        &'a mut self,
        buffer: &'a [u8],
        line: &'a [u8],
        mut used: usize,
        ends: bool,
    ) -> Step<'a> {
        let mut record = line;
        if self.is_unfinished(line) {
            let first = self.line;
            while let Some(rest) = buffer.get(used..) {
                let Some((next, more)) = next_line(rest, ends) else {
                    if ends || used > LONGEST_RECORD {
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
        let item = match self.read(record) {
            Some(evidence) => Item::Record(evidence),
            None => Item::Unknown(record),
        };
        Step { used, item }
    }

    fn is_unfinished(&self, record: &[u8]) -> bool {
        candidates(self.dialect, self.only).any(|dialect| (dialect.is_unfinished)(record))
    }

    fn starts_record(&self, line: &[u8]) -> bool {
        let origin = self.origin();
        candidates(self.dialect, self.only).any(|dialect| (dialect.read)(line, origin).is_some())
    }

    const fn origin(&self) -> Origin {
        Origin::new(Source::Caller, self.input, self.line)
    }

    /// Reads a record, and completes its time.
    fn read<'a>(&'a mut self, record: &'a [u8]) -> Option<Evidence<'a>> {
        let zone = self.zone.clone();
        let mut evidence = self.open(record)?;
        if let Some(zone) = zone {
            evidence.at = evidence.at.map(|at| zone.complete(at));
        }
        Some(evidence)
    }

    /// Reads a record as it stands, then without its carriers.
    fn open<'a>(&'a mut self, record: &'a [u8]) -> Option<Evidence<'a>> {
        let origin = self.origin();
        let Self { dialect, wrapped, unwrapped, year, only, whole_told, .. } = self;
        let mut attempt = |text: &'a [u8], in_carrier: bool| {
            for candidate in candidates(*dialect, *only) {
                if let Some(evidence) = (candidate.read)(text, origin) {
                    *dialect = Some(candidate);
                    *wrapped = in_carrier;
                    *whole_told |= evidence.complete.is_some();
                    return Some(evidence);
                }
            }
            None
        };
        if let Some(evidence) = attempt(envelope::trim_end(record), false) {
            return Some(evidence);
        }
        let opened = envelope::open(record, *year);
        let inner = envelope::trim_end(opened.inner);
        if opened.wrapped {
            if let Some(mut evidence) = attempt(inner, true) {
                evidence.at = evidence.at.or(opened.at);
                return Some(evidence);
            }
        }
        if inner.first() == Some(&b'{') {
            let unwrapped = envelope::unwrap_json(inner, unwrapped)?;
            let carried = envelope::open(unwrapped.inner, *year);
            if let Some(mut evidence) = attempt(carried.inner, true) {
                evidence.at = evidence.at.or(carried.at).or(unwrapped.at).or(opened.at);
                return Some(evidence);
            }
        }
        // Nothing in this input was understood yet: perhaps messages were pasted alone.
        if dialect.is_some() {
            return None;
        }
        candidates(None, *only).find_map(|dialect| (dialect.read_message)(inner, origin))
    }
}

/// The dialects to try: the one that spoke last is the likeliest.
fn candidates(
    last: Option<&'static Dialect>,
    only: Option<&'static Dialect>,
) -> impl Iterator<Item = &'static Dialect> {
    last.into_iter()
        .chain(DIALECTS)
        .filter(move |dialect| only.is_none_or(|only| core::ptr::eq(only, *dialect)))
}

/// Whether a record is the usual one: a response that is no failure of any kind. The statuses that
/// may be the gateway's or the client's doing are looked at.
const fn is_usual(glance: &Glance<'_>) -> bool {
    let looked_at = matches!(glance.status, 400 | 403 | 408 | 413 | 414 | 431 | 444 | 494..=499);
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
                let step = reader.step(&log[start..end], end == log.len());
                let used = step.used;
                match step.item {
                    Item::Record(evidence) => {
                        let (origin, text) = *evidence.records.get(0).unwrap();
                        seen.push((origin.line, text.len()));
                    }
                    Item::More if used == 0 => end = log.len(),
                    Item::More | Item::Blank => {}
                    other => panic!("{other:?}"),
                }
                start += used;
                end = end.max(start);
            }
            assert_eq!(reader.lines(), 2);
        }
        assert_eq!(seen, [(1, LONGEST_LINE); 3]);
    }
}
