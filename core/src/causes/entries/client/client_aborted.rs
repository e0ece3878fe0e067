//! The user, or a client-side or outer timeout, gave up first.

use crate::causes::{Advice, Why};

pub(in crate::causes) const WHY: Why = Why { faults: &[], tells: &[] };

pub(in crate::causes) const ADVICE: Advice =
    Advice { title: "", meaning: "", checks: &[], remedies: &[], prevention: &[], sources: &[] };
