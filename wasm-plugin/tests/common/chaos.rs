//! A host that answers anything: bytes and statuses come from a tape, and so do the callbacks.

use std::cell::RefCell;

use why502_filter::Filter;
use why502_filter::host::{Absent, Answer, Ask, Host, Level, Map, Metric, Pairs};

/// What is left of the tape. At its end all is zero.
struct Tape<'a>(&'a [u8]);

impl Tape<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    fn bytes(&mut self) -> Vec<u8> {
        // Words that open doors further in, and whatever is on the tape.
        const WORDS: &[&str] = &[
            "",
            "200",
            "502",
            "503",
            "via_upstream",
            "upstream_reset_before_response_started{remote_connection_failure|delayed}",
            "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:x",
            "application/grpc",
            "text/html;q=0.9, */*",
            "14",
            "10.0.0.3:80",
            "HEAD",
            "websocket",
            "direct_response",
        ];
        match self.byte() {
            at @ 0..=127 => WORDS[usize::from(at) % WORDS.len()].as_bytes().to_vec(),
            128 => self.number().to_le_bytes().to_vec(),
            129 => vec![0xff; 5000],
            length => {
                let length = usize::from(length - 130).min(self.0.len());
                let (taken, rest) = self.0.split_at(length);
                self.0 = rest;
                taken.to_vec()
            }
        }
    }

    fn answer<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Answer<T> {
        // Two of three calls go well.
        let status = match self.byte() {
            byte @ 0..=84 => u32::from(byte),
            85 => u32::MAX,
            _ => 0,
        };
        match Absent::of(status) {
            None => Ok(value(self)),
            Some(absent) => Err(absent),
        }
    }
}

struct Anything<'a>(RefCell<Tape<'a>>);

impl<'a> Anything<'a> {
    fn answer<T>(&self, value: impl FnOnce(&mut Tape<'a>) -> T) -> Answer<T> {
        self.0.borrow_mut().answer(value)
    }
}

impl Ask for Anything<'_> {
    fn property(&self, _: &[u8]) -> Answer<Vec<u8>> {
        self.answer(Tape::bytes)
    }
    fn header(&self, _: Map, _: &[u8]) -> Answer<Vec<u8>> {
        self.answer(Tape::bytes)
    }
    fn headers(&self, _: Map) -> Answer<Pairs> {
        self.answer(|tape| Pairs::new(tape.bytes()))
    }
    fn now(&self) -> Answer<u64> {
        self.answer(Tape::number)
    }
}

impl Host for Anything<'_> {
    fn set_property(&self, _: &[u8], _: &[u8]) -> Answer<()> {
        self.answer(|_| ())
    }
    fn add_header(&self, name: &[u8], value: &[u8]) -> Answer<()> {
        assert!(!name.is_empty() && value.iter().all(|byte| matches!(byte, b' '..=b'~')));
        self.answer(|_| ())
    }
    fn replace_header(&self, name: &[u8], value: &[u8]) -> Answer<()> {
        assert!(!name.is_empty() && value.iter().all(|byte| matches!(byte, b' '..=b'~')));
        self.answer(|_| ())
    }
    fn remove_header(&self, _: &[u8]) -> Answer<()> {
        self.answer(|_| ())
    }
    fn body(&self, _: usize) -> Answer<Vec<u8>> {
        self.answer(Tape::bytes)
    }
    fn replace_body(&self, _: &[u8]) -> Answer<()> {
        self.answer(|_| ())
    }
    fn define_metric(&self, _: Metric, name: &[u8]) -> Answer<u32> {
        assert!(name.starts_with(b"why502_") && name.iter().all(u8::is_ascii_graphic));
        self.answer(|tape| tape.number() as u32)
    }
    fn add_to_metric(&self, _: u32, _: u64) -> Answer<()> {
        self.answer(|_| ())
    }
    fn record_metric(&self, _: u32, _: u64) -> Answer<()> {
        self.answer(|_| ())
    }
    fn tick_every(&self, _: u32) -> Answer<()> {
        self.answer(|_| ())
    }
    fn configuration(&self) -> Answer<Vec<u8>> {
        self.answer(|tape| match tape.byte() {
            0..=63 => b"{}".to_vec(),
            64..=127 => {
                br#"{"error_body": {"replace": "all", "trusted": {"cidrs": ["::/0"]}}}"#.to_vec()
            }
            128..=191 => br#"{"metrics": {"max_clusters": 1}, "summary": {"seconds": 1}}"#.to_vec(),
            _ => tape.bytes(),
        })
    }
    fn log(&self, _: Level, line: &str) {
        assert!(line.starts_with("why502: ") || (line.starts_with('{') && line.ends_with('}')));
        assert!(!line.contains('\n'), "one line");
    }
}

/// Runs the filter by a tape. It must not panic, whatever comes.
pub fn run(tape: &[u8]) {
    let filter = Filter::new(Anything(RefCell::new(Tape(tape))));
    play(filter);
}

fn play(mut filter: Filter<Anything<'_>>) {
    filter.on_context_create(1, 0);
    filter.on_configure(1);
    for _ in 0..400 {
        let (callback, context, left) = {
            let mut tape = filter.host().0.borrow_mut();
            (tape.byte() % 12, u32::from(tape.byte() % 8), tape.0.len())
        };
        match callback {
            0 => filter.on_context_create(context, context % 3),
            1 => drop(filter.on_configure(context)),
            2 => filter.on_tick(context),
            3 => filter.on_request_headers(context),
            4 => filter.on_response_headers(context, false),
            5 => filter.on_response_headers(context, true),
            6 => filter.on_response_body(context, left, left % 2 == 0),
            7 => filter.on_response_trailers(context),
            8 => filter.on_log(context),
            9 => drop(filter.on_done(context)),
            10 => filter.on_delete(context),
            _ => {
                // An exchange in the order that hosts keep.
                let stream = context + 10;
                filter.on_context_create(stream, 1);
                filter.on_request_headers(stream);
                filter.on_response_headers(stream, false);
                filter.on_response_body(stream, left, left % 2 == 0);
                filter.on_response_trailers(stream);
                filter.on_log(stream);
                filter.on_delete(stream);
            }
        }
        if left == 0 {
            return;
        }
    }
}
