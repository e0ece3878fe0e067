//! Weighs the causes of a fault: a transparent sum. It knows no gateway and no cause by name.
//!
//! Each cause that can stand behind the fault begins with its prior's weight; every tell that holds
//! adds its own. Eight points double the odds, so the confidence of a cause is `2^(sum/8)` over the
//! sum of that of all. The eight was fitted: with it, the confidences of the first causes come
//! nearest to how often they are right on known cases (`calibration` in the benches measures it).

use crate::causes::{Case, Suspects, Weighed};
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
    let weighed = suspects.weigh(case);
    let weighed = weighed.get(..suspects.list.len()).unwrap_or_default();
    let mut likeliest = Likeliest::default();
    for (Weighed { sum, tells }, (cause, _)) in weighed.iter().zip(suspects.list) {
        likeliest.take(Rank::new(*sum, *cause, *tells));
    }
    let highest = likeliest.ranks[0].sum();
    let whole = weighed.iter().map(|weighed| u64::from(odds(weighed.sum - highest))).sum::<u64>();
    let least = whole - whole / 200;
    let mut ranking = Ranking::default();
    for rank in likeliest.iter() {
        let chance = u64::from(odds(rank.sum() - highest));
        if chance * 100 < least {
            break;
        }
        let Some(cause) = Cause::ALL.get(rank.cause()) else { break };
        let confidence = Confidence::share(chance, whole);
        ranking.push(Ranked { cause: *cause, confidence, tells: rank.tells() });
    }
    ranking
}

/// A cause's sum, its place in the taxonomy and its tells in one number: the likeliest is the
/// greatest, of equal ones the first in the taxonomy.
#[derive(Clone, Copy, Default)]
struct Rank(u64);

impl Rank {
    const ZERO: i32 = 1 << 20;

    fn new(sum: i32, cause: Cause, tells: u32) -> Self {
        let sum = (Self::ZERO + sum) as u64;
        Self(sum << 40 | u64::from(!(cause as u8)) << 32 | u64::from(tells))
    }

    const fn sum(self) -> i32 {
        (self.0 >> 40) as i32 - Self::ZERO
    }

    const fn cause(self) -> usize {
        !(self.0 >> 32) as usize & 0xff
    }

    const fn tells(self) -> u32 {
        self.0 as u32
    }
}

/// The likeliest causes so far, the likeliest first.
#[derive(Default)]
struct Likeliest {
    ranks: [Rank; MOST_RANKS],
    len: usize,
}

impl Likeliest {
    /// They mostly come in order: suspects stand in that of their priors.
    fn take(&mut self, rank: Rank) {
        let mut at = self.len;
        match self.ranks.get_mut(at) {
            Some(place) => {
                *place = rank;
                self.len += 1;
            }
            None => match self.ranks.last_mut() {
                Some(last) if last.0 < rank.0 => {
                    *last = rank;
                    at = MOST_RANKS - 1;
                }
                _ => return,
            },
        }
        while let Some([before, place]) = self.ranks.get_mut(at.wrapping_sub(1)..=at) {
            if before.0 > place.0 {
                break;
            }
            core::mem::swap(before, place);
            at -= 1;
        }
    }

    fn iter(&self) -> impl Iterator<Item = Rank> {
        self.ranks.iter().copied().take(self.len)
    }
}

/// The chance of the likeliest cause.
const CERTAIN: u32 = 1 << 20;

/// `2^(points/8)` for points of 0 and below, as parts of 2^20; 0 below -160.
fn odds(points: i32) -> u32 {
    ODDS.get(points.min(0).unsigned_abs() as usize).copied().unwrap_or(0)
}

/// The odds for each number of points below 0.
static ODDS: [u32; 161] = table_of_odds();

// An index outside of the table stops the compiler, and runs nowhere else.
#[allow(clippy::indexing_slicing)]
const fn table_of_odds() -> [u32; 161] {
    /// `2^(-n/8)` as parts of 2^20; it halves every eight.
    const EIGHTHS: [u32; 8] =
        [CERTAIN, 961_548, 881_744, 808_563, 741_455, 679_917, 623_487, 571_740];
    let mut table = [0; 161];
    let mut below = 0;
    while below < table.len() {
        table[below] = EIGHTHS[below % 8] >> (below / 8);
        below += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Evidence, Sign};
    use crate::vocabulary::{Fault, Phase};
    use alloc::vec::Vec;
    use core::time::Duration;

    #[test]
    fn the_ranking_is_the_plain_one() {
        let broken = Evidence::builder().status(502).upstream("127.0.0.1:80").reset(Phase::Connect);
        let mut all = alloc::vec![Evidence::default(), broken.build()];
        let places =
            ["127.0.0.1:80", "10.0.0.3:443", "172.17.0.3:0", "[::1]:80", "unix:/app", "a:1"];
        for (at, sign) in Sign::ALL.iter().enumerate() {
            for (place, millis) in places.iter().zip([2, 900, 3_100, 5_100, 30_001, 60_001]) {
                let builder = Evidence::builder()
                    .status([101, 200, 403, 404, 431, 500, 502, 503][at % 8])
                    .upstream(place)
                    .sign(*sign, Phase::Connect, None)
                    .reused_connection(at % 2 == 0)
                    .connected_in(Duration::from_millis(millis / 2))
                    .total(Duration::from_millis(millis));
                all.push(builder.build());
            }
        }
        for evidence in all {
            for fault in Fault::ALL {
                let case = Case::new(&evidence, *fault);
                let mut plain: Vec<(f64, Cause, u32)> = Cause::ALL
                    .iter()
                    .filter_map(|cause| {
                        let why = cause.why();
                        let (_, prior) = why.faults.iter().find(|(under, _)| under == fault)?;
                        let (mut sum, mut tells) = (i32::from(*prior), 0);
                        for (bit, tell) in why.tells.iter().enumerate() {
                            if tell.holds(&case).is_some() {
                                sum += i32::from(tell.weight);
                                tells |= 1 << bit;
                            }
                        }
                        Some(((f64::from(sum) / 8.0).exp2(), *cause, tells))
                    })
                    .collect();
                let whole: f64 = plain.iter().map(|(odds, ..)| odds).sum();
                plain.sort_by(|a, b| b.0.total_cmp(&a.0));
                let ranking = infer(&case);
                assert!(!ranking.is_empty(), "{fault}");
                for (ranked, (odds, cause, tells)) in ranking.iter().zip(&plain) {
                    assert_eq!((ranked.cause, ranked.tells), (*cause, *tells), "{fault}");
                    assert!((f64::from(ranked.confidence.get()) - odds / whole).abs() < 0.001);
                }
                let shown = plain.iter().filter(|(odds, ..)| odds / whole > 0.0101).count();
                assert!(ranking.len() >= shown.min(MOST_RANKS), "{fault}");
            }
        }
    }

    #[test]
    fn eight_points_double_the_odds() {
        assert_eq!(odds(0), 1 << 20);
        assert_eq!(odds(-8), 1 << 19);
        assert_eq!(odds(-160), 1);
        assert_eq!(odds(-400), 0);
        assert_eq!(odds(i32::MIN), 0);
        for points in -300..0 {
            assert!(odds(points) <= odds(points + 1));
        }
    }
}
