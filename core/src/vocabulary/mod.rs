//! The ids that everything else speaks in. They are promises: one may be added, none is renamed.

mod category;
mod cause;
mod confidence;
mod fault;
mod gateway;
mod phase;

pub use category::Category;
pub use cause::Cause;
pub use confidence::Confidence;
#[cfg(feature = "serde")]
pub(crate) use confidence::serialize_number;
pub use fault::Fault;
pub use gateway::Gateway;
pub use phase::Phase;

/// A word that is no id of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {kind} of that name; the nearest is \"{nearest}\"")]
pub struct UnknownId {
    /// What was asked for: `fault`, `cause`, `phase` …
    pub kind: &'static str,
    /// The id that looks most like the word that was given.
    pub nearest: &'static str,
}

/// Makes one kind of id: an enum with its names, in one table.
macro_rules! ids {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $kind:literal {
            $( $(#[$doc:meta])* $variant:ident = $id:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum $name { $( $(#[$doc])* $variant, )+ }

        impl $name {
            /// Every one, in the order of the taxonomy.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The stable public name.
            // Where it is inlined, each caller has a table of all names.
            #[inline(never)]
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $( Self::$variant => $id, )+ }
            }

            /// The one that this name stands for; `None` where there is none.
            #[must_use]
            pub fn from_id(id: &str) -> Option<Self> {
                match id { $( $id => Some(Self::$variant), )+ _ => None }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.id())
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownId;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::from_id(word).ok_or_else(|| $crate::vocabulary::UnknownId {
                    kind: $kind,
                    nearest: $crate::vocabulary::nearest(word, &[ $( $id, )+ ]),
                })
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.id())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = <alloc::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use ids;

/// The id that shares most with a mistyped word: by pairs of neighbouring letters, as spelling
/// checkers do, because slips of the finger keep most pairs.
#[must_use]
pub fn nearest(word: &str, ids: &[&'static str]) -> &'static str {
    let pairs = |text: &str, pair: [u8; 2]| {
        text.as_bytes().windows(2).filter(|two| two.eq_ignore_ascii_case(&pair)).count()
    };
    let likeness = |id: &str| {
        let shared: usize = id
            .as_bytes()
            .windows(2)
            .filter_map(|two| <[u8; 2]>::try_from(two).ok())
            .map(|pair| pairs(word, pair).min(1))
            .sum();
        // Equal sharing: the id of the most similar length.
        (shared * 64).saturating_sub(id.len().abs_diff(word.len()))
    };
    ids.iter().copied().max_by_key(|id| likeness(id)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_id_finds_its_neighbour() {
        let slip = |word: &str| word.parse::<Fault>().map_err(|e| e.nearest);
        assert_eq!(slip("connect-refused"), Ok(Fault::ConnectRefused));
        assert_eq!(slip("connection-refused"), Err("connect-refused"));
        assert_eq!(slip("dns-notfound"), Err("dns-not-found"));
        assert!(slip("").is_err());
    }

    #[test]
    fn a_parent_is_more_general_than_its_child() {
        for fault in Fault::ALL {
            let mut steps = 0;
            let mut at = *fault;
            while let Some(parent) = at.parent() {
                assert_eq!(parent.phase(), fault.phase(), "{fault} and {parent}");
                at = parent;
                steps += 1;
                assert!(steps < 4, "{fault} is its own ancestor");
            }
        }
    }
}
