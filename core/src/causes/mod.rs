//! The catalogue: why exchanges fail, each cause written once.
//!
//! A cause has two halves. [`Why`] ranks it: the faults it can stand behind and what speaks for or
//! against it. [`Advice`] is its prose. They are apart so that a build that only ranks carries no
//! prose. No report words a remedy of its own.

mod case;
mod entries;
mod fact;
mod faults;

pub use case::Case;
pub use fact::Fact;

use crate::vocabulary::{Cause, Fault};

/// What ranks a cause.
///
/// Weights are points, and ten points double the odds: a cause 20 points above another is four
/// times as likely. The prior and the tells that fire add up; [`crate::infer`] makes the sums of
/// all causes of a fault into confidences.
#[derive(Debug)]
#[non_exhaustive]
pub struct Why {
    /// The faults that it can stand behind, each with the prior's weight (0 to 100).
    pub faults: &'static [(Fault, u8)],
    /// What speaks for or against it. At most 32.
    pub tells: &'static [Tell],
}

/// One thing that speaks for or against a cause.
#[derive(Debug)]
#[non_exhaustive]
pub struct Tell {
    /// Points added: above 0 it supports, below 0 it refutes.
    pub weight: i16,
    /// Why it counts, in words: a clause that a report follows with the evidence it rests on. Empty
    /// without the feature `prose`.
    pub says: &'static str,
    /// Looks at the case; answers with the evidence that it rests on, `None` where it does not hold.
    pub when: fn(&Case<'_>) -> Option<Fact>,
}

impl Tell {
    /// Speaks for the cause.
    const fn supports(weight: u8, says: &'static str, when: fn(&Case<'_>) -> Option<Fact>) -> Self {
        Self { weight: weight as i16, says: worded(says), when }
    }

    /// Speaks against the cause.
    const fn refutes(weight: u8, says: &'static str, when: fn(&Case<'_>) -> Option<Fact>) -> Self {
        Self { weight: -(weight as i16), says: worded(says), when }
    }
}

/// A build that only ranks does not carry the words.
const fn worded(says: &'static str) -> &'static str {
    if cfg!(feature = "prose") { says } else { "" }
}

/// The prose of a cause, for the person on call at night.
#[derive(Debug)]
#[non_exhaustive]
pub struct Advice {
    /// A few words.
    pub title: &'static str,
    /// What it means: one or two sentences.
    pub meaning: &'static str,
    /// How to make sure, the quickest first.
    pub checks: &'static [Check],
    /// What to change, the best first.
    pub remedies: &'static [Remedy],
    /// How to keep it from coming back.
    pub prevention: &'static [&'static str],
    /// Where this is documented.
    pub sources: &'static [&'static str],
}

/// Whether something is of use in a case.
pub type Fits = fn(&Case<'_>) -> bool;

/// A command or a look that tells causes apart.
#[derive(Debug)]
#[non_exhaustive]
pub struct Check {
    /// What to run or look at. `{upstream}` stands for the upstream's address, `{host}` for its
    /// host, `{port}` for its port, `{path}` for the request's path, `{authority}` for its host.
    pub run: &'static str,
    /// What each outcome tells.
    pub outcome: &'static str,
    /// The causes that it tells apart.
    pub tells: &'static [Cause],
    /// The cases in which it is of use; `None`: all. [`Advice::checks_for`] asks.
    pub when: Option<Fits>,
}

impl Check {
    /// A check without words, of use in every case.
    const ALWAYS: Self = Self { run: "", outcome: "", tells: &[], when: None };

    /// It reaches for the upstream by its address.
    fn reaches_upstream(&self) -> bool {
        ["{upstream}", "{host}", "{port}"].iter().any(|place| self.run.contains(place))
    }
}

/// One thing to change.
#[derive(Debug)]
#[non_exhaustive]
pub struct Remedy {
    /// What to do.
    pub does: &'static str,
    /// Whether it only buys time.
    pub stopgap: bool,
    /// The cases in which it helps; `None`: all. [`Advice::remedies_for`] asks.
    pub when: Option<Fits>,
}

impl Remedy {
    const fn cure(does: &'static str) -> Self {
        Self { does, stopgap: false, when: None }
    }

    const fn stopgap(does: &'static str) -> Self {
        Self { does, stopgap: true, when: None }
    }

    /// Only in such cases.
    const fn when(self, when: Fits) -> Self {
        Self { when: Some(when), ..self }
    }
}

impl Advice {
    /// The checks that fit a case: those for its signs first, then those of use in every case.
    /// Those that reach for the upstream by its address are left out where it has none: a Unix
    /// socket, the name of a group. Where all of them do they stay, to be adapted.
    pub fn checks_for(&self, case: &Case<'_>) -> impl Iterator<Item = &'static Check> {
        let reachable = case.on_the_network() || self.checks.iter().all(Check::reaches_upstream);
        fitting(self.checks, case, |check| check.when)
            .filter(move |check| reachable || !check.reaches_upstream())
    }

    /// The remedies that fit a case: those for its signs first, then those that help in every case.
    pub fn remedies_for(&self, case: &Case<'_>) -> impl Iterator<Item = &'static Remedy> {
        fitting(self.remedies, case, |remedy| remedy.when)
    }
}

/// What holds in such a case only, then what holds in all.
fn fitting<T>(
    all: &'static [T],
    case: &Case<'_>,
    when: fn(&T) -> Option<Fits>,
) -> impl Iterator<Item = &'static T> {
    let narrow = all.iter().filter(move |each| when(each).is_some_and(|fits| fits(case)));
    narrow.chain(all.iter().filter(move |each| when(each).is_none()))
}

/// How many causes one fault can have at most.
pub(crate) const MOST_CAUSES: usize = 20;

/// The causes of one fault with their priors, in the order of the catalogue.
pub(crate) struct Suspects {
    list: [(Cause, u8); MOST_CAUSES],
    len: usize,
}

impl Suspects {
    /// The causes that can stand behind a fault.
    pub(crate) fn of(fault: Fault) -> &'static [(Cause, u8)] {
        let suspects = SUSPECTS.get(fault as usize);
        suspects.and_then(|suspects| suspects.list.get(..suspects.len)).unwrap_or(&[])
    }
}

/// The catalogue turned round at compile time: by fault, where the entries are by cause. A fault
/// with more than [`MOST_CAUSES`] causes does not compile.
// Indices are checked when this is evaluated, by the compiler.
#[allow(clippy::indexing_slicing)]
static SUSPECTS: [Suspects; Fault::ALL.len()] = {
    const NOBODY: Suspects = Suspects { list: [(Cause::Unknown, 0); MOST_CAUSES], len: 0 };
    let mut table = [NOBODY; Fault::ALL.len()];
    let mut at = 0;
    while at < Cause::ALL.len() {
        let cause = Cause::ALL[at];
        let faults = cause.why().faults;
        let mut each = 0;
        while each < faults.len() {
            let suspects = &mut table[faults[each].0 as usize];
            suspects.list[suspects.len] = (cause, faults[each].1);
            suspects.len += 1;
            each += 1;
        }
        at += 1;
    }
    table
};
