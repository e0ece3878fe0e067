//! What words mean where they stand: what was told before them says where it happened.

use super::Says;
use super::address::following;
use super::walk::{Hit, Hits, Place, Rank};
use crate::dialects::standard::{browser, curl, errno, grpc, http2, tls};
use crate::evidence::Sign;
use crate::scan::{self, number};
use crate::vocabulary::Phase;

/// How much text in front of what happened is quoted with it.
const LONGEST_QUOTE: usize = 300;
/// How long the name of an alert may be.
const LONGEST_ALERT: usize = 100;

impl<'a> Hits<'a> {
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
    pub(super) fn said(&mut self, says: Says, end: usize) -> Option<Hit<'a>> {
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
                        // A read that fails in a handshake is the handshake's.
                        let rank = if phase == Phase::Tls { Rank::Around } else { Rank::Call };
                        self.enter(phase, rank);
                        (sign, Some(phase), None, true)
                    }
                    _ => return None,
                }
            }
            Says::Net => {
                let says = browser::numbered(number::leading(rest)?.0)?;
                return self.said(says, end);
            }
            Says::Apple => {
                let (number, _) = number::leading(rest.strip_prefix(b"-")?)?;
                let (sign, phase) = browser::apple(number)?;
                (sign, phase.or(here), u32::try_from(number).ok(), false)
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

/// The server error that follows, behind no more than punctuation.
fn status(text: &[u8]) -> Option<u32> {
    let (_, rest) = scan::span(text, |byte| b" :=('\"[<".contains(&byte));
    let digits = rest.get(..3)?;
    // `502.3` is a number of IIS'.
    let whole = !rest.get(3).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'.');
    let status = number::status(digits).filter(|_| whole && text.len() - rest.len() <= 4)?;
    (500..=599).contains(&status).then_some(u32::from(status))
}
