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
    let mut weighed = [(Ranked::default(), 0_i32); MOST_CAUSES];
    let mut highest = i32::MIN;
    for (slot, (cause, prior)) in weighed.iter_mut().zip(suspects) {
        let mut sum = i32::from(*prior);
        let mut tells = 0;
        for (bit, tell) in cause.why().tells.iter().enumerate() {
            if (tell.when)(case).is_some() {
                sum += i32::from(tell.weight);
                tells |= 1_u32 << (bit & 31);
            }
        }
        highest = highest.max(sum);
        *slot = (Ranked { cause: *cause, tells, ..Ranked::default() }, sum);
    }
    let weighed = weighed.get_mut(..suspects.len()).unwrap_or_default();
    let mut whole = 0;
    for (_, sum) in weighed.iter_mut() {
        let odds = odds(*sum - highest);
        *sum = odds;
        whole += u64::from(odds.unsigned_abs());
    }
    let mut ranking = Ranking::default();
    for _ in 0..MOST_RANKS {
        // Of equal ones the first: `max_by_key` would take the last.
        let Some((ranked, odds)) =
            weighed.iter_mut().reduce(|best, next| if next.1 > best.1 { next } else { best })
        else {
            break;
        };
        let confidence = Confidence::share(u64::from(odds.unsigned_abs()), whole);
        if *odds < 0 || (confidence < Confidence::percent(1) && !ranking.is_empty()) {
            break;
        }
        ranking.push(Ranked { confidence, ..*ranked });
        *odds = -1;
    }
    ranking
}

/// `2^(points/10)` for points of 0 and below, as parts of 2^20; 0 from -200 on.
fn odds(points: i32) -> i32 {
    /// `2^(-n/10)` as parts of 2^20.
    const TENTHS: [i32; 10] = [
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
