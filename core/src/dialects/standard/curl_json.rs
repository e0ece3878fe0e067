//! What `curl --write-out '%{json}'` writes of one exchange, 7.72 and later.
//!
//! ```text
//! {"errormsg":"…","exitcode":35,"http_code":0,"remote_ip":"…","time_connect":0.000141,…}
//! ```

use super::words::{Hits, Says};
use super::{curl, text};
use crate::evidence::{Evidence, Millis, Origin, Seen, Sign, Source};
use crate::scan::{json, number};
use crate::vocabulary::Phase;

/// Reads such an object; `None` where it is another's.
pub(crate) fn read(object: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let mut evidence = Evidence::default();
    let (mut exit, mut message) = (None, None);
    json::each(object, |around, key, value| {
        if !around.is_empty() {
            return;
        }
        let time = || number::seconds(value).filter(|time| *time > Millis::new(0));
        match key {
            b"exitcode" => exit = number::whole(value),
            b"errormsg" => message = Some(value),
            b"http_code" => {
                let status = number::whole(value).and_then(|status| u16::try_from(status).ok());
                evidence.status = status.filter(|status| *status > 0);
            }
            b"method" => evidence.request.method = Some(value),
            b"time_namelookup" => evidence.timings.resolve = time(),
            b"time_connect" => evidence.timings.connect = time(),
            b"time_starttransfer" => evidence.timings.first_byte = time(),
            b"time_total" => evidence.timings.total = time(),
            _ => {}
        }
    });
    let exit = exit?;
    let source = Source::ErrorLog;
    evidence.sources.add(source);
    evidence.records.push((Origin { source, ..origin }, object));
    // Where the code is of a handshake, what its message tells happened in it.
    let within = match curl::exit(exit) {
        Some(Says::Perhaps(_, Phase::Tls)) => Some(Phase::Tls),
        _ => None,
    };
    if let Some(read) =
        message.and_then(|message| text::read_hits(message, Hits::within(message, within), origin))
    {
        evidence.absorb(&read);
    } else if exit != 0 {
        if let Some(read) = text::read(object, origin) {
            evidence.absorb(&read);
        }
    } else if let Some(status @ 500..=599) = evidence.status {
        // What a client reports of the far side.
        evidence.add(Seen {
            phase: Some(Phase::ResponseHeaders),
            number: Some(u32::from(status)),
            quote: object.get(..200).unwrap_or(object),
            origin: Origin { source, ..origin },
            ..Seen::new(Sign::ServerError)
        });
    }
    Some(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_tells_where_and_the_message_what() {
        for (object, status, sign) in [
            (
                &br#"{"errormsg":"Recv failure: Connection reset by peer","exitcode":35,"http_code":0}"#[..],
                None,
                Some((Sign::Reset, Some(Phase::Tls))),
            ),
            (
                br#"{"errormsg":"Recv failure: Connection reset by peer","exitcode":56,"http_code":0}"#,
                None,
                Some((Sign::Reset, Some(Phase::ResponseHeaders))),
            ),
            (
                br#"{"errormsg":null,"exitcode":7,"http_code":0}"#,
                None,
                Some((Sign::Failed, Some(Phase::Connect))),
            ),
            (br#"{"errormsg":null,"exitcode":0,"http_code":200}"#, Some(200), None),
        ] {
            let evidence = read(object, Origin::default()).unwrap();
            let seen = evidence.signs.get(0).map(|seen| (seen.sign, seen.phase));
            assert_eq!((evidence.status, seen), (status, sign), "{}", object.escape_ascii());
        }
        assert_eq!(read(br#"{"status":502,"msg":"x"}"#, Origin::default()), None);
    }
}
