//! Hosts that answer anything, in any order.
#![allow(clippy::disallowed_methods, clippy::indexing_slicing, unreachable_pub)]

#[path = "common/chaos.rs"]
mod chaos;

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(3000))]
    #[test]
    fn nothing_makes_it_panic(tape in proptest::collection::vec(proptest::num::u8::ANY, 0..1200)) {
        chaos::run(&tape);
    }
}
