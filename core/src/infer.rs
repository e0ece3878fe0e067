//! Weighs the causes of a fault: a transparent sum. It knows no gateway and no cause by name.
//!
//! Each cause that can stand behind the fault begins with its prior's weight; every tell that holds
//! adds its own. Ten points double the odds, so the confidence of a cause is `2^(sum/10)` over the
//! sum of that of all.

use crate::causes::{Case, MOST_CAUSES, Suspects};
use crate::evidence::List;
use crate::vocabulary::{Cause, Confidence};

/// How many causes a ranking keeps.
pub const MOST_RANKS: usize = 6;

/// One cause with its confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ranked {
    /// The cause.
    pub cause: Cause,
    /// How likely it is, of all causes.
    pub confidence: Confidence,
    /// The tells that held: bit `n` is the entry's tell number `n`.
    pub tells: u32,
}

impl Default for Ranked {
    fn default() -> Self {
        Self { cause: Cause::Unknown, confidence: Confidence::percent(0), tells: 0 }
    }
}

/// The causes, the likeliest first; of equal ones the first in the taxonomy.
pub type Ranking = List<Ranked, MOST_RANKS>;

/// Ranks the causes of a case. Those under one in a hundred are left out, except the first.
#[must_use]
pub fn infer(case: &Case<'_>) -> Ranking {
    let suspects = Suspects::of(case.fault);
    let mut weighed = [Weighed::default(); MOST_CAUSES];
    for (place, ((cause, prior), slot)) in suspects.iter().zip(&mut weighed).enumerate() {
        *slot = Weighed::new(*cause, *prior, place, case);
    }
    let weighed = weighed.get_mut(..suspects.len()).unwrap_or_default();
    weighed.sort_unstable_by_key(|each| core::cmp::Reverse(each.rank));
    let highest = weighed.first().map_or(0, Weighed::sum);
    let whole: u64 = weighed.iter().map(|each| odds(each.sum() - highest)).sum();
    let mut ranking = Ranking::default();
    for each in weighed.iter().take(MOST_RANKS) {
        let confidence = Confidence::share(odds(each.sum() - highest), whole);
        if confidence < Confidence::percent(1) && !ranking.is_empty() {
            break;
        }
        ranking.push(Ranked { cause: each.cause, confidence, tells: each.tells });
    }
    ranking
}

/// A cause with the sum of its weights.
#[derive(Clone, Copy)]
struct Weighed {
    cause: Cause,
    tells: u32,
    /// The sum, and below it the place: of equal sums the first in the catalogue comes first.
    rank: i32,
}

impl Default for Weighed {
    fn default() -> Self {
        Self { cause: Cause::Unknown, tells: 0, rank: 0 }
    }
}

impl Weighed {
    fn new(cause: Cause, prior: u8, place: usize, case: &Case<'_>) -> Self {
        let mut sum = i32::from(prior);
        let mut tells = 0;
        let mut bit = 1_u32;
        for tell in cause.why().tells {
            if (tell.when)(case).is_some() {
                sum += i32::from(tell.weight);
                tells |= bit;
            }
            bit = bit.rotate_left(1);
        }
        let behind = i32::try_from(MOST_CAUSES - place).unwrap_or(0);
        Self { cause, tells, rank: sum * 64 + behind }
    }

    const fn sum(&self) -> i32 {
        self.rank >> 6
    }
}

const _: () = assert!(MOST_CAUSES < 64, "a place has no room below the sum");

/// `2^(points/10)` for points of 0 and below, as parts of 2^20; 0 from -200 on.
fn odds(points: i32) -> u64 {
    /// `2^(-n/10)` as parts of 2^20.
    const TENTHS: [u64; 10] = [
        1_048_576, 978_356, 912_838, 851_708, 794_672, 741_455, 691_802, 645_474, 602_248, 561_917,
    ];
    let below = points.min(0).unsigned_abs();
    let tenths = TENTHS.get(below as usize % 10).copied().unwrap_or(0);
    tenths.checked_shr(below / 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_points_double_the_odds() {
        assert_eq!(odds(0), 1 << 20);
        assert_eq!(odds(-10), 1 << 19);
        assert_eq!(odds(-200), 1);
        assert_eq!(odds(-400), 0);
        assert_eq!(odds(i32::MIN), 0);
        for points in -300..0 {
            assert!(odds(points) <= odds(points + 1));
        }
    }
}
