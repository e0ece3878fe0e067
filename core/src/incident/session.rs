//! Everything that one run reads, from the bytes of its inputs to a summary: joiner and counts in
//! one. Without I/O: the caller brings bytes and takes exchanges.

use super::join::Joiner;
use super::{Exchange, Summary};
use crate::dialects::{self, Dialect, Glance};
use crate::evidence::{Evidence, Millis, Sign, Source};
use crate::reader::{Item, Line, Reader};
use crate::scan;
use alloc::vec::Vec;

/// What takes the exchanges of a run, one by one.
pub type Sink<'s> = dyn FnMut(&Exchange<'_>) + 's;

/// One run over any number of inputs.
#[derive(Debug)]
pub struct Session {
    joiner: Joiner,
    summary: Summary,
    not_understood: u64,
    /// The dialect of an error log that was read.
    errors: Option<&'static Dialect>,
    /// The time of the last healthy record as it stood there, to the second: the next one mostly has
    /// the same.
    time: Vec<u8>,
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// So many bytes of the buffer were used.
    Used(usize),
    /// So many bytes were used, and nobody understands what they say.
    NotUnderstood(usize),
    /// More bytes are needed.
    More,
}

impl Session {
    /// A run whose error records wait so long, in the log's time, for their access records.
    #[must_use]
    pub fn new(patience: Millis) -> Self {
        Self {
            joiner: Joiner::new(patience),
            summary: Summary::default(),
            not_understood: 0,
            errors: None,
            time: Vec::new(),
        }
    }

    /// Takes into account that one log may follow another as a whole, as `cat` puts them: records
    /// of the first are kept, as far as there is room, until the second is there. Not for inputs
    /// that never end.
    #[must_use]
    pub const fn concatenated(mut self) -> Self {
        self.joiner.concatenated();
        self
    }

    /// Says whose error log is among the inputs, where that is known before it is read: access
    /// records that several gateways write alike are taken for that gateway's.
    pub const fn beside(&mut self, errors: Option<&'static Dialect>) {
        if errors.is_some() {
            self.errors = errors;
        }
    }

    /// Reads one record at the beginning of the buffer. `ends` says that nothing follows the
    /// buffer, or that it should not be waited for. Each exchange that is complete is counted, and
    /// given to `done`.
    pub fn step(
        &mut self,
        reader: &mut Reader,
        buffer: &[u8],
        ends: bool,
        done: &mut Sink<'_>,
    ) -> Progress {
        // The usual line is gone through without making room for evidence.
        if let Some((glance, line, used)) = reader.usual(buffer, ends) {
            self.healthy(&glance, &line, done);
            return Progress::Used(used);
        }
        let mut evidence = Evidence::default();
        reader.set_neighbour(self.errors);
        let step = reader.step(buffer, ends, &mut evidence);
        match step.item {
            Item::More if step.used == 0 => return Progress::More,
            Item::More | Item::Blank => {}
            Item::Unknown => {
                self.not_understood += 1;
                return Progress::NotUnderstood(step.used);
            }
            Item::Record => {
                let Self { joiner, summary, errors, .. } = self;
                if evidence.sources.has(Source::ErrorLog) {
                    *errors = evidence.gateway.and_then(dialects::of_gateway);
                }
                joiner.offer(&evidence, &mut counted(summary, done));
                // The record is a gateway's, and what it says is not known.
                if evidence.has(Sign::Unrecognized) {
                    self.not_understood += 1;
                    return Progress::NotUnderstood(step.used);
                }
            }
        }
        Progress::Used(step.used)
    }

    /// Counts a healthy exchange; in full where an error record waits for it.
    fn healthy(&mut self, glance: &Glance<'_>, line: &Line<'_>, done: &mut Sink<'_>) {
        let Self { joiner, summary, time, .. } = self;
        let awaited = if joiner.awaits(glance) { line.read() } else { None };
        if let Some(evidence) = awaited {
            joiner.offer(&evidence, &mut counted(summary, done));
            return;
        }
        summary.healthy(glance);
        let second = to_the_second(glance.time);
        if !is_same(second, time) {
            time.clear();
            time.extend_from_slice(second);
            let now = scan::time::any(glance.time);
            summary.span(now);
            joiner.advance(now, true, &mut counted(summary, done));
        }
    }

    /// Gives up waiting: the inputs end, or are silent.
    pub fn flush(&mut self, done: &mut Sink<'_>) {
        let Self { joiner, summary, .. } = self;
        joiner.flush(&mut counted(summary, done));
    }

    /// What was seen so far.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    /// How many records nobody understood.
    #[must_use]
    pub const fn not_understood(&self) -> u64 {
        self.not_understood
    }
}

/// An ISO time without its fraction, which differs from record to record; another as it is.
fn to_the_second(time: &[u8]) -> &[u8] {
    match time.split_at_checked(19) {
        Some((second, [b'.', ..])) => second,
        _ => time,
    }
}

/// Whether two times are written alike. Those of every format fit two words that may overlap, and a
/// call that compares any length costs more than they do.
#[inline(always)]
fn is_same(this: &[u8], that: &[u8]) -> bool {
    const WORD: usize = 16;
    match (this.len(), this.first_chunk::<WORD>(), this.last_chunk::<WORD>()) {
        (WORD..=32, Some(begin), Some(end)) => {
            this.len() == that.len()
                && that.first_chunk() == Some(begin)
                && that.last_chunk() == Some(end)
        }
        _ => this == that,
    }
}

/// Counts and passes on.
fn counted<'s>(summary: &'s mut Summary, done: &'s mut Sink<'_>) -> impl FnMut(&Exchange<'_>) + 's {
    move |exchange| {
        summary.add(exchange);
        done(exchange);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Fault;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    /// The faults of all exchanges that were not healthy, in the order in which they were complete.
    fn faults(log: &str) -> Vec<Fault> {
        faults_in(Session::new(Millis::from_secs(90)), log)
    }

    fn faults_in(mut session: Session, log: &str) -> Vec<Fault> {
        let mut reader = Reader::new(0);
        let mut rest = log.as_bytes();
        let mut found = Vec::new();
        let mut done = |exchange: &Exchange<'_>| match exchange.diagnosis().fault() {
            Fault::None => {}
            fault => found.push(fault),
        };
        while !rest.is_empty() {
            match session.step(&mut reader, rest, true, &mut done) {
                Progress::Used(used) | Progress::NotUnderstood(used) => {
                    rest = rest.get(used..).unwrap_or_default();
                }
                Progress::More => break,
            }
        }
        session.flush(&mut done);
        found
    }

    fn error(time: &str, number: u32, client: &str, path: &str) -> String {
        format!(
            "2026/11/22 {time} [error] 31#31: *{number} connect() failed (111: Connection refused) \
             while connecting to upstream, client: {client}, server: shop.example, request: \"GET \
             {path} HTTP/1.1\", upstream: \"http://192.0.2.10:8080{path}\", host: \"shop.example\"\n"
        )
    }

    fn access(time: &str, client: &str, path: &str, status: u16, tail: &str) -> String {
        format!(
            "{client} - - [22/Nov/2026:{time} +0000] \"GET {path} HTTP/1.1\" {status} 157 \"-\" \
             \"curl/8.5.0\"{tail}\n"
        )
    }

    const ONE: &str = "203.0.113.24";
    const OTHER: &str = "203.0.113.77";

    #[test]
    fn identical_exchanges_are_counted_once_each() {
        for count in [1, 16, 17, 100, 200] {
            let errors: String =
                (0..count).map(|number| error("07:38:39", number, ONE, "/cart")).collect();
            let lines = access("07:38:39", ONE, "/cart", 502, "").repeat(count as usize);
            let found = faults(&[errors.clone(), lines.clone()].concat());
            assert_eq!(found, alloc::vec![Fault::ConnectRefused; count as usize]);
            let found = faults(&[lines, errors].concat());
            assert_eq!(found, alloc::vec![Fault::ConnectRefused; count as usize]);
        }
    }

    #[test]
    fn whole_logs_may_follow_one_another() {
        let (mut errors, mut lines) = (String::new(), String::new());
        for hour in 0..24 {
            let time = format!("{hour:02}:38:39");
            errors += &error(&time, hour, ONE, "/cart");
            lines += &access(&time, ONE, "/cart", 502, "");
            lines += &access(&time, ONE, "/", 200, "");
        }
        for log in [[&errors[..], &lines].concat(), [lines, errors].concat()] {
            let read = |session| faults_in(session, &log).len();
            assert_eq!(read(Session::new(Millis::from_secs(90)).concatenated()), 24);
            assert!(read(Session::new(Millis::from_secs(90))) > 24);
        }
    }

    #[test]
    fn a_client_that_asks_each_second_is_counted_right() {
        let (mut errors, mut lines) = (String::new(), String::new());
        for second in 0..600 {
            let time = format!("07:{:02}:{:02}", second / 60, second % 60);
            errors += &error(&time, 7, ONE, "/health");
            lines += &access(&time, ONE, "/health", 502, "");
        }
        for log in [[&errors[..], &lines].concat(), [lines, errors].concat()] {
            let session = Session::new(Millis::from_secs(90)).concatenated();
            let found = faults_in(session, &log);
            assert_eq!(found.len(), 600);
            assert!(found.iter().all(|fault| *fault == Fault::ConnectRefused));
        }
    }

    #[test]
    fn exchanges_are_joined_by_whatever_both_records_name() {
        let at = "07:38:39";
        let json = |fields: &str| {
            format!(
                "{{\"time\":\"2026-11-22T07:38:39+00:00\",\"request_method\":\"GET\",\
                 \"status\":\"502\",{fields}}}\n"
            )
        };
        for (access, exchanges) in [
            (access(at, ONE, "/cart?a=1", 502, ""), 1),
            // `$uri` has no query.
            (access(at, ONE, "/cart", 502, ""), 1),
            (access(at, ONE, "/cart?a=2", 502, ""), 2),
            (access(at, ONE, "/cart2", 502, ""), 2),
            (access(at, OTHER, "/cart?a=1", 502, ""), 2),
            (access("07:39:39", ONE, "/cart?a=1", 502, " rt=1.000"), 2),
            // Behind a balancer the access log names its client.
            (access(at, OTHER, "/cart?a=1", 502, " connection=7"), 1),
            (access(at, OTHER, "/cart?a=1", 502, " connection=8"), 2),
            (access(at, OTHER, "/pay", 502, " connection=7"), 2),
            (json("\"request_uri\":\"/cart?a=1\""), 1),
            (json("\"request_uri\":\"/cart\",\"remote_addr\":\"203.0.113.24\""), 1),
            (json("\"request_uri\":\"/cart?a=1\",\"remote_addr\":\"203.0.113.77\""), 2),
            (json("\"request_uri\":\"/pay\""), 2),
        ] {
            let error = error(at, 7, ONE, "/cart?a=1");
            for log in [[error.clone(), access.clone()].concat(), [access, error].concat()] {
                let found = faults(&log);
                assert_eq!(found.len(), exchanges, "{log}");
                assert!(found.contains(&Fault::ConnectRefused), "{log}");
            }
        }
    }

    #[test]
    fn attempts_of_one_exchange_follow_soon() {
        let first = error("07:38:39", 7, ONE, "/cart");
        for (time, exchanges) in [("07:38:39", 1), ("07:39:39", 1), ("07:48:39", 2)] {
            let next = error(time, 7, ONE, "/cart").replace("192.0.2.10", "192.0.2.11");
            let session = Session::new(Millis::from_secs(90)).concatenated();
            assert_eq!(faults_in(session, &[first.clone(), next].concat()).len(), exchanges);
        }
        assert_eq!(faults(&[first.clone(), first].concat()).len(), 2);
    }

    #[test]
    fn ids_join_what_differs_in_all_else() {
        let id = "7518a3f78e7cc86696e3996e6382a42a";
        let line = error("07:38:39", 7, ONE, "/cart");
        let line = line.replace("\n", &format!(", request_id: \"{id}\"\n"));
        let same = access("07:38:39", OTHER, "/", 502, &format!(" request_id={id}"));
        let other = same.replace("7518", "7519");
        assert_eq!(faults(&[line.clone(), same].concat()).len(), 1);
        assert_eq!(faults(&[line, other].concat()).len(), 2);
    }

    #[test]
    fn a_retry_that_ended_well_is_no_failure() {
        for (access, failed) in [
            (access("07:38:39", ONE, "/cart", 200, ""), 0),
            (access("07:38:49", ONE, "/cart", 200, ""), 0),
            (access("07:38:49", ONE, "/cart", 200, " rt=10.002"), 0),
            (access("07:38:49", ONE, "/cart", 200, " rt=0.002"), 1),
            (access("07:38:49", OTHER, "/cart", 200, ""), 1),
        ] {
            let log = [error("07:38:39", 7, ONE, "/cart"), access].concat();
            assert_eq!(faults(&log).len(), failed, "{log}");
        }
    }

    #[test]
    fn a_failed_start_is_told_twice_and_counted_once() {
        let start = |time: &str| {
            let message = "[emerg] 1#1: host not found in upstream \"api\" in /etc/nginx/a.conf:12";
            let twin = message.replace(" 1#1:", "");
            format!("2026/11/22 {time} {message}\nnginx: {twin}\n")
        };
        assert_eq!(faults(&start("07:38:39")).len(), 1);
        assert_eq!(faults(&[start("07:38:39"), start("07:38:40")].concat()).len(), 2);
        let dated = start("07:38:39").replace("nginx: ", "2026-11-22T07:38:39Z nginx: ");
        assert_eq!(faults(&dated).len(), 1);
        let other = start("07:38:39").replacen("api", "shop", 1);
        assert_eq!(faults(&other).len(), 2);
    }

    #[test]
    fn what_befalls_the_gateway_is_no_exchange() {
        let start =
            "2026/11/22 07:38:39 [emerg] 1#1: host not found in upstream \"api\" in /a:12\n";
        let notice = "2026/11/22 07:38:40 [notice] 1#1: signal 1 (SIGHUP) received\n";
        let log = [start, notice, &error("07:38:41", 7, ONE, "/cart")].concat();
        let mut session = Session::new(Millis::from_secs(90));
        let (mut reader, mut rest) = (Reader::new(0), log.as_bytes());
        while let Progress::Used(used) = session.step(&mut reader, rest, true, &mut |_| {}) {
            rest = &rest[used..];
        }
        session.flush(&mut |_| {});
        let exchanges = session.summary().exchanges();
        assert_eq!((exchanges.total, exchanges.failed, exchanges.events), (1, 1, 1));
        let findings = session.summary().findings();
        let counts: Vec<_> = findings.iter().map(|found| (found.count, found.events)).collect();
        assert_eq!(counts, [(1, 0), (0, 1)]);
    }

    #[test]
    fn an_error_log_is_silent_only_where_it_is_known_to_be_written() {
        let bare = access("07:38:39", OTHER, "/pay", 502, "");
        let before = error("07:30:01", 7, ONE, "/cart");
        let after = error("07:41:00", 9, ONE, "/cart");
        let long_before = error("06:00:00", 7, ONE, "/cart");
        let at_once = error("07:38:39", 7, ONE, "/cart");
        let notice = "2026/11/22 07:30:01 [notice] 1#1: signal 1 (SIGHUP) received\n";
        for (log, said) in [
            ([&before[..], &bare, &after].concat(), Fault::UpstreamBadGateway),
            ([&before[..], &bare].concat(), Fault::UpstreamBadGateway),
            ([&bare[..], &after].concat(), Fault::Unknown),
            ([&long_before[..], &bare].concat(), Fault::Unknown),
            // It may be this one's, under another name.
            ([&before[..], &at_once, &bare].concat(), Fault::Unknown),
            ([notice, &bare].concat(), Fault::Unknown),
        ] {
            let found = faults(&log);
            let other = found.iter().find(|fault| **fault != Fault::ConnectRefused);
            assert_eq!(other, Some(&said), "{log}");
        }
    }
}
