//! What a record of Apache's error log proves.

use super::codes::{self, Code, Proves};
use super::record::{Record, without_scheme};
use super::status;
use crate::dialects::standard::level::Level;
use crate::dialects::standard::{fastcgi, tls};
use crate::evidence::{Seen, Sign};
use crate::scan::{self, number, phrase};
use crate::vocabulary::Phase;

impl<'a> Record<'a> {
    /// What the message proves.
    pub(super) fn sign(&self) -> Seen<'a> {
        let Some(code) = codes::of(self.code) else { return self.unknown() };
        let (sign, phase, number) = self.proved(code);
        Seen { phase, number, ..Seen::new(sign) }
    }

    /// A message that the tables do not know.
    fn unknown(&self) -> Seen<'a> {
        let sign = match self.level.unwrap_or(Level::Error) {
            // Apache does not start, or cannot go on.
            Level::Emerg | Level::Alert | Level::Crit if self.client.is_none() => {
                Sign::Misconfigured
            }
            Level::Emerg | Level::Alert | Level::Crit | Level::Error => {
                // Something failed there, and nothing says how.
                if codes::is_proxys(self.module) { Sign::Failed } else { Sign::Unrecognized }
            }
            _ => Sign::Harmless,
        };
        Seen::new(sign)
    }

    fn proved(&self, code: Code) -> (Sign, Option<Phase>, Option<u32>) {
        let number = self.status;
        let told = number.and_then(status::sign);
        let phase = code.phase;
        match code.proves {
            // mod_ssl tells of both sides of the gateway.
            _ if phase == Some(Phase::Tls) && self.is_of_client() => {
                (Sign::ClientHandshakeFailed, None, None)
            }
            Proves::Is(sign) => (sign, phase, number),
            // Of the two ends of a tunnel.
            Proves::Status(_) if scan::holds(self.message, b"error on client") => {
                (Sign::ClientGone, None, None)
            }
            Proves::Status(otherwise) => (told.unwrap_or(otherwise), phase, number),
            Proves::Write => match number {
                // mod_ssl's own statuses: the handshake, which the first write drives.
                Some(502 | 20_014) => (Sign::Thereby, Some(Phase::Tls), None),
                _ => (told.unwrap_or(Sign::Thereby), phase, number),
            },
            Proves::Reason => {
                let (sign, phase) = known_reason(self.message).unwrap_or((Sign::Failed, None));
                // The resolver's status stands in front since 2.4.60.
                let sign = told.filter(|_| sign == Sign::ResolverFailed).unwrap_or(sign);
                (sign, phase, number)
            }
            Proves::Body(_) if self.is_of_client() => (Sign::ClientInvalid, None, number),
            Proves::Body(sign) => (sign, phase, number),
            // mod_proxy_http gives this where a chunk cannot be read.
            Proves::Read if number == Some(20_014) => (Sign::Malformed, phase, number),
            Proves::Read => (told.unwrap_or(Sign::Ended), phase, number),
            Proves::Stderr => (fastcgi::stderr(self.message), phase, None),
            Proves::Dispatch => self.dispatch(told),
            Proves::Tls => match tls::openssl(self.message) {
                // A server's complaint about a client's greeting.
                _ if is_servers(self.message) => (Sign::ClientHandshakeFailed, None, None),
                Some((sign, number)) => (sign, phase, number),
                None => (Sign::HandshakeFailed, phase, None),
            },
            Proves::Verify => {
                let code = scan::split_byte(self.message, b'(')
                    .and_then(|(_, rest)| number::leading(rest))
                    .and_then(|(code, _)| u32::try_from(code).ok());
                (code.map_or(Sign::CertificateInvalid, tls::verify_code), phase, code)
            }
            Proves::Signal => {
                let crashed = [" (4)", " (6)", " (7)", " (8)", " (9)", " (10)", " (11)"]
                    .iter()
                    .any(|signal| scan::holds(self.message, signal.as_bytes()));
                (if crashed { Sign::WorkerCrashed } else { Sign::Harmless }, None, None)
            }
            Proves::FailOnStatus => {
                let status = scan::split(self.message, b"status code ")
                    .and_then(|(_, rest)| number::leading(rest))
                    .and_then(|(status, _)| u32::try_from(status).ok());
                (Sign::ServerError, phase, status)
            }
        }
    }

    /// Whether the line names the client and no upstream.
    const fn is_of_client(&self) -> bool {
        self.client.is_some() && self.remote.is_none()
    }

    /// mod_proxy_fcgi's last line: the status, else the note that says what was being done.
    fn dispatch(&self, told: Option<Sign>) -> (Sign, Option<Phase>, Option<u32>) {
        let notes = |note: &[u8]| self.message.ends_with(note);
        if notes(b"(reading input brigade)")
            || notes(b"(passing headers brigade to output filters)")
            || notes(b"(passing brigade to output filters)")
        {
            return (Sign::ClientGone, None, self.status);
        }
        let phase = Some(Phase::ResponseHeaders);
        match told {
            Some(Sign::BrokenPipe) => (Sign::BrokenPipe, Some(Phase::Request), self.status),
            Some(sign @ (Sign::TimedOut | Sign::Reset | Sign::Closed)) => {
                (sign, phase, self.status)
            }
            _ if notes(b"(polling)") => (Sign::TimedOut, phase, self.status),
            _ => (Sign::Thereby, phase, self.status),
        }
    }
}

/// What mod_proxy tells the client, by how it begins.
const REASONS: &[(&str, Sign, Option<Phase>)] = &[
    ("Connect to remote machine blocked", Sign::Denied, None),
    ("Corrupt status line", Sign::NoStatusLine, None),
    ("DNS lookup failure", Sign::ResolverFailed, None),
    ("Error during SSL Handshake", Sign::Thereby, Some(Phase::Tls)),
    ("Error reading from remote server", Sign::Thereby, Some(Phase::ResponseHeaders)),
    ("Malformed connection header", Sign::Malformed, Some(Phase::ResponseHeaders)),
    ("Max-Forwards has reached zero", Sign::Loop, None),
    ("Max-Forwards request header", Sign::ClientInvalid, None),
    ("Timeout on 100-Continue", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    ("Too many (", Sign::Malformed, Some(Phase::ResponseHeaders)),
    ("URI cannot be parsed", Sign::AddressInvalid, None),
    ("URI has no hostname", Sign::AddressInvalid, None),
    ("Unexpected Upgrade", Sign::UpgradeFailed, None),
];

/// What a reason proves; `None` where it is not known.
pub(super) fn known_reason(text: &[u8]) -> Option<(Sign, Option<Phase>)> {
    let (_, text) = without_scheme(text);
    let at = phrase::longest_prefix(text, REASONS, |(words, ..)| words.as_bytes())?;
    REASONS.get(at).map(|(_, sign, phase)| (*sign, *phase))
}

/// Whether OpenSSL complains as a server does: about what a client said.
fn is_servers(message: &[u8]) -> bool {
    const SERVERS: [&[u8]; 7] = [
        b"CLIENT_HELLO",
        b"client_hello",
        b":http request",
        b"no shared cipher",
        b"peer did not return a certificate",
        b"-- speaking HTTP to HTTPS port!?",
        b"accept:",
    ];
    SERVERS.iter().any(|words| scan::holds(message, words))
}
