//! What the benches measure: exchanges, logs and hostile lines, made here and always the same.

mod exchange;
mod hostile;
mod log;

pub use exchange::{EXCHANGES, Exchange};
pub use hostile::{HOSTILE, Hostile};
pub use log::{LOGS, Log};

use why502::evidence::Millis;
use why502::incident::{Progress, Session};
use why502::reader::Reader;

/// Reads a whole log, as the command-line program does.
#[must_use]
pub fn read(log: &[u8]) -> (Session, Reader) {
    let mut reader = Reader::new(0);
    let mut session = Session::new(Millis::from_secs(90));
    read_on(&mut session, &mut reader, log);
    session.flush(&mut |_| {});
    (session, reader)
}

/// Reads a log within a run that goes on.
pub fn read_on(session: &mut Session, reader: &mut Reader, log: &[u8]) {
    let mut rest = log;
    while let Progress::Used(used) | Progress::NotUnderstood(used) =
        session.step(reader, rest, true, &mut |_| {})
    {
        rest = rest.get(used..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exchange_is_what_its_name_says() {
        for exchange in EXCHANGES {
            let diagnosis = why502::diagnose(&(exchange.evidence)());
            assert_eq!(diagnosis.fault(), exchange.fault, "{}", exchange.name);
        }
    }

    #[test]
    fn every_log_is_understood_to_its_end() {
        for log in LOGS {
            let text = log.lines(500);
            let (session, reader) = read(&text);
            assert_eq!(reader.lines(), 500, "{}", log.name);
            assert_eq!(session.not_understood(), 0, "{}", log.name);
            let counted = session.summary().exchanges();
            assert_eq!(counted.total, 500, "{}", log.name);
            let failed = if log.healthy { 0 } else { 500 };
            assert_eq!(counted.failed, failed, "{}", log.name);
        }
    }

    #[test]
    fn hostile_input_has_the_size_that_was_asked_for() {
        for hostile in HOSTILE {
            let (small, large) = ((hostile.text)(1 << 14), (hostile.text)(1 << 16));
            let ratio = large.len() as f64 / small.len() as f64;
            assert!((3.8..4.2).contains(&ratio), "{}: {ratio}", hostile.name);
            assert!(large.len() <= 1 << 16, "{}", hostile.name);
        }
    }
}
