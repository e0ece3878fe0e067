//! Any bytes as a log, whole and in pieces, and as evidence about one exchange. The first byte says
//! how they come in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use why502::{dialects::DIALECTS, incident::Single, reader::Reader};

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    // Beyond the list: whichever speaks.
    let dialect = DIALECTS.get(usize::from(first >> 4)).copied();
    let (pieces, log) = rest.split_at(rest.len().min(usize::from(first & 3)));
    match first & 12 {
        0 => {
            let mut single = Single::new();
            single.add(&mut Reader::new(0).dialect(dialect), log, 0);
            why502_fuzz::reports(&single.evidence());
        }
        4 => {
            let mut single = Single::new();
            single.add_response(log, 1);
            single.add_body(log, 2);
            why502_fuzz::reports(&single.evidence());
        }
        // How the bytes come in must not change what is read.
        _ => assert_eq!(
            why502_fuzz::read(dialect, log, pieces),
            why502_fuzz::read(dialect, log, &[255]),
        ),
    }
});
