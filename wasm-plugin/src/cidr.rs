//! Networks of IP addresses.

use core::net::{IpAddr, Ipv6Addr};

/// A network: an address and how many of its bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    network: u128,
    mask: u128,
}

impl Cidr {
    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or one address; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => {
                let digits = length.bytes().all(|byte| byte.is_ascii_digit());
                (address, Some(length.parse::<u32>().ok().filter(|_| digits)?))
            }
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let (bits, offset) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let length = length.unwrap_or(bits);
        if length > bits {
            return None;
        }
        let counted = length.saturating_add(offset);
        let mask = u128::MAX.checked_shl(128_u32.saturating_sub(counted)).unwrap_or(0);
        Some(Self { network: number(address) & mask, mask })
    }

    /// Whether an address lies within.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        number(address) & self.mask == self.network
    }
}

/// An address as a number; those of version 4 as IPv6 maps them.
fn number(address: IpAddr) -> u128 {
    let six: Ipv6Addr = match address {
        IpAddr::V4(four) => four.to_ipv6_mapped(),
        IpAddr::V6(six) => six,
    };
    u128::from(six)
}

/// The address of `10.0.0.3:8080`, `[::1]:80`, or of an address alone.
#[must_use]
pub(crate) fn address(text: &[u8]) -> Option<IpAddr> {
    let text = core::str::from_utf8(text).ok()?;
    let pair = text.parse::<core::net::SocketAddr>().map(|pair| pair.ip());
    pair.ok().or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_their_addresses() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1:80", "11.0.0.1:80"),
            ("10.1.2.3", "10.1.2.3", "10.1.2.4"),
            ("10.1.2.3/32", "[::ffff:10.1.2.3]:1", "10.1.2.4"),
            ("2001:db8::/32", "[2001:db8:1::1]:443", "2001:db9::1"),
            ("0.0.0.0/0", "1.2.3.4", "2001:db8::1"),
        ] {
            let network = Cidr::read(network).unwrap();
            assert!(network.holds(address(inside.as_bytes()).unwrap()), "{inside}");
            assert!(!network.holds(address(outside.as_bytes()).unwrap()), "{outside}");
        }
        assert!(Cidr::read("::/0").unwrap().holds(address(b"1.2.3.4").unwrap()));
        for wrong in ["", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "a/1", "10.0.0.0/+8"] {
            assert_eq!(Cidr::read(wrong), None, "{wrong}");
        }
    }
}
