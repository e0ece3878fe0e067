//! The catalogue turned round at compile time: by fault, and by what a tell asks for, where the
//! entries are by cause. A case is asked those questions only that it has something to say to.

use super::clue::Clues;
use super::{Case, Tell, When};
use crate::vocabulary::{Cause, Fault};

/// How many causes one fault can have at most. A fault with more does not compile.
const MOST_CAUSES: usize = 20;

/// The causes that can stand behind a fault, each with its prior's weight, the likeliest first.
pub(crate) struct Suspects {
    fault: Fault,
    pub(crate) list: &'static [(Cause, u8)],
}

/// What the tells say of one suspect: those that hold, a bit each, and the sum of its weights.
#[derive(Clone, Copy, Default)]
pub(crate) struct Weighed {
    pub(crate) tells: u32,
    pub(crate) sum: i32,
}

impl Suspects {
    pub(crate) fn of(fault: Fault) -> Self {
        let list = match SUSPECTS.begin.get(fault as usize..fault as usize + 2) {
            Some([begin, end]) => SUSPECTS.all.get(usize::from(*begin)..usize::from(*end)),
            _ => None,
        };
        Self { fault, list: list.unwrap_or(&[]) }
    }

    /// The weights of the suspects, in their order.
    pub(crate) fn weigh(&self, case: &Case<'_>) -> [Weighed; MOST_CAUSES] {
        let mut weighed = [Weighed::default(); MOST_CAUSES];
        for (weighed, (_, prior)) in weighed.iter_mut().zip(self.list) {
            weighed.sum = i32::from(*prior);
        }
        // The table of questions is large: a build that is to be small asks all of them.
        if !cfg!(feature = "prose") {
            for (weighed, (cause, _)) in weighed.iter_mut().zip(self.list) {
                for (at, tell) in cause.why().tells.iter().enumerate() {
                    if tell.holds(case).is_some() {
                        weighed.tells |= 1_u32.checked_shl(at as u32).unwrap_or(0);
                        weighed.sum += i32::from(tell.weight);
                    }
                }
            }
            return weighed;
        }
        let Some(begin) = QUESTIONS.begin.get(self.fault as usize) else { return weighed };
        case.clues().each(|clue| {
            let Some([begin, end]) = begin.get(clue..clue + 2) else { return };
            let questions = QUESTIONS.all.get(usize::from(*begin)..usize::from(*end));
            for question in questions.unwrap_or(&[]) {
                question.ask(case, self.list, &mut weighed);
            }
        });
        weighed
    }
}

/// A tell of a suspect, each by its place.
#[derive(Clone, Copy)]
struct Question {
    suspect: u8,
    tell: u8,
}

impl Question {
    #[inline]
    fn ask(self, case: &Case<'_>, suspects: &[(Cause, u8)], weighed: &mut [Weighed; MOST_CAUSES]) {
        let suspect = usize::from(self.suspect);
        let (Some((cause, _)), Some(weighed)) = (suspects.get(suspect), weighed.get_mut(suspect))
        else {
            return;
        };
        let Some(tell) = cause.why().tells.get(usize::from(self.tell)) else { return };
        let bit = 1 << self.tell;
        let holds = match tell.when {
            // The clue that leads here is one of them.
            When::Seen(_) => true,
            When::Asked(when) => when(case).is_some(),
        };
        // Several clues may lead to one tell.
        if holds && weighed.tells & bit == 0 {
            weighed.tells |= bit;
            weighed.sum += i32::from(tell.weight);
        }
    }
}

/// Each fault's suspects, one after the other, and where those of each fault begin.
struct ByFault {
    all: [(Cause, u8); PAIRS],
    begin: [u16; Fault::ALL.len() + 1],
}

/// Each fault's questions by clue, one after the other, and where those of each clue begin.
struct ByClue {
    all: [Question; ALL_QUESTIONS],
    begin: [[u16; Clues::COUNT + 1]; Fault::ALL.len()],
}

// Indices are checked when this is evaluated, by the compiler.
#[allow(clippy::indexing_slicing)]
const PAIRS: usize = {
    let mut pairs = 0;
    let mut at = 0;
    while at < Cause::ALL.len() {
        pairs += Cause::ALL[at].why().faults.len();
        at += 1;
    }
    pairs
};

// As above.
#[allow(clippy::indexing_slicing)]
static SUSPECTS: ByFault = {
    let mut table = ByFault { all: [(Cause::Unknown, 0); PAIRS], begin: [0; Fault::ALL.len() + 1] };
    let mut len = 0;
    let mut fault = 0;
    while fault < Fault::ALL.len() {
        let mut cause = 0;
        while cause < Cause::ALL.len() {
            let faults = Cause::ALL[cause].why().faults;
            let mut at = 0;
            while at < faults.len() {
                if faults[at].0 as usize == fault {
                    table.all[len] = (Cause::ALL[cause], faults[at].1);
                    len += 1;
                }
                at += 1;
            }
            cause += 1;
        }
        fault += 1;
        table.begin[fault] = len as u16;
        let first = table.begin[fault - 1] as usize;
        let mut sorted = first + 1;
        while sorted < len {
            let mut at = sorted;
            while at > first && table.all[at].1 > table.all[at - 1].1 {
                let before = table.all[at - 1];
                table.all[at - 1] = table.all[at];
                table.all[at] = before;
                at -= 1;
            }
            sorted += 1;
        }
        assert!(len - table.begin[fault - 1] as usize <= MOST_CAUSES);
    }
    table
};

// As above.
#[allow(clippy::indexing_slicing)]
const ALL_QUESTIONS: usize = {
    let mut all = 0;
    let mut fault = 0;
    while fault < Fault::ALL.len() {
        let counts = count_questions(Fault::ALL[fault]);
        let mut clue = 0;
        while clue < counts.len() {
            all += counts[clue] as usize;
            clue += 1;
        }
        fault += 1;
    }
    all
};

// As above.
#[allow(clippy::indexing_slicing)]
static QUESTIONS: ByClue = {
    let mut table = ByClue {
        all: [Question { suspect: 0, tell: 0 }; ALL_QUESTIONS],
        begin: [[0; Clues::COUNT + 1]; Fault::ALL.len()],
    };
    let mut len = 0;
    let mut fault = 0;
    while fault < Fault::ALL.len() {
        let counts = count_questions(Fault::ALL[fault]);
        let mut next = [0; Clues::COUNT];
        let mut clue = 0;
        while clue < Clues::COUNT {
            next[clue] = len;
            table.begin[fault][clue] = len as u16;
            len += counts[clue] as usize;
            clue += 1;
        }
        table.begin[fault][clue] = len as u16;
        let mut at = SUSPECTS.begin[fault] as usize;
        while at < SUSPECTS.begin[fault + 1] as usize {
            let tells = SUSPECTS.all[at].0.why().tells;
            let mut tell = 0;
            while tell < tells.len() {
                let mut clues = clues_under(&tells[tell], Fault::ALL[fault]);
                while let Some(clue) = clues.first() {
                    let suspect = (at - SUSPECTS.begin[fault] as usize) as u8;
                    table.all[next[clue]] = Question { suspect, tell: tell as u8 };
                    next[clue] += 1;
                    clues = clues.without_first();
                }
                tell += 1;
            }
            at += 1;
        }
        fault += 1;
    }
    table
};

/// How many questions each clue leads to under a fault.
// Indices are checked by the compiler here too.
#[allow(clippy::indexing_slicing)]
const fn count_questions(fault: Fault) -> [u16; Clues::COUNT] {
    let mut counts = [0; Clues::COUNT];
    let mut at = SUSPECTS.begin[fault as usize] as usize;
    while at < SUSPECTS.begin[fault as usize + 1] as usize {
        let tells = SUSPECTS.all[at].0.why().tells;
        let mut tell = 0;
        while tell < tells.len() {
            let mut clues = clues_under(&tells[tell], fault);
            while let Some(clue) = clues.first() {
                counts[clue] += 1;
                clues = clues.without_first();
            }
            tell += 1;
        }
        at += 1;
    }
    counts
}

/// The clues that lead to a tell under a fault.
const fn clues_under(tell: &Tell, fault: Fault) -> Clues {
    if tell.is_under(fault) { tell.clues() } else { Clues::NONE }
}
