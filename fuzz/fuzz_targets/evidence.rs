//! Any facts to every report.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|evidence: why502::Evidence<'_>| why502_fuzz::reports(&evidence));
