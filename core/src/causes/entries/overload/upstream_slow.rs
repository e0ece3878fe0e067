//! Some work of the upstream is slow without general overload: a heavy query, a slow dependency, a deadlock, a cold start.

use crate::causes::{Advice, Why};

pub(in crate::causes) const WHY: Why = Why { faults: &[], tells: &[] };

pub(in crate::causes) const ADVICE: Advice =
    Advice { title: "", meaning: "", checks: &[], remedies: &[], prevention: &[], sources: &[] };
