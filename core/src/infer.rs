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
    let mut sums = [0_i32; MOST_CAUSES];
    let mut tells = [0_u32; MOST_CAUSES];
    for ((sum, tells), (cause, prior)) in sums.iter_mut().zip(&mut tells).zip(suspects) {
        *sum = i32::from(*prior);
        let mut bit = 1_u32;
        for tell in cause.why().tells {
            if (tell.when)(case).is_some() {
                *sum += i32::from(tell.weight);
                *tells |= bit;
            }
            bit = bit.rotate_left(1);
        }
    }
    let suspected = sums.get(..suspects.len()).unwrap_or_default();
    let highest = suspected.iter().copied().max().unwrap_or(0);
    let mut chances = [0_u32; MOST_CAUSES];
    let mut whole = 0;
    for (chance, sum) in chances.iter_mut().zip(suspected) {
        *chance = odds(*sum - highest);
        whole += u64::from(*chance);
    }
    // A chance and the place of its cause in one number: of equal chances the first is the greater.
    // Signed ones, whose greatest is found many at a time on every machine.
    let mut ranks = [0_i32; MOST_CAUSES];
    let least = whole * 100 - whole / 2;
    for ((rank, chance), at) in ranks.iter_mut().zip(&chances).zip(0..suspects.len()) {
        if u64::from(*chance) * 10_000 >= least {
            *rank = ((*chance as i32) << PLACE_BITS) | (PLACE - at as i32);
        }
    }
    let mut ranking = Ranking::default();
    for _ in 0..MOST_RANKS {
        let most = ranks.iter().fold(0, |most, rank| most.max(*rank));
        let at = (PLACE - (most & PLACE)) as usize;
        let (Some((cause, _)), Some(tells), Some(rank)) =
            (suspects.get(at), tells.get(at), ranks.get_mut(at))
        else {
            break;
        };
        if most == 0 {
            break;
        }
        *rank = 0;
        let confidence = Confidence::share((most >> PLACE_BITS) as u64, whole);
        ranking.push(Ranked { cause: *cause, confidence, tells: *tells });
    }
    ranking
}

const PLACE_BITS: u32 = 5;
const PLACE: i32 = (1 << PLACE_BITS) - 1;
// Places and chances have room beside each other.
const _: () = assert!(MOST_CAUSES <= PLACE as usize && CERTAIN < 1 << (31 - PLACE_BITS));

/// The chance of the likeliest cause.
const CERTAIN: u32 = 1 << 20;

/// `2^(points/10)` for points of 0 and below, as parts of 2^20; 0 below -200.
fn odds(points: i32) -> u32 {
    ODDS.get(points.min(0).unsigned_abs() as usize).copied().unwrap_or(0)
}

/// The odds for each number of points below 0.
static ODDS: [u32; 201] = table_of_odds();

// An index outside of the table stops the compiler, and runs nowhere else.
#[allow(clippy::indexing_slicing)]
const fn table_of_odds() -> [u32; 201] {
    /// `2^(-n/10)` as parts of 2^20; it halves every ten.
    const TENTHS: [u32; 10] =
        [CERTAIN, 978_356, 912_838, 851_708, 794_672, 741_455, 691_802, 645_474, 602_248, 561_917];
    let mut table = [0; 201];
    let mut below = 0;
    while below < table.len() {
        table[below] = TENTHS[below % 10] >> (below / 10);
        below += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::vocabulary::{Fault, Phase};
    use alloc::vec::Vec;

    #[test]
    fn the_ranking_is_the_plain_one() {
        let broken = Evidence::builder().status(502).upstream("127.0.0.1:80").reset(Phase::Connect);
        for evidence in [Evidence::default(), broken.build()] {
            for fault in Fault::ALL {
                let case = Case::new(&evidence, *fault);
                let mut plain: Vec<(f64, Cause)> = Suspects::of(*fault)
                    .iter()
                    .map(|(cause, prior)| {
                        let tells = cause.why().tells.iter();
                        let told = tells.filter(|tell| (tell.when)(&case).is_some());
                        let sum =
                            told.fold(i32::from(*prior), |sum, tell| sum + i32::from(tell.weight));
                        ((f64::from(sum) / 10.0).exp2(), *cause)
                    })
                    .collect();
                let whole: f64 = plain.iter().map(|(odds, _)| odds).sum();
                plain.sort_by(|a, b| b.0.total_cmp(&a.0));
                let ranking = infer(&case);
                assert!(!ranking.is_empty(), "{fault}");
                for (ranked, (odds, cause)) in ranking.iter().zip(&plain) {
                    assert_eq!(ranked.cause, *cause, "{fault}");
                    assert!((f64::from(ranked.confidence.get()) - odds / whole).abs() < 0.001);
                }
                let shown = plain.iter().filter(|(odds, _)| odds / whole > 0.0101).count();
                assert!(ranking.len() >= shown.min(MOST_RANKS), "{fault}");
            }
        }
    }

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
