//! The proxy-wasm filter in a host that answers anything.
#![no_main]

#[path = "../../wasm-plugin/tests/common/chaos.rs"]
mod chaos;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|tape: &[u8]| chaos::run(tape));
