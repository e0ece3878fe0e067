//! Response flags: short (`UF,URX`), long (`UpstreamConnectionFailure`), and as the bits of
//! `response.flags`. From `CORE_RESPONSE_FLAGS` in envoy/stream_info/stream_info.h, Envoy 1.37.

use crate::evidence::Sign;
use crate::scan::number;
use crate::vocabulary::Phase;
use alloc::string::String;

/// The flags of one exchange, a bit each with the number that Envoy gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags(u32);

/// One flag: its short name, its long one, and what it proves.
struct Flag {
    short: &'static str,
    long: &'static str,
    proves: Option<(Sign, When)>,
}

/// The phase of what a flag proves.
#[derive(Clone, Copy)]
enum When {
    /// The sign's own, or this one.
    At(Option<Phase>),
    /// Before the response's headers, or in its body where they had come.
    Response,
}

macro_rules! flags {
    ($( $short:literal $long:literal $proves:expr; )+) => {
        &[ $( Flag { short: $short, long: $long, proves: $proves }, )+ ]
    };
}

const fn own(sign: Sign) -> Option<(Sign, When)> {
    Some((sign, When::At(None)))
}

const fn response(sign: Sign) -> Option<(Sign, When)> {
    Some((sign, When::Response))
}

/// Every flag, in the order of its bits.
const FLAGS: &[Flag] = flags! {
    "LH" "FailedLocalHealthCheck" own(Sign::NoneHealthy);
    "UH" "NoHealthyUpstream" own(Sign::NoneHealthy);
    "UT" "UpstreamRequestTimeout" response(Sign::TimedOut);
    "LR" "LocalReset" response(Sign::StreamReset);
    "UR" "UpstreamRemoteReset" response(Sign::StreamReset);
    // Refused, unreachable, too late, and a TLS handshake that failed: the transport failure reason
    // says which.
    "UF" "UpstreamConnectionFailure" Some((Sign::Failed, When::At(Some(Phase::Connect))));
    // Closed and reset.
    "UC" "UpstreamConnectionTermination" response(Sign::Ended);
    "UO" "UpstreamOverflow" own(Sign::LimitReached);
    "NR" "NoRouteFound" own(Sign::NoUpstream);
    "DI" "DelayInjected" None;
    "FI" "FaultInjected" own(Sign::Denied);
    "RL" "RateLimited" own(Sign::RateLimited);
    "UAEX" "UnauthorizedExternalService" own(Sign::Denied);
    "RLSE" "RateLimitServiceError" own(Sign::InternalError);
    "DC" "DownstreamConnectionTermination" own(Sign::ClientGone);
    // The last attempt's own flag says what failed.
    "URX" "UpstreamRetryLimitExceeded" None;
    "SI" "StreamIdleTimeout" response(Sign::TimedOut);
    "IH" "InvalidEnvoyRequestHeaders" own(Sign::ClientInvalid);
    "DPE" "DownstreamProtocolError" own(Sign::ClientInvalid);
    "UMSDR" "UpstreamMaxStreamDurationReached" response(Sign::TimedOut);
    "RFCF" "ResponseFromCacheFilter" None;
    "NFCF" "NoFilterConfigFound" own(Sign::Misconfigured);
    "DT" "DurationTimeout" None;
    "UPE" "UpstreamProtocolError" response(Sign::Malformed);
    "NC" "NoClusterFound" own(Sign::NoUpstream);
    "OM" "OverloadManagerTerminated" own(Sign::Exhausted);
    "DF" "DnsResolutionFailed" own(Sign::ResolverFailed);
    "DO" "DropOverload" own(Sign::LimitReached);
    "DR" "DownstreamRemoteReset" own(Sign::ClientGone);
    "UDO" "UnconditionalDropOverload" own(Sign::LimitReached);
};

/// A flag's bit, by its short name.
macro_rules! bit {
    ($short:literal) => {
        const { 1 << place($short) }
    };
}

/// A flag's number; one that is not there does not compile.
// Indices are checked when this is evaluated, by the compiler.
#[allow(clippy::indexing_slicing)]
const fn place(short: &str) -> usize {
    let short = short.as_bytes();
    let mut at = 0;
    loop {
        let flag = FLAGS[at].short.as_bytes();
        let mut same = flag.len() == short.len();
        let mut byte = 0;
        while same && byte < short.len() {
            same = flag[byte] == short[byte];
            byte += 1;
        }
        if same {
            return at;
        }
        at += 1;
    }
}

impl Flags {
    /// None of them: `-`.
    pub(super) const NONE: Self = Self(0);
    /// What the upstream's connection or answer was judged by.
    pub(super) const UPSTREAM: Self =
        Self(bit!("LR") | bit!("UR") | bit!("UF") | bit!("UC") | bit!("UPE"));
    /// The client went away.
    pub(super) const CLIENT_GONE: Self = Self(bit!("DC") | bit!("DR"));
    /// What a later failure leaves standing beside it: a retry that found no room.
    const LAST: Self = Self(bit!("UO") | bit!("DC") | bit!("DR") | bit!("FI"));
    /// The connection could not be made.
    pub(super) const CONNECT: Self = Self(bit!("UF"));

    /// From the number that the attribute `response.flags` is; bits without a name are left out.
    pub(super) fn from_bits(bits: u64) -> Self {
        let named = (0..FLAGS.len()).fold(0, |all, at| all | 1_u64 << at);
        Self(u32::try_from(bits & named).unwrap_or(0))
    }

    /// Their short names with commas between.
    pub(super) fn names(self) -> String {
        let mut names = String::new();
        let set = FLAGS.iter().enumerate().filter(|(at, _)| self.0 >> at & 1 == 1);
        for (_, flag) in set {
            if !names.is_empty() {
                names.push(',');
            }
            names.push_str(flag.short);
        }
        names
    }

    /// Reads a list of short or long names, `-`, or the number of the bits. `None` where a word of it
    /// is no flag.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        match text {
            b"-" | b"" => return Some(Self::NONE),
            // A quick way for the one flag that most failures have.
            b"UF" => return Some(Self::CONNECT),
            [b'0'..=b'9', ..] => return u32::try_from(number::whole(text)?).ok().map(Self),
            _ => {}
        }
        let mut flags = 0;
        for name in text.split(|byte| *byte == b',') {
            let same = |flag: &Flag| name == flag.short.as_bytes() || name == flag.long.as_bytes();
            match FLAGS.iter().position(same) {
                Some(at) => flags |= 1 << at,
                // A flag that an extension registers has a name of its own.
                None if is_custom(name) => {}
                None => return None,
            }
        }
        Some(Self(flags))
    }

    /// Whether a word is a list of flags that Envoy itself knows.
    pub(super) fn are(word: &[u8]) -> bool {
        Self::read(word).is_some_and(|flags| flags != Self::NONE && !word.is_empty())
            && !word.first().is_some_and(u8::is_ascii_digit)
    }

    /// Whether one of these is set.
    pub(super) const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    /// What the flag proves that decided the exchange; `begun` says whether the response's headers had
    /// come from the upstream, `sent` whether anything was sent to the client.
    pub(super) fn proves(self, begun: bool, sent: bool) -> Option<(Sign, Option<Phase>)> {
        let decides = |flags: Self| {
            let mut set = FLAGS.iter().enumerate().filter(move |(at, _)| flags.0 >> at & 1 == 1);
            let (sign, when) = set.find_map(|(_, flag)| flag.proves)?;
            Some(match when {
                When::At(phase) => (sign, phase),
                // A body that ends early breaks its protocol as one does that cannot be decoded.
                When::Response if begun && sign == Sign::Malformed => {
                    (Sign::Failed, Some(Phase::ResponseBody))
                }
                When::Response if begun => (sign, Some(Phase::ResponseBody)),
                When::Response => (sign, Some(Phase::ResponseHeaders)),
            })
        };
        // Nothing was sent because the client had gone.
        if !sent && self.any(Self::CLIENT_GONE) {
            return decides(Self::CLIENT_GONE);
        }
        decides(Self(self.0 & !Self::LAST.0)).or_else(|| decides(self))
    }
}

/// Whether a word can be the name of a flag: a few capital letters, or words put together.
fn is_custom(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_uppercase)
        && name.iter().all(u8::is_ascii_alphanumeric)
        && (name.len() <= 6 || name.iter().any(u8::is_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_is_read_by_its_names_and_its_bit() {
        for (at, flag) in FLAGS.iter().enumerate() {
            let bits = alloc::format!("{}", 1_u32 << at);
            for text in [flag.short, flag.long, &bits] {
                assert_eq!(Flags::read(text.as_bytes()), Some(Flags(1 << at)), "{text}");
            }
            assert!(Flags::are(flag.short.as_bytes()));
        }
        // `LastFlag` is asserted to be 29 in Envoy's source.
        assert_eq!(FLAGS.len(), 30);
    }

    #[test]
    fn lists_are_read_whole() {
        assert_eq!(Flags::read(b"UF,URX"), Some(Flags(bit!("UF") | bit!("URX"))));
        assert_eq!(Flags::read(b"UF,CUSTOM"), Some(Flags(bit!("UF"))));
        assert_eq!(Flags::read(b"-"), Some(Flags::NONE));
        assert_eq!(Flags::read(b"32800"), Some(Flags(bit!("UF") | bit!("URX"))));
        for wrong in ["via_upstream", "0.004", "UF URX", "uf", "Mozilla/5.0"] {
            assert_eq!(Flags::read(wrong.as_bytes()), None, "{wrong}");
        }
        assert!(!Flags::are(b"-") && !Flags::are(b"32"));
    }

    #[test]
    fn the_flag_that_decided_is_told_from_those_beside_it() {
        for (text, begun, sent, sign, phase) in [
            ("UF,URX", false, true, Sign::Failed, Some(Phase::Connect)),
            ("UC,UO", false, true, Sign::Ended, Some(Phase::ResponseHeaders)),
            ("UC", true, true, Sign::Ended, Some(Phase::ResponseBody)),
            ("UO", false, true, Sign::LimitReached, None),
            ("UT,DC", false, false, Sign::ClientGone, None),
            ("UT,DC", false, true, Sign::TimedOut, Some(Phase::ResponseHeaders)),
        ] {
            let flags = Flags::read(text.as_bytes()).unwrap();
            assert_eq!(flags.proves(begun, sent), Some((sign, phase)), "{text}");
        }
        assert_eq!(Flags::read(b"URX,DI").unwrap().proves(false, true), None);
    }
}
