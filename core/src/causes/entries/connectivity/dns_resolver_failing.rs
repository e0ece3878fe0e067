//! The resolver is down, unreachable, overloaded or not set up.

use crate::causes::{Advice, Why};

pub(in crate::causes) const WHY: Why = Why { faults: &[], tells: &[] };

pub(in crate::causes) const ADVICE: Advice =
    Advice { title: "", meaning: "", checks: &[], remedies: &[], prevention: &[], sources: &[] };
