//! The catalogue: why exchanges fail, each cause written once.
//!
//! A cause has two halves. [`Why`] ranks it: the faults it can stand behind and what speaks for or
//! against it. [`Advice`] is its prose. They are apart so that a build that only ranks carries no
//! prose. No report words a remedy of its own.

mod case;
mod clue;
mod entries;
mod fact;
mod faults;
mod suspects;

pub use case::Case;
pub use fact::Fact;

pub(crate) use suspects::{Suspects, Weighed};

use case::CUT_SHORT;
use clue::{Clue, Clues};

use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

/// What ranks a cause.
///
/// Weights are points, and eight points double the odds: a cause 16 points above another is four
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
    /// It holds under these faults only: a bit each.
    faults: u64,
    when: When,
    #[cfg(feature = "prose")]
    spoken: Spoken,
}

/// The half of a tell that a build that is to be small does without: there are hundreds of them.
#[cfg(feature = "prose")]
#[derive(Debug)]
struct Spoken {
    says: &'static str,
    clues: Clues,
}

/// How a tell looks at a case.
#[derive(Debug)]
enum When {
    /// Any of these signs is there.
    Seen(&'static [Sign]),
    /// Something else; `None` where it does not hold.
    Asked(Ask),
}

/// Looks at a case; answers with the evidence that it rests on, `None` where it does not hold.
type Ask = fn(&Case<'_>) -> Option<Fact>;

impl Tell {
    /// Speaks for the cause.
    const fn supports(weight: u8, says: &'static str, when: Ask) -> Self {
        Self::new(weight as i16, !0, says, Clues::EVERY, When::Asked(when))
    }

    /// Speaks against the cause.
    const fn refutes(weight: u8, says: &'static str, when: Ask) -> Self {
        let supports = Self::supports(weight, says, when);
        Self { weight: -supports.weight, ..supports }
    }

    /// Speaks for the cause where any of these signs is there.
    const fn sign_supports(weight: u8, says: &'static str, signs: &'static [Sign]) -> Self {
        Self::new(weight as i16, !0, says, of_signs(signs), When::Seen(signs))
    }

    /// Speaks against the cause where any of these signs is there.
    const fn sign_refutes(weight: u8, says: &'static str, signs: &'static [Sign]) -> Self {
        let supports = Self::sign_supports(weight, says, signs);
        Self { weight: -supports.weight, ..supports }
    }

    #[cfg_attr(not(feature = "prose"), allow(unused_variables))]
    const fn new(weight: i16, faults: u64, says: &'static str, clues: Clues, when: When) -> Self {
        Self {
            weight,
            faults,
            when,
            #[cfg(feature = "prose")]
            spoken: Spoken { says, clues },
        }
    }

    /// Why it counts, in words: a clause that a report follows with the evidence it rests on. Empty
    /// without the feature `prose`.
    #[must_use]
    pub const fn says(&self) -> &'static str {
        #[cfg(feature = "prose")]
        return self.spoken.says;
        #[cfg(not(feature = "prose"))]
        return "";
    }

    /// It cannot hold in a case that has none of these.
    const fn clues(&self) -> Clues {
        #[cfg(feature = "prose")]
        return self.spoken.clues;
        #[cfg(not(feature = "prose"))]
        return Clues::EVERY;
    }

    /// Holds under these faults only.
    // An index outside of the list stops the compiler, and runs nowhere else.
    #[allow(clippy::indexing_slicing)]
    const fn under(mut self, faults: &[Fault]) -> Self {
        self.faults = 0;
        let mut at = 0;
        while at < faults.len() {
            self.faults |= 1 << faults[at] as u32;
            at += 1;
        }
        self
    }

    /// Cannot hold without one of these signs (or of the clues that are named beside them), so that
    /// it need not be asked.
    const fn on_signs(self, signs: &[Sign]) -> Self {
        self.on_any(of_signs(signs))
    }

    /// Cannot hold without one of these clues (or of the signs that are named beside them), so that
    /// it need not be asked.
    // An index outside of the list stops the compiler, and runs nowhere else.
    #[allow(clippy::indexing_slicing)]
    const fn on(self, clues: &[Clue]) -> Self {
        let mut any = Clues::NONE;
        let mut at = 0;
        while at < clues.len() {
            any = any.with(clues[at]);
            at += 1;
        }
        self.on_any(any)
    }

    const fn on_any(self, any: Clues) -> Self {
        let (says, clues) = (self.says(), self.clues());
        let clues = if clues.is_every() { any } else { clues.join(any) };
        Self::new(self.weight, self.faults, says, clues, self.when)
    }

    /// The evidence that it rests on; `None` where it does not hold in this case.
    #[must_use]
    pub fn holds(&self, case: &Case<'_>) -> Option<Fact> {
        if !self.is_under(case.fault) {
            return None;
        }
        match self.when {
            When::Seen(signs) => signs.iter().find_map(|sign| case.has(*sign)),
            When::Asked(when) => when(case),
        }
    }

    const fn is_under(&self, fault: Fault) -> bool {
        self.faults >> fault as u32 & 1 == 1
    }
}

// An index outside of the list stops the compiler, and runs nowhere else.
#[allow(clippy::indexing_slicing)]
const fn of_signs(signs: &[Sign]) -> Clues {
    let mut clues = Clues::NONE;
    let mut at = 0;
    while at < signs.len() {
        clues = clues.with_sign(signs[at]);
        at += 1;
    }
    clues
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
