//! How sure something is, from 0 to 1.

use core::fmt;

/// How sure something is: 0 (excluded) to 1 (certain), kept in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// Certain.
    pub const CERTAIN: Self = Self(10_000);

    /// From parts of a hundred; more than 100 is 100.
    #[must_use]
    pub const fn percent(percent: u8) -> Self {
        Self(if percent > 100 { 10_000 } else { percent as u16 * 100 })
    }

    /// The share that `part` has in `whole`; nothing of nothing is 0.
    #[must_use]
    pub const fn share(part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Self(0);
        }
        // In 128 bits the product cannot overflow; it seldom needs them, and they divide slowly.
        let tenths = match part.checked_mul(10_000) {
            Some(product) if product <= u64::MAX - whole / 2 => (product + whole / 2) / whole,
            _ => {
                let tenths = (part as u128 * 10_000 + whole as u128 / 2) / whole as u128;
                if tenths > 10_000 { 10_000 } else { tenths as u64 }
            }
        };
        Self(if tenths > 10_000 { 10_000 } else { tenths as u16 })
    }

    /// From a number of 0 to 1; none from another.
    #[cfg(feature = "serde")]
    pub(crate) fn of_share(share: f64) -> Option<Self> {
        (0.0..=1.0).contains(&share).then_some(Self((share * 10_000.0 + 0.5) as u16))
    }

    /// As a number from 0 to 1.
    #[must_use]
    pub fn get(self) -> f32 {
        f32::from(self.0) / 10_000.0
    }

    /// In ten-thousandths.
    #[must_use]
    pub const fn ten_thousandths(self) -> u16 {
        self.0
    }

    /// What is left to certainty.
    #[must_use]
    pub const fn rest(self) -> Self {
        Self(10_000 - self.0)
    }
}

impl fmt::Display for Confidence {
    /// Two decimals, as JSON has it: `0.61`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 + 50) / 100;
        write!(f, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// A number as JavaScript writes it: `1`, not `1.0`, so that both write the same JSON.
#[cfg(feature = "serde")]
pub(crate) fn serialize_number<S: serde::Serializer>(
    number: f64,
    to: S,
) -> Result<S::Ok, S::Error> {
    let whole = number as u64;
    if whole as f64 == number { to.serialize_u64(whole) } else { to.serialize_f64(number) }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Confidence {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Two decimals, as text shows it: more would claim more than is known.
        serialize_number(f64::from((self.0 + 50) / 100) / 100.0, to)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Confidence {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::of_share(f64::deserialize(from)?)
            .ok_or_else(|| serde::de::Error::custom("expected a share from 0 to 1"))
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for Confidence {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        u.int_in_range(0..=10_000).map(Self)
    }
}
