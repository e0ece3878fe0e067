//! What tells one exchange from others, and the chains by which it is found.

use crate::evidence::{Evidence, Source};
use crate::vocabulary::Gateway;

/// The ways to find an exchange, each a chain of those alike.
pub(super) const CHAINS: usize = 5;
pub(super) const BY_REQUEST: usize = 0;
pub(super) const BY_PATH: usize = 1;
pub(super) const BY_CONNECTION: usize = 2;
pub(super) const BY_ID: usize = 3;
/// Tried last of all, when no other record is waited for: a client may ask for several things.
pub(super) const BY_CLIENT: usize = 4;
/// The surest first.
pub(super) const ORDER: [usize; 4] = [BY_ID, BY_CONNECTION, BY_REQUEST, BY_PATH];

/// What tells one exchange from others, as numbers; 0 where the record does not name it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keys {
    pub(super) chains: [u64; CHAINS],
    pub(super) client: u64,
    pub(super) query: u64,
    pub(super) method: u64,
}

impl Keys {
    pub(super) fn of(evidence: &Evidence<'_>) -> Self {
        let request = &evidence.request;
        let (path, query) = parted(request.path);
        // In the order of the constants' numbers.
        let by_path = path.map_or(0, |path| key_of([path]));
        let client = evidence.client.map_or(0, |client| key_of([client]));
        let chains = [
            key_of_request(client, by_path),
            by_path,
            evidence.connection.map_or(0, |at| key_of([&at.number.to_le_bytes()])),
            request.id.map_or(0, |id| key_of([id])),
            evidence.client.map_or(0, |client| match by_client_alone(evidence) {
                true => key_of([client]),
                false => 0,
            }),
        ];
        Self {
            chains,
            client,
            query: query.map_or(0, |query| key_of([query])),
            method: request.method.map_or(0, |method| key_of([method])),
        }
    }

    pub(super) fn get(&self, chain: usize) -> u64 {
        self.chains.get(chain).copied().unwrap_or(0)
    }

    /// Takes over what the other record names too; says whether it can now be found in more ways.
    pub(super) fn join(&mut self, other: &Self) -> bool {
        let mut more = false;
        for (this, that) in self.chains.iter_mut().zip(other.chains) {
            if *this == 0 && that != 0 {
                *this = that;
                more = true;
            }
        }
        for (this, that) in [
            (&mut self.client, other.client),
            (&mut self.query, other.query),
            (&mut self.method, other.method),
        ] {
            if *this == 0 {
                *this = that;
            }
        }
        more
    }
}

/// Whether a record of Apache's can be found by its client: most of its error lines do not name the
/// request, and belong to a request of that client that failed.
pub(super) fn by_client_alone(evidence: &Evidence<'_>) -> bool {
    reuses_connections(evidence)
        && match evidence.sources.has(Source::AccessLog) {
            true => evidence.status.is_some_and(|status| status >= 400),
            false => evidence.request.path.is_none(),
        }
}

/// Whether a connection stands for a worker that turns to the next exchange when one is over, and
/// several lines tell of one failure: Apache names its thread.
pub(super) fn reuses_connections(evidence: &Evidence<'_>) -> bool {
    evidence.gateway == Some(Gateway::Apache)
}

/// A path and its query, which some formats do not log.
pub(super) fn parted(path: Option<&[u8]>) -> (Option<&[u8]>, Option<&[u8]>) {
    match path.map(|path| (path, memchr::memchr(b'?', path))) {
        Some((path, Some(at))) => (path.get(..at), path.get(at + 1..)),
        Some((path, None)) => (Some(path), None),
        None => (None, None),
    }
}

/// Whether two keys can be of one exchange: equal, or one is not named.
pub(super) const fn agree(this: u64, that: u64) -> bool {
    this == that || this == 0 || that == 0
}

/// A number for some texts, never 0. Equal ones may differ: what is found by it is looked at.
pub(in crate::incident) fn key_of<const N: usize>(parts: [&[u8]; N]) -> u64 {
    let mut key = 0_u64;
    for part in parts {
        let mut words = part.chunks_exact(8);
        for word in &mut words {
            let word = <[u8; 8]>::try_from(word).map_or(0, u64::from_le_bytes);
            key = (key.rotate_left(5) ^ word).wrapping_mul(MULTIPLIER);
        }
        let rest = words.remainder().iter().fold(1, |rest, byte| rest << 8 | u64::from(*byte));
        key = (key.rotate_left(5) ^ rest).wrapping_mul(MULTIPLIER);
    }
    (key ^ (key >> 32)).max(1)
}

pub(super) const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
/// The key of a client and what it asked for, from theirs.
pub(super) const fn key_of_request(client: u64, path: u64) -> u64 {
    let key = (client.rotate_left(5) ^ path).wrapping_mul(MULTIPLIER);
    let key = key ^ (key >> 32);
    if key == 0 { 1 } else { key }
}
