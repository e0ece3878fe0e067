//! One try at one upstream.

use super::{Bytes, Millis};

/// One try at one upstream, as far as it was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// `host:port`, `unix:/path`, or the name of a group where no member was chosen.
    pub address: Option<&'a [u8]>,
    /// What the upstream answered, or what the gateway wrote for it when nothing came.
    pub status: Option<u16>,
    /// Until the connection stood.
    pub connect: Option<Millis>,
    /// Until the response's headers were read.
    pub header: Option<Millis>,
    /// Until the attempt was over.
    pub total: Option<Millis>,
    /// Bytes that came from the upstream.
    pub received: Option<Bytes>,
    /// Bytes that went to the upstream.
    pub sent: Option<Bytes>,
    /// Whether the record has a place for the connect time: then its absence is a fact.
    pub connect_told: bool,
    /// Whether the record has a place for the header time.
    pub header_told: bool,
}

/// What the gateway speaks to the upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Protocol {
    /// HTTP without TLS.
    Http,
    /// HTTP within TLS.
    Https,
    /// FastCGI.
    FastCgi,
    /// uwsgi's own protocol.
    Uwsgi,
    /// uwsgi within TLS.
    Suwsgi,
    /// SCGI.
    Scgi,
    /// gRPC without TLS.
    Grpc,
    /// gRPC within TLS.
    Grpcs,
    /// memcached.
    Memcached,
    /// Bytes passed on as they are (TCP or UDP).
    Stream,
}

impl Protocol {
    /// From the scheme of an upstream's URL.
    #[must_use]
    pub fn from_scheme(scheme: &[u8]) -> Option<Self> {
        Some(match scheme {
            b"http" => Self::Http,
            b"https" => Self::Https,
            b"fastcgi" => Self::FastCgi,
            b"uwsgi" => Self::Uwsgi,
            b"suwsgi" => Self::Suwsgi,
            b"scgi" => Self::Scgi,
            b"grpc" => Self::Grpc,
            b"grpcs" => Self::Grpcs,
            b"memcached" => Self::Memcached,
            _ => return None,
        })
    }

    /// Whether TLS lies under it.
    #[must_use]
    pub const fn is_tls(self) -> bool {
        matches!(self, Self::Https | Self::Suwsgi | Self::Grpcs)
    }
}
