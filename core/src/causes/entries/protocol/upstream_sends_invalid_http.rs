//! The upstream's responses break HTTP: bad header bytes, conflicting lengths, wrong chunking, output before headers.

use crate::causes::{Advice, Why};

pub(in crate::causes) const WHY: Why = Why { faults: &[], tells: &[] };

pub(in crate::causes) const ADVICE: Advice =
    Advice { title: "", meaning: "", checks: &[], remedies: &[], prevention: &[], sources: &[] };
