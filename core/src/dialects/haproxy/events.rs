//! What HAProxy says of servers, of its proxies and of itself; and its error format, a line for each
//! connection that a client did not get to work.
//!
//! ```text
//! record  = [ "[" level "] " [ day "/" time " " ] "(" pid ") : " ] message
//! message = [ "Backup " ] "Server " backend "/" server " is " state [ ", reason: " check ] …
//!         / ( "Health" / "Agent" ) " check for " [ "backup " ] "server " backend "/" server " " …
//!         / ( "backend" / "proxy" ) " " name " has no server available!"
//!         / "Proxy " name " " what
//! check   = result [ ", code: " number ] [ ", info: " quoted ] ", check duration: " …
//! error   = client " [" date "] " frontend "/" listener ": " words
//! ```
//!
//! The level stands on the terminal and in containers; syslog has its own. From src/server.c,
//! src/check.c, src/proxy.c, src/mworker.c, src/haproxy.c.

use super::checks::{self, Outcome};
use super::errors::Error;
use super::{line, states};
use crate::evidence::{Attempt, Evidence, Origin, Seen, Sign};
use crate::scan::{self, number, time};
use crate::vocabulary::Phase;

/// Reads a record. False, and nothing read, where the line is none.
pub(super) fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let Some(said) = said(record) else { return false };
    tell(said, record, origin, evidence);
    true
}

/// Reads a message in the middle of other words. `None` where there is none.
pub(super) fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let said = whole_within(text).or_else(|| check_within(text)).or_else(|| state_within(text))?;
    let mut evidence = Evidence::default();
    tell(said, text, origin, &mut evidence);
    Some(evidence)
}

/// Whether a text that stands alone is such a message: the result of a check, without more.
pub(super) fn is_message(text: &[u8]) -> bool {
    let described = text.starts_with(b"Layer") && checks::at_start(text).is_some();
    described || is_target_state(text)
}

/// What a message says.
#[derive(Clone, Copy, Debug)]
struct Said<'a> {
    sign: Sign,
    phase: Option<Phase>,
    number: Option<u32>,
    quote: &'a [u8],
    /// Backend and server.
    target: &'a [u8],
    /// The backend, or another proxy.
    proxy: &'a [u8],
    /// No server of the backend is left.
    none_left: bool,
    /// About a client's connection, not about servers.
    client: Option<line::Dated<'a>>,
}

impl<'a> Said<'a> {
    const fn new(sign: Sign, quote: &'a [u8]) -> Self {
        Self {
            sign,
            phase: None,
            number: None,
            quote,
            target: b"",
            proxy: b"",
            none_left: false,
            client: None,
        }
    }
}

fn tell<'a>(said: Said<'a>, record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    super::begin(record, origin, evidence);
    evidence.event = said.client.is_none();
    let some = |text: &'a [u8]| (!text.is_empty()).then_some(text);
    if let Some(client) = said.client {
        evidence.client = some(client.client);
        evidence.at = time::common(client.date);
    }
    let backend = scan::split_byte(said.target, b'/').map(|(backend, _)| backend);
    evidence.cluster = backend.or(some(said.proxy));
    if let Some(address) = some(said.target) {
        evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
    }
    let seen = Seen { quote: said.quote, origin, event: evidence.event, ..Seen::new(said.sign) };
    evidence.add(Seen { phase: said.phase, number: said.number, ..seen });
    if said.none_left && said.sign != Sign::NoneHealthy {
        evidence.add(Seen { sign: Sign::NoneHealthy, ..seen });
    }
}

fn said(record: &[u8]) -> Option<Said<'_>> {
    // All begin with one of few letters.
    if !matches!(record.first()?, b'[' | b'A'..=b'Z' | b'b' | b'p' | b'0'..=b'9' | b'a'..=b'z' | b':')
    {
        return None;
    }
    if let Some((level, message)) = level(record) {
        return Some(message_said(message).unwrap_or_else(|| other(level, message)));
    }
    message_said(record).or_else(|| error_line(record))
}

/// How serious HAProxy takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Notice,
    Warning,
    Alert,
}

/// `[ALERT] 049/161822 (30088) : ` and since 2.4 `[ALERT]    (30088) : `, with what is behind it.
fn level(record: &[u8]) -> Option<(Level, &[u8])> {
    let (name, rest) = scan::split_byte(record.strip_prefix(b"[")?, b']')?;
    let level = match name {
        b"ALERT" | b"EMERG" => Level::Alert,
        b"WARNING" => Level::Warning,
        b"NOTICE" | b"INFO" | b"DIAG" | b"DEBUG" => Level::Notice,
        _ => return None,
    };
    let (_, rest) = scan::span(rest, |byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'/'));
    let (process, rest) = scan::split_byte(rest.strip_prefix(b"(")?, b')')?;
    number::whole(process)?;
    Some((level, rest.strip_prefix(b" : ")?))
}

fn message_said(message: &[u8]) -> Option<Said<'_>> {
    let rest = match message.strip_prefix(b"Backup ") {
        Some(rest) if rest.starts_with(b"Server ") => rest,
        _ => message,
    };
    if let Some(rest) = rest.strip_prefix(b"Server ") {
        return server(message, rest);
    }
    for check in [&b"Health check for "[..], b"Agent check for "] {
        if let Some(rest) = message.strip_prefix(check) {
            return check_of_server(message, rest.strip_prefix(b"backup ").unwrap_or(rest));
        }
    }
    for kind in [&b"backend "[..], b"proxy ", b"Backend ", b"Proxy "] {
        if let Some(rest) = message.strip_prefix(kind) {
            return proxy(message, rest);
        }
    }
    process(message).or_else(|| no_connection(message)).or_else(|| address_changed(message))
}

/// `Connect() failed for backend b: no free ports.`, `Cannot bind to source address before connect() for
/// backend b. Aborting.`
fn no_connection(message: &[u8]) -> Option<Said<'_>> {
    let unbound =
        message.starts_with(b"Cannot bind to ") && scan::holds(message, b" before connect()");
    if !unbound && !message.starts_with(b"Connect() failed for backend ") {
        return None;
    }
    let (_, name) = scan::split(message, b" for backend ")?;
    let (proxy, _) = scan::span(name, |byte| !matches!(byte, b':' | b' '));
    let proxy = proxy.strip_suffix(b".").unwrap_or(proxy);
    Some(Said { proxy, ..Said::new(Sign::OutOfPorts, message) })
}

/// `Server b/s is …`, with what follows the words "Server ".
fn server<'a>(message: &'a [u8], rest: &'a [u8]) -> Option<Said<'a>> {
    let (target, rest) = scan::split_byte(rest, b' ')?;
    if !line::is_target(target) {
        return None;
    }
    // `('name')` of a server whose address is looked up.
    let rest = match rest.strip_prefix(b"('") {
        Some(inside) => scan::split(inside, b"') ")?.1,
        None => rest,
    };
    let about = |sign| Said { target, ..Said::new(sign, message) };
    let none_left = scan::holds(rest, b". 0 active and 0 backup servers left");
    let some_left = !none_left && scan::holds(rest, b" backup servers left");
    let out = if some_left { Sign::MemberDisabled } else { Sign::NoneHealthy };
    if let Some(rest) = rest.strip_prefix(b"is DOWN") {
        // `is DOWN/READY (leaving maintenance)` and the like.
        if rest.starts_with(b"/") || rest.starts_with(b" (leaving") {
            return Some(about(Sign::Reloading));
        }
        let found = reason(rest).map(|(outcome, end)| (outcome, message.len() - rest.len() + end));
        return Some(match found {
            Some((Outcome { sign, phase, number }, end)) if sign != Sign::Harmless => Said {
                phase,
                number,
                none_left,
                quote: message.get(..end).unwrap_or(message),
                ..about(if sign == Sign::MemberDisabled { out } else { sign })
            },
            _ => Said { none_left, ..about(out) },
        });
    }
    if let Some(cause) = rest.strip_prefix(b"is going DOWN for maintenance") {
        return Some(Said { none_left, ..about(resolution(cause).unwrap_or(out)) });
    }
    if rest.starts_with(b"was DOWN and now enters maintenance") {
        return Some(Said { none_left, ..about(out) });
    }
    let words = rest.split(|byte| matches!(byte, b' ' | b',' | b'.' | b'/')).next()?;
    match words {
        b"is" if rest.starts_with(b"is UP") => Some(about(Sign::Harmless)),
        b"is" | b"enters" | b"remains" | b"administratively" | b"resolves" => {
            Some(about(Sign::Reloading))
        }
        _ => None,
    }
}

/// Why a server was taken out by the resolvers: in parentheses.
fn resolution(cause: &[u8]) -> Option<Sign> {
    const CAUSES: &[(&[u8], Sign)] = &[
        (b"DNS NX status", Sign::NameNotFound),
        (b"No IP for server", Sign::NameNotFound),
        (b"DNS timeout status", Sign::ResolverTimedOut),
        (b"DNS refused status", Sign::ResolverFailed),
        (b"unspecified DNS error", Sign::ResolverFailed),
        (b"entry removed from SRV record", Sign::NoUpstream),
    ];
    let cause = cause.trim_ascii_start().strip_prefix(b"(")?;
    CAUSES.iter().find(|(words, _)| cause.starts_with(words)).map(|(_, sign)| *sign)
}

/// `, reason: … , code: …, info: "…", check duration: …`, and where it ends.
fn reason(text: &[u8]) -> Option<(Outcome, usize)> {
    const REASON: &[u8] = b", reason: ";
    const INFO: &[u8] = b", info: \"";
    let at = scan::find(text, REASON)? + REASON.len();
    let (result, mut rest) = checks::at_start(text.get(at..)?)?;
    let mut code = None;
    if let Some(after) = rest.strip_prefix(b", code: ") {
        let (digits, after) = number::leading(after)?;
        code = u32::try_from(digits).ok();
        rest = after;
    }
    let mut info: &[u8] = b"";
    if let Some(inside) = rest.strip_prefix(INFO) {
        // The server's own words may hold quotes; nothing but HAProxy's stands behind the last.
        let end = scan::rfind(inside, b"\", check duration")
            .or_else(|| memchr::memrchr(b'"', inside))
            .unwrap_or(inside.len());
        info = inside.get(..end)?;
        rest = inside.get(end..).and_then(|rest| rest.strip_prefix(b"\"")).unwrap_or_default();
    }
    Some((checks::outcome(result, code, info)?, text.len() - rest.len()))
}

/// `server b/s failed, reason: …`.
fn check_of_server<'a>(message: &'a [u8], rest: &'a [u8]) -> Option<Said<'a>> {
    let (target, rest) = scan::split_byte(rest.strip_prefix(b"server ")?, b' ')?;
    if !line::is_target(target) {
        return None;
    }
    let said = Said { target, ..Said::new(Sign::Harmless, message) };
    if !rest.starts_with(b"failed") {
        return Some(said);
    }
    let found = reason(rest).filter(|(outcome, _)| outcome.sign != Sign::Harmless);
    Some(match found {
        Some((Outcome { sign, phase, number }, _)) => Said { sign, phase, number, ..said },
        None => Said { sign: Sign::MemberDisabled, ..said },
    })
}

/// `name has no server available!`, `name stopped (…)`, `name reached …`.
fn proxy<'a>(message: &'a [u8], rest: &'a [u8]) -> Option<Said<'a>> {
    let (name, what) = scan::split_byte(rest, b' ')?;
    let proxy = name.strip_prefix(b"'").and_then(|name| name.strip_suffix(b"'")).unwrap_or(name);
    let sign = if what.starts_with(b"has no server available") {
        Sign::NoneHealthy
    } else if let Some(limit) = what.strip_prefix(b"reached ") {
        if limit.starts_with(b"system memory limit") {
            Sign::OutOfMemory
        } else if limit.starts_with(b"the configured maximum connection") {
            Sign::OutOfConnections
        } else if limit.starts_with(b"system FD") || limit.starts_with(b"process FD") {
            Sign::OutOfDescriptors
        } else {
            return None;
        }
    } else if what.starts_with(b"hard-stopped (") {
        // What was under way on it is cut.
        return Some(Said {
            proxy,
            phase: Some(Phase::ResponseBody),
            ..Said::new(Sign::Ended, message)
        });
    } else if what.starts_with(b"stopped (") || matches!(what, b"started." | b"stopped.") {
        Sign::Reloading
    } else {
        return None;
    };
    Some(Said { proxy, ..Said::new(sign, message) })
}

/// About its processes.
fn process(message: &[u8]) -> Option<Said<'_>> {
    const BEGINS: &[(&[u8], Sign)] = &[
        (b"All workers exited. Exiting...", Sign::WorkerCrashed),
        (b"Connect from ", Sign::Harmless),
        (b"Current worker ", Sign::WorkerCrashed),
        (b"Exiting Master process", Sign::Reloading),
        (b"Former worker ", Sign::Reloading),
        (b"Loading success.", Sign::Reloading),
        (b"New worker ", Sign::Reloading),
        (b"Paused ", Sign::Reloading),
        (b"Pausing ", Sign::Reloading),
        (b"Reexecuting Master process", Sign::Reloading),
        (b"Stopping ", Sign::Reloading),
        (b"soft-stop running for too long", Sign::Reloading),
    ];
    let (words, sign) = BEGINS.iter().find(|(words, _)| message.starts_with(words))?;
    let fits = match (*sign, *words) {
        (Sign::Harmless, _) => message.ends_with(b")") && scan::holds(message, b" to "),
        (Sign::WorkerCrashed, _) | (_, b"Former worker ") => scan::holds(message, b"xit"),
        (_, b"New worker ") => message.ends_with(b"forked"),
        (_, b"Paused " | b"Pausing " | b"Stopping ") => {
            [&b"frontend "[..], b"backend ", b"proxy ", b"proxies"]
                .iter()
                .any(|kind| message.get(words.len()..).is_some_and(|rest| rest.starts_with(kind)))
        }
        _ => true,
    };
    if !fits {
        return None;
    }
    // 130 and 143 are what an operator's signal gives.
    let code =
        scan::split(message, b"with code ").or_else(|| scan::split(message, b"Exiting... ("));
    let code = code.and_then(|(_, rest)| number::leading(rest)).map(|(code, _)| code);
    let sign = match (*sign, code) {
        (Sign::WorkerCrashed, Some(0 | 130 | 143)) => Sign::Reloading,
        (sign, _) => sign,
    };
    Some(Said::new(sign, message))
}

/// `b/s changed its IP from …`, `b/s: IP changed from …`.
fn address_changed(message: &[u8]) -> Option<Said<'_>> {
    let (target, rest) = scan::split_byte(message, b' ')?;
    let target = target.strip_suffix(b":").unwrap_or(target);
    let says = [&b"changed its IP from "[..], b"changed its FQDN from ", b"IP changed from "];
    let fits = line::is_target(target) && says.iter().any(|words| rest.starts_with(words));
    fits.then(|| Said { target, ..Said::new(Sign::Harmless, message) })
}

/// What else stands behind a level: of a failed start, mostly.
fn other(level: Level, message: &[u8]) -> Said<'_> {
    let holds = |words: &[u8]| scan::holds(message, words);
    let failed = |sign, phase| Said { phase, ..Said::new(sign, message) };
    if holds(b"could not resolve address") && level == Level::Alert {
        return failed(Sign::Failed, Some(Phase::Resolve));
    }
    if holds(b"FD limit") && (holds(b"too low") || holds(b"Cannot raise")) {
        return failed(Sign::OutOfDescriptors, None);
    }
    match level {
        Level::Alert if holds(b"out of memory") || holds(b"Not enough memory") => {
            failed(Sign::OutOfMemory, None)
        }
        Level::Alert if holds(b"sendmsg()") || holds(b"logger #") => failed(Sign::Harmless, None),
        Level::Alert => failed(Sign::Misconfigured, None),
        Level::Notice | Level::Warning => failed(Sign::Harmless, None),
    }
}

/// The error format: what befell a client's connection before there was a request.
fn error_line(record: &[u8]) -> Option<Said<'_>> {
    line::dated(record).find_map(|dated| {
        let (listener, words) = scan::split(dated.rest, b": ")?;
        if !line::is_target(listener) {
            return show_errors(dated, record);
        }
        let error = Error::of_message(words)?;
        let (sign, phase) = error.of_client();
        let (proxy, _) = scan::split_byte(listener, b'/')?;
        Some(Said { phase, proxy, client: Some(dated), ..Said::new(sign, words) })
    })
}

/// The head of a capture that `show errors` prints: `[date] backend b (#4) : invalid response`.
fn show_errors<'a>(dated: line::Dated<'a>, record: &'a [u8]) -> Option<Said<'a>> {
    let rest = dated.rest;
    let (kind, rest) = scan::split_byte(rest, b' ')?;
    let (proxy, rest) = scan::split_byte(rest, b' ')?;
    let (_, what) = scan::split_byte(rest.strip_prefix(b"(#")?, b')')?;
    let what = what.trim_ascii_start().strip_prefix(b": ")?;
    let said = |sign, phase| Said { phase, proxy, client: Some(dated), ..Said::new(sign, record) };
    match (kind, what) {
        (b"backend" | b"proxy", _) if what.starts_with(b"invalid response") => {
            Some(said(Sign::Malformed, Some(Phase::ResponseHeaders)))
        }
        (b"frontend", _) if what.starts_with(b"invalid request") => {
            Some(said(Sign::ClientInvalid, None))
        }
        _ => None,
    }
}

/// A whole message somewhere in a text.
fn whole_within(text: &[u8]) -> Option<Said<'_>> {
    const BEGINS: &[&[u8]] = &[
        b"Server ",
        b"Health check for ",
        b"backend ",
        b"proxy ",
        b"Proxy ",
        b"Current worker ",
        b"Connect() failed for ",
        b"Cannot bind to ",
    ];
    let mut found: Option<Said<'_>> = None;
    for begins in BEGINS {
        for at in memchr::memmem::find_iter(text, begins).take(16) {
            let line = text.get(at..).unwrap_or_default();
            let line = line.split(|byte| *byte == b'\n').next().unwrap_or(line);
            let Some(said) = message_said(line) else { continue };
            // What a server was marked down for says more than that none is left.
            let more = found.is_none_or(|found| {
                let says = |said: Said<'_>| (said.sign != Sign::NoneHealthy, said.sign.telling());
                said.sign.telling() > Sign::NOTE && says(said) > says(found)
            });
            if more && said.sign != Sign::Harmless {
                found = Some(said);
            }
        }
    }
    found
}

/// The result of a check somewhere in a text: its description, or its code.
fn check_within(text: &[u8]) -> Option<Said<'_>> {
    const BEGINS: &[&[u8]] = &[b"Layer4 ", b"Layer6 ", b"Layer7 ", b"L4", b"L6", b"L7", b"SOCKERR"];
    for begins in BEGINS {
        for at in memchr::memmem::find_iter(text, begins).take(16) {
            let inside = at > 0 && text.get(at - 1).is_some_and(u8::is_ascii_alphanumeric);
            let Some((result, rest)) = text.get(at..).and_then(checks::at_start) else { continue };
            if inside || rest.first().is_some_and(u8::is_ascii_alphanumeric) {
                continue;
            }
            let (digits, after) = match rest.strip_prefix(b", code: ").or(rest.strip_prefix(b"/")) {
                Some(after) => number::leading(after).unwrap_or((0, after)),
                None => (0, rest),
            };
            let code = u32::try_from(digits).ok().filter(|code| *code > 0);
            let line = after.split(|byte| *byte == b'\n').next().unwrap_or(after);
            let info = match scan::split(line, b"info: \"").or_else(|| scan::split(line, b"info: "))
            {
                Some((between, info)) if between.len() < 16 => info,
                _ => line.get(..80).unwrap_or(line),
            };
            let Some(outcome) = checks::outcome(result, code, info) else { continue };
            if outcome.sign.telling() <= Sign::NOTE {
                continue;
            }
            let Outcome { sign, phase, number } = outcome;
            let quote = text.get(at..at + (text.len() - at - after.len()) + line.len());
            return Some(Said { phase, number, ..Said::new(sign, quote.unwrap_or(result)) });
        }
    }
    let outcome = checks::of_words(text)?;
    let Outcome { sign, phase, number } = outcome;
    Some(Said { phase, number, ..Said::new(sign, text) })
}

/// A termination state that people name: `SC--`, with its dashes.
fn state_within(text: &[u8]) -> Option<Said<'_>> {
    memchr::memmem::find_iter(text, b"--").take(64).find_map(|at| {
        let start = at.checked_sub(2)?;
        let state = text.get(start..at + 2)?;
        let alone = |byte: Option<&u8>| {
            byte.is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`(),.:;".contains(byte))
        };
        let before = start.checked_sub(1).and_then(|before| text.get(before));
        let fits = states::is_state(state)
            && state.first().is_some_and(u8::is_ascii_alphabetic)
            && alone(before)
            && alone(text.get(at + 2));
        let (sign, phase) = states::proves(state, states::Around::default()).filter(|_| fits)?;
        Some(Said { phase, ..Said::new(sign, state) })
    })
}

/// `b/s is DOWN …` without the word in front.
fn is_target_state(text: &[u8]) -> bool {
    let Some((target, rest)) = scan::split_byte(text, b' ') else { return false };
    line::is_target(target) && rest.starts_with(b"is DOWN, reason: ")
}
