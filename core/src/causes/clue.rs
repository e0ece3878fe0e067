//! What a case has, a bit each: most tells ask for something that is not there, and one look at
//! the bits says so.

use crate::evidence::Sign;

/// Something beside signs that a tell may ask for.
#[derive(Clone, Copy)]
pub(super) enum Clue {
    /// A sign has words.
    Words,
    /// There is no sign at all.
    Silent,
    /// The upstream is a Unix socket, or only words can say so.
    Socket,
    /// The upstream is on the gateway's own host.
    Loopback,
    /// The upstream is in a private network.
    Private,
    /// The upstream's address is one that container bridges hand out.
    Container,
    /// The upstream's address is IPv6.
    Ipv6,
    /// Nothing can be reached at the upstream's address: port 0, or "all of mine".
    Nowhere,
    /// The upstream's port is one that is known for a protocol.
    KnownPort,
    /// The name that could not be resolved is known.
    Unresolved,
    /// What could not be resolved is no name.
    NoName,
    /// There was more than one attempt.
    Several,
    /// It is known how long it took.
    Took,
    /// It took longer than a second.
    Late,
    /// It took no longer than a tenth of a second.
    Soon,
    /// It is known how long connecting took.
    Connected,
    /// The connection stood, and the TLS handshake on it got no answer in time.
    Stalled,
    /// The connection had served a request before.
    Reused,
    /// The connection was new.
    New,
    /// The gateway's limit on idle connections is known.
    IdleLimit,
    /// A status that is not among those that most exchanges end with: 200, 499, 502, 503, 504.
    RareStatus,
    /// It is known what the body looks like.
    Body,
    /// The response names its server or its proxies.
    FrontEnd,
    /// The response says when to come back.
    RetryAfter,
    /// FastCGI, uwsgi or SCGI is spoken to the upstream.
    Cgi,
    /// Every case has it: for what is asked in each.
    Anything,
}

/// A set of signs and clues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clues(u128);

/// The place of the first clue: those of the signs stand in front.
const FIRST: usize = Sign::ALL.len();

impl Clues {
    /// How many there can be.
    pub(super) const COUNT: usize = FIRST + Clue::Anything as usize + 1;
    /// None.
    pub(super) const NONE: Self = Self(0);
    /// What every case has.
    pub(super) const EVERY: Self = Self::NONE.with(Clue::Anything);

    pub(super) const fn with_sign(self, sign: Sign) -> Self {
        Self(self.0 | 1 << sign as usize)
    }

    pub(super) const fn with(self, clue: Clue) -> Self {
        self.with_if(clue, true)
    }

    /// With a clue, where that is so.
    pub(super) const fn with_if(self, clue: Clue, is_so: bool) -> Self {
        Self(self.0 | (is_so as u128) << (FIRST + clue as usize))
    }

    pub(super) const fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn has_sign(self, sign: Sign) -> bool {
        self.0 >> sign as usize & 1 == 1
    }

    pub(super) const fn has(self, clue: Clue) -> bool {
        self.0 >> (FIRST + clue as usize) & 1 == 1
    }

    pub(super) const fn is_every(self) -> bool {
        self.0 == Self::EVERY.0
    }

    /// The place of the first one.
    pub(super) const fn first(self) -> Option<usize> {
        if self.0 == 0 { None } else { Some(self.0.trailing_zeros() as usize) }
    }

    /// All but the first one.
    pub(super) const fn without_first(self) -> Self {
        Self(self.0 & self.0.wrapping_sub(1))
    }

    /// Calls with the place of each.
    #[inline]
    pub(super) fn each(self, mut call: impl FnMut(usize)) {
        // Two halves: machines count in those.
        for (base, half) in [(0, self.0 as u64), (64, (self.0 >> 64) as u64)] {
            let mut half = half;
            while half != 0 {
                call(base + half.trailing_zeros() as usize);
                half &= half - 1;
            }
        }
    }
}

// Each has a bit.
const _: () = assert!(Clues::COUNT <= u128::BITS as usize);
