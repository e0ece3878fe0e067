//! Networks of IP addresses. The library's parser is five times as large in the module.

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
            Some((address, length)) => (address, Some(decimal(length)?)),
            None => (text, None),
        };
        let (number, is_four) = parse(address)?;
        let (bits, offset) = if is_four { (32, 96) } else { (128, 0) };
        let length = length.unwrap_or(bits);
        if length > bits {
            return None;
        }
        let counted = length.saturating_add(offset);
        let mask = u128::MAX.checked_shl(128_u32.saturating_sub(counted)).unwrap_or(0);
        Some(Self { network: number & mask, mask })
    }

    /// Whether an address lies within: `10.0.0.3:8080`, `[::1]:80`, or one without a port.
    #[must_use]
    pub fn holds(&self, address: &[u8]) -> bool {
        let host = core::str::from_utf8(address).ok().and_then(|address| {
            match address.strip_prefix('[') {
                Some(six) => six.split_once(']').map(|(host, _)| host),
                None => match address.split_once(':') {
                    Some((host, port)) if !port.contains(':') => Some(host),
                    _ => Some(address),
                },
            }
        });
        host.and_then(parse).is_some_and(|(number, _)| number & self.mask == self.network)
    }
}

/// An address as a number, those of version 4 as IPv6 maps them, and whether it is one of those.
fn parse(text: &str) -> Option<(u128, bool)> {
    if let Some(four) = parse_four(text) {
        return Some((0xffff_0000_0000 | u128::from(four), true));
    }
    // The library's search for a text in a text is larger than all of this.
    let mut pairs = text.bytes().zip(text.bytes().skip(1));
    let gap = pairs.position(|pair| pair == (b':', b':'));
    let sides = gap.and_then(|at| text.get(..at).zip(text.get(at + 2..)));
    let number = match sides {
        None => {
            let (number, groups) = groups(text)?;
            (groups == 8).then_some(number)?
        }
        Some((before, after)) => {
            let (high, above) = if before.is_empty() { (0, 0) } else { groups(before)? };
            let (low, below) = if after.is_empty() { (0, 0) } else { groups(after)? };
            // The gap stands for at least one group.
            if above + below > 7 || before.contains('.') {
                return None;
            }
            high.checked_shl(16 * (8 - above)).unwrap_or(0) | low
        }
    };
    Some((number, false))
}

/// Groups of hexadecimal digits, the last of which may be an address of version 4.
fn groups(text: &str) -> Option<(u128, u32)> {
    let (mut number, mut count) = (0_u128, 0);
    for group in text.split(':') {
        let (value, width) = match parse_four(group) {
            Some(four) => (four, 2),
            None => {
                let digits = group.bytes().all(|byte| byte.is_ascii_hexdigit());
                let fits = digits && (1..=4).contains(&group.len());
                (u32::from_str_radix(group, 16).ok().filter(|_| fits)?, 1)
            }
        };
        count += width;
        // What stands behind an address of version 4, or is a ninth group, fits nowhere.
        if count > 8 || (width == 2 && !text.ends_with(group)) {
            return None;
        }
        number = number << (16 * width) | u128::from(value);
    }
    Some((number, count))
}

fn parse_four(text: &str) -> Option<u32> {
    let (mut number, mut count) = (0_u32, 0);
    for part in text.split('.') {
        let leading_zero = part.len() > 1 && part.starts_with('0');
        let value = decimal(part).filter(|value| *value <= 255 && !leading_zero)?;
        number = number << 8 | value;
        count += 1;
        if count > 4 {
            return None;
        }
    }
    (count == 4).then_some(number)
}

/// Up to three digits.
fn decimal(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits && (1..=3).contains(&text.len());
    text.bytes()
        .try_fold(0, |number, digit| fits.then(|| number * 10 + u32::from(digit - b'0')))
        .filter(|_| fits)
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
            assert!(network.holds(inside.as_bytes()), "{inside}");
            assert!(!network.holds(outside.as_bytes()), "{outside}");
        }
        assert!(Cidr::read("::/0").unwrap().holds(b"1.2.3.4"));
        for wrong in ["", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "a/1", "10.0.0.0/+8"] {
            assert_eq!(Cidr::read(wrong), None, "{wrong}");
        }
    }

    fn as_the_library_has_it(text: &str) {
        let theirs = text.parse::<std::net::IpAddr>().ok().map(|address| match address {
            std::net::IpAddr::V4(four) => (u128::from(four.to_ipv6_mapped()), true),
            std::net::IpAddr::V6(six) => (u128::from(six), false),
        });
        assert_eq!(parse(text), theirs, "{text}");
    }

    proptest::proptest! {
        #[test]
        fn addresses_are_read_as_the_library_reads_them(
            four: u32,
            six: u128,
            holes: u128,
            text in "[0-9a-f:.]{0,24}",
            tail in "(([0-9a-f]{1,5}|):){0,8}(|[0-9a-f]{1,4}|1[.]2[.]3[.]4)",
        ) {
            as_the_library_has_it(&std::net::Ipv4Addr::from(four).to_string());
            as_the_library_has_it(&std::net::Ipv6Addr::from(six & holes).to_string());
            as_the_library_has_it(&text);
            as_the_library_has_it(&tail);
        }
    }
}
