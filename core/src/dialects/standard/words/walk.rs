//! Goes through a text once and asks the tables at each beginning of a word.

use super::fold::{Folded, begins, goes_on};
use super::{Name, Phrase, Says};
use crate::dialects::standard::{TABLES, curl, errno, fields, grpc, http2, tls};
use crate::evidence::Sign;
use crate::scan::{self, number};
use crate::vocabulary::Phase;

/// How much text in front of what happened is quoted with it.
const LONGEST_QUOTE: usize = 300;
/// How long the name of an alert may be.
const LONGEST_ALERT: usize = 100;

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

/// Parts of a URL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Url<'a> {
    pub(crate) authority: &'a [u8],
    pub(crate) path: &'a [u8],
    pub(crate) tls: bool,
}

/// What the words before tell.
#[derive(Clone, Copy, Debug)]
struct Place {
    phase: Phase,
    rank: Rank,
    start: usize,
}

/// How firmly words tell where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Verb,
    Call,
    Around,
}

/// Everything that the words of a text say, in its order.
#[derive(Debug)]
pub(crate) struct Hits<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the line begins.
    line: usize,
    place: Option<Place>,
    /// Whether something was told in the line already.
    told: bool,
    /// Whether the line is one of an access log.
    access: bool,
    /// Whether OpenSSL speaks.
    openssl: bool,
    address: Option<&'a [u8]>,
    url: Option<Url<'a>>,
    /// Whether a line begins here.
    begins: bool,
    /// Whether the lines are fields of a response.
    head: bool,
    /// How much is passed over behind the words that were just read.
    skip: usize,
}

impl<'a> Hits<'a> {
    /// Of an error line of OpenSSL's.
    pub(crate) fn of_openssl(text: &'a [u8]) -> Self {
        Self { openssl: true, ..Self::of(text, Some(Phase::Tls)) }
    }

    /// Of a text whose words are said about a phase, where that is known.
    pub(crate) fn of(text: &'a [u8], phase: Option<Phase>) -> Self {
        let place = phase.map(|phase| Place { phase, rank: Rank::Call, start: 0 });
        Self {
            text,
            at: 0,
            line: 0,
            place,
            told: false,
            access: false,
            openssl: false,
            address: None,
            url: None,
            begins: true,
            head: false,
            skip: 0,
        }
    }

    fn rest(&self, at: usize) -> &'a [u8] {
        self.text.get(at..).unwrap_or_default()
    }

    fn before(&self, at: usize) -> Option<u8> {
        at.checked_sub(1).and_then(|at| self.text.get(at)).copied()
    }

    /// A new line: what the line before told is over, where it told anything.
    fn new_line(&mut self) {
        if self.told || self.access {
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
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(rest);
        let inside = line.strip_prefix(b"< ").unwrap_or(line);
        if fields::status_line(inside).is_some() {
            self.head = true;
            return;
        }
        self.head &= fields::field(inside).is_some();
        if self.head || line.starts_with(b"> ") {
            self.at += line.len();
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
        let (token, _) = scan::span(rest, |byte| !ends_word(byte));
        let token = trim_end(token);
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
        loop {
            if let Some(says) = TABLES.iter().find_map(|table| find_name(table.1, part)) {
                return Some((says, token.len()));
            }
            if part.starts_with(b"HPE_INVALID_") {
                return Some((Says::At(Sign::Malformed, Phase::ResponseHeaders), token.len()));
            }
            let dot = memchr::memchr3(b'.', b':', b'$', part)?;
            part = part.get(dot + 1..)?;
        }
    }

    /// Whether words that end there are words of their own, and count where they stand.
    fn counts(&self, phrase: &Phrase, end: usize) -> bool {
        let next = self.text.get(self.at + end).copied();
        let last = phrase.goes_on.as_bytes().last().or(phrase.begins.as_bytes().last());
        let open = last.is_some_and(u8::is_ascii_alphanumeric);
        if open && next.is_some_and(|next| is_word(next) || matches!(next, b'-' | b'/' | b'=')) {
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

    /// Takes note of where something happened.
    fn enter(&mut self, phase: Phase, rank: Rank) {
        if self.place.is_none_or(|place| rank >= place.rank) {
            let start = match self.place {
                // A chain of calls is quoted from its beginning.
                Some(place) if place.start >= self.line && place.rank >= Rank::Call => place.start,
                _ => self.at,
            };
            self.place = Some(Place { phase, rank, start });
            if rank >= Rank::Call {
                self.address = None;
            }
        }
    }

    /// What words say that stand here and end there.
    fn said(&mut self, says: Says, end: usize) -> Option<Hit<'a>> {
        let rest = self.rest(self.at + end);
        let here = self.place.map(|place| place.phase);
        let (sign, phase, number, general) = match says {
            Says::Near(phase) => {
                self.enter(phase, Rank::Verb);
                return None;
            }
            Says::Where(phase) => {
                self.enter(phase, Rank::Call);
                return None;
            }
            Says::Within(phase) => {
                self.enter(phase, Rank::Around);
                return None;
            }
            Says::Openssl => {
                self.openssl = true;
                self.enter(Phase::Tls, Rank::Call);
                (Sign::HandshakeFailed, Some(Phase::Tls), None, true)
            }
            Says::What(sign, usual) | Says::Alone(sign, usual) => {
                (sign, here.or(usual), None, false)
            }
            Says::Is(sign) => (sign, here, None, false),
            Says::At(sign, phase) => (sign, Some(phase), None, false),
            Says::Perhaps(sign, phase) => {
                // Words around that name the place stand; a place of the words' own does not undo it.
                let phase = match self.place {
                    Some(place) if place.rank == Rank::Around => place.phase,
                    _ => phase,
                };
                self.enter(phase, Rank::Call);
                (sign, Some(phase), None, true)
            }
            Says::Status => {
                let status = status(rest)?;
                (Sign::ServerError, Some(Phase::ResponseHeaders), Some(status), false)
            }
            Says::Amid(sign, phase) => {
                let phase = match self.place {
                    Some(place) if place.rank == Rank::Around => place.phase,
                    _ => phase,
                };
                self.enter(phase, Rank::Around);
                (sign, Some(phase), None, true)
            }
            Says::Mapped => {
                let (sign, number) = match number::leading(rest)?.0 {
                    status @ 500..=599 => (Sign::ServerError, u32::try_from(status).ok()),
                    401 | 403 => (Sign::Denied, None),
                    429 => (Sign::ServerError, Some(503)),
                    400..=499 => (Sign::ServerError, Some(500)),
                    _ => return None,
                };
                (sign, Some(Phase::ResponseHeaders), number, false)
            }
            Says::Tunnel => {
                let status = number::leading(rest).map(|(status, _)| status);
                match status {
                    Some(status @ 500..=599) => {
                        let status = u32::try_from(status).ok();
                        (Sign::ServerError, Some(Phase::ResponseHeaders), status, false)
                    }
                    Some(400..=499) => (Sign::Denied, None, None, false),
                    // What came was no answer.
                    _ => (Sign::Ended, Some(Phase::ResponseHeaders), None, true),
                }
            }
            Says::Exit => {
                let (code, _) = number::leading(rest.trim_ascii_start())?;
                match curl::exit(code)? {
                    Says::Perhaps(sign, phase) => {
                        self.enter(phase, Rank::Call);
                        (sign, Some(phase), None, true)
                    }
                    _ => return None,
                }
            }
            Says::Answered(status) => {
                (Sign::ServerError, Some(Phase::ResponseHeaders), Some(u32::from(status)), true)
            }
            Says::Errno => {
                let (number, _) = number::leading(rest.strip_prefix(b"-").unwrap_or(rest))?;
                let number = u32::try_from(number).ok()?;
                let sign = match rest.first() {
                    Some(b'-') => return None,
                    _ => errno::network(number)?,
                };
                (sign, here.or(errno::usual_phase(sign)), Some(number), false)
            }
            Says::Alert => {
                let number = tls::alert_named(rest)?;
                let phase = if number == 0 { Some(Phase::ResponseHeaders) } else { here };
                // An alert's name is no word about a certificate of the peer's.
                let name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_ `".contains(byte);
                self.skip = rest.iter().take(LONGEST_ALERT).take_while(|byte| name(byte)).count();
                (tls::alert_from_upstream(number), phase, Some(number), false)
            }
            Says::Code => {
                let code = http2::code(rest)?;
                let (sign, phase) = http2::sign(code);
                (sign, phase, Some(code), false)
            }
            Says::Grpc => {
                let (sign, phase, number) = grpc::named(rest)?;
                (sign, phase, number, true)
            }
        };
        let phase = placed(sign, phase, here);
        let sign = match (phase, sign.phase()) {
            // What goes wrong in a handshake of the client's is the client's affair.
            (Some(Phase::Client), Some(Phase::Tls)) => Sign::ClientInvalid,
            _ => sign,
        };
        let number = number.or_else(|| match sign {
            Sign::ServerError => Some(500),
            Sign::StreamReset | Sign::GoAway => http2::code(rest),
            _ => None,
        });
        self.told = true;
        let start = match self.place {
            Some(place) if place.start >= self.line && self.at - place.start <= LONGEST_QUOTE => {
                place.start
            }
            _ => self.at,
        };
        let quote = self.text.get(start..self.at + end).unwrap_or_default();
        let quote = quote.get(..2 * LONGEST_QUOTE).unwrap_or(quote).trim_ascii();
        let address = self.address.or_else(|| following(rest));
        let sign = match sign {
            // A host that has no address of that family.
            Sign::OutOfPorts if address.is_some_and(|address| address.starts_with(b"[")) => {
                Sign::AddressInvalid
            }
            _ => sign,
        };
        Some(Hit { sign, phase, number, general, quote, at: self.at, address, url: self.url })
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
                _ if self.pass_over() => {}
                _ if is_word(byte) => {
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

/// Where a sign was seen: what can happen in one place only happened there, whatever verb stood
/// before it.
fn placed(sign: Sign, phase: Option<Phase>, here: Option<Phase>) -> Option<Phase> {
    match (sign, here) {
        (_, Some(Phase::Client)) => here,
        // Only a write finds a pipe broken.
        (Sign::BrokenPipe, None | Some(Phase::Connect | Phase::ResponseHeaders)) => {
            Some(Phase::Request)
        }
        // A connection is refused when it is made, or when a resolver is asked.
        (Sign::Refused, Some(Phase::Resolve)) => here,
        (Sign::Refused, _) => Some(Phase::Connect),
        (
            Sign::HeaderTooLarge
            | Sign::ProtocolMismatch
            | Sign::NoStatusLine
            | Sign::StreamReset
            | Sign::GoAway,
            Some(Phase::ResponseBody),
        ) => here,
        _ => sign.phase().or(phase),
    }
}

/// The longest phrase of a table that a text begins with, and that counts there; with where it
/// ends.
fn longest(
    text: &[u8],
    folded: &Folded,
    table: &[Phrase],
    counts: impl Fn(&Phrase, usize) -> bool,
) -> Option<(Says, usize)> {
    let mut head = folded.bytes();
    loop {
        let after = table.partition_point(|phrase| phrase.begins.as_bytes() <= head);
        let last = after.checked_sub(1)?;
        let begins = table.get(last)?.begins.as_bytes();
        if head.starts_with(begins) {
            let from = table.partition_point(|phrase| phrase.begins.as_bytes() < begins);
            let head_ends = folded.end(begins.len());
            let alike = table.get(from..after).unwrap_or_default();
            let fits = alike.iter().filter_map(|phrase| {
                let rest = goes_on(text.get(head_ends..)?, phrase.goes_on)?;
                let end = head_ends + rest;
                counts(phrase, end).then_some((phrase.says, end))
            });
            let best = fits.max_by_key(|(_, end)| *end);
            if best.is_some() {
                return best;
            }
            head = head.get(..begins.len().checked_sub(1)?)?;
        } else {
            let shared = begins.iter().zip(head).take_while(|(a, b)| a == b).count();
            head = head.get(..shared)?;
        }
        if head.is_empty() {
            return None;
        }
    }
}

fn find_name(names: &[Name], token: &[u8]) -> Option<Says> {
    let at = names.binary_search_by(|(name, _)| name.as_bytes().cmp(token)).ok()?;
    names.get(at).map(|(_, says)| *says)
}

/// A name with its parts: `java.net.ConnectException`, `io::ErrorKind::BrokenPipe`.
fn token(text: &[u8]) -> &[u8] {
    let mut end = 0;
    while let Some(byte) = text.get(end) {
        let colons = *byte == b':' && text.get(end + 1) == Some(&b':');
        if colons {
            end += 2;
        } else if is_word(*byte) || matches!(byte, b'.' | b'$') {
            end += 1;
        } else {
            break;
        }
    }
    trim_end(text.get(..end).unwrap_or_default())
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',' | b')' | b'(' | b'<' | b';')
}

const fn opens(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'=' | b'(' | b'<' | b'[')
}

fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [inside @ .., b':' | b'.' | b']' | b'}'] = text {
        // An IPv6 address ends with its bracket.
        if text.ends_with(b"]") && text.contains(&b'[') {
            break;
        }
        text = inside;
    }
    text
}

/// Whether a word is an address, and no place in a source file or a time of day.
fn is_address(text: &[u8]) -> bool {
    const FILES: &[&[u8]] = &[
        b"go", b"java", b"py", b"js", b"ts", b"mjs", b"cjs", b"rs", b"c", b"cc", b"cpp", b"h",
        b"kt", b"rb", b"php", b"scala", b"cs", b"lua", b"conf", b"yml", b"yaml", b"toml", b"ex",
    ];
    if !scan::looks_like_address(text) || text.starts_with(b"unix:") {
        return false;
    }
    let Some(colon) = memchr::memrchr(b':', text) else { return false };
    let host = text.get(..colon).unwrap_or_default();
    let end = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let numbers = host.iter().all(u8::is_ascii_digit);
    !numbers && !(host.len() > end.len() && FILES.contains(&end))
}

/// Whether a host stands before ` port 80`.
fn named_with_port(after: &[u8], host: &[u8]) -> bool {
    let port = after.strip_prefix(b" port ").and_then(number::leading);
    port.is_some() && !host.is_empty()
}

/// The address that follows words directly: `: shop/10.0.0.1:80`, ` 127.0.0.1:3000`.
fn following(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(b":").unwrap_or(text);
    let text = text.strip_prefix(b" ")?;
    let (token, _) = scan::span(text, |byte| !ends_word(byte));
    let token = token.rsplit(|byte| *byte == b'/').next().unwrap_or(token);
    let token = trim_end(token);
    is_address(token).then_some(token)
}

/// The server error that follows, behind no more than punctuation.
fn status(text: &[u8]) -> Option<u32> {
    let (_, rest) = scan::span(text, |byte| b" :=('\"[<".contains(&byte));
    let digits = rest.get(..3)?;
    // `502.3` is a number of IIS'.
    let whole = !rest.get(3).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'.');
    let status = number::status(digits).filter(|_| whole && text.len() - rest.len() <= 4)?;
    (500..=599).contains(&status).then_some(u32::from(status))
}

/// A URL at the beginning of a text, with its length.
fn url(text: &[u8]) -> Option<(Url<'_>, usize)> {
    if !text.first().is_some_and(|byte| b"hwHW".contains(byte)) {
        return None;
    }
    let schemes: [(&[u8], bool); 4] =
        [(b"http://", false), (b"https://", true), (b"ws://", false), (b"wss://", true)];
    let (scheme, tls) = schemes.into_iter().find(|(scheme, _)| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    let (whole, _) = scan::span(text, |byte| !ends_word(byte) && byte != b'>');
    let whole = whole.strip_suffix(b":").unwrap_or(whole);
    let inside = whole.get(scheme.len()..)?;
    let slash = memchr::memchr(b'/', inside).unwrap_or(inside.len());
    let (authority, path) = inside.split_at_checked(slash)?;
    Some((Url { authority, path, tls }, whole.len()))
}

/// A request line at the beginning of a text, with its length.
fn request(text: &[u8]) -> Option<usize> {
    let (method, rest) = scan::span(text, |byte| byte.is_ascii_uppercase());
    // The preface of HTTP/2 is no request of a client's.
    if !(3..=10).contains(&method.len()) || method == b"PRI" {
        return None;
    }
    let rest = rest.strip_prefix(b" ")?;
    let target = matches!(rest.first(), Some(b'/' | b'*')) || rest.starts_with(b"http");
    let line = rest.split(|byte| matches!(byte, b'\n' | b'"')).next()?;
    let end = scan::rfind(line, b" HTTP/").filter(|_| target)?;
    Some(method.len() + 1 + end + b" HTTP/".len())
}

/// The length of a quoted text with its quotes.
fn quoted(text: &[u8]) -> usize {
    let mut end = 1;
    while let Some(byte) = text.get(end) {
        match byte {
            b'\\' => end += 2,
            b'"' => return end + 1,
            b'\n' => return end,
            _ => end += 1,
        }
    }
    text.len()
}

/// The fields that hold what a stranger wrote, or a setting.
const STRANGERS: &[&str] = &[
    "args",
    "cookie",
    "http referer",
    "http user agent",
    "path",
    "proxy-status",
    "query",
    "query string",
    "referer",
    "referrer",
    "request",
    "request path",
    "request uri",
    "retry on",
    "uri",
    "url",
    "user agent",
    "user-agent",
    "useragent",
];

/// The length of such a field with its value, where one stands at the beginning of a text.
fn strangers(text: &[u8]) -> Option<usize> {
    if !text.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    STRANGERS.iter().rev().find_map(|name| {
        let end = begins(text, name.as_bytes())?;
        let rest = text.get(end..)?;
        let (value, whole_line) = match rest {
            [b'"', b':', ..] => (end + 2, false),
            [b'\\', b'"', b':', ..] => (end + 3, false),
            [b'=', ..] => (end + 1, false),
            // Behind a colon anybody's sentence may go on, but not behind a header's name.
            [b':', ..] if name.ends_with("agent") || name.starts_with("ref") => (end + 1, true),
            // That field is read by its grammar, or not at all.
            [b':', ..] if matches!(*name, "cookie" | "proxy-status") => (end + 1, true),
            _ => return None,
        };
        let rest = text.get(value..)?;
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let rest = rest.get(blanks..)?;
        let long = match rest.first() {
            Some(b'"') => quoted(rest),
            Some(b'\\') => scan::find(rest.get(2..)?, b"\\\"").map_or(rest.len(), |at| at + 4),
            _ if whole_line => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            _ => scan::span(rest, |byte| !byte.is_ascii_whitespace()).0.len(),
        };
        Some(value + blanks + long)
    })
}
