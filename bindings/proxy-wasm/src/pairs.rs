//! Headers as a host packs them.
//!
//! ```text
//! packed = count *( name-length value-length ) *( name NUL value NUL )   ; lengths: 32 bits, little-endian
//! ```

use alloc::vec::Vec;

/// Headers as a host packs them. What does not keep to the form is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<u8>);

impl Pairs {
    /// Of the packed bytes.
    #[must_use]
    pub const fn new(packed: Vec<u8>) -> Self {
        Self(packed)
    }

    /// The value of the first header of this name, which is in lower case.
    #[must_use]
    pub fn value(&self, name: &[u8]) -> Option<&[u8]> {
        self.iter().find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Each name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let count = number(&self.0, 0).unwrap_or(0);
        // Eight bytes of lengths each, after the count: more of them than there are bytes is a lie.
        let lengths = count.saturating_mul(8).saturating_add(4);
        let count = if lengths > self.0.len() { 0 } else { count };
        let mut text = self.0.get(lengths..).unwrap_or(&[]);
        (0..count).map_while(move |at| {
            let place = at.saturating_mul(8).saturating_add(4);
            let name = take(&mut text, number(&self.0, place)?)?;
            let value = take(&mut text, number(&self.0, place.saturating_add(4))?)?;
            Some((name, value))
        })
    }
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}

/// Cuts so many bytes and the NUL behind them off the front.
fn take<'a>(text: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let taken = text.get(..length)?;
    *text = text.get(length.checked_add(1)?..)?;
    Some(taken)
}

/// Packs headers, as a host does; for fakes of one.
#[must_use]
pub fn pack(headers: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut packed = Vec::new();
    packed.extend(u32::try_from(headers.len()).unwrap_or(u32::MAX).to_le_bytes());
    for (name, value) in headers {
        packed.extend(length(name));
        packed.extend(length(value));
    }
    for part in headers.iter().flat_map(|(name, value)| [name, value]) {
        packed.extend(part);
        packed.push(0);
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn headers_come_out_as_they_went_in() {
        let headers = vec![
            (b":status".to_vec(), b"503".to_vec()),
            (b"X-Bytes".to_vec(), b"\xff\0\xfe".to_vec()),
            (b"empty".to_vec(), vec![]),
        ];
        let pairs = Pairs::new(pack(&headers));
        assert_eq!(pairs.iter().count(), 3);
        assert_eq!(pairs.value(b":status"), Some(&b"503"[..]));
        assert_eq!(pairs.value(b"x-bytes"), Some(&b"\xff\0\xfe"[..]));
        assert_eq!(pairs.value(b"empty"), Some(&b""[..]));
        assert_eq!(pairs.value(b"none"), None);
    }

    #[test]
    fn what_is_cut_or_lies_about_its_length_ends() {
        let packed = pack(&[(b"a".to_vec(), b"b".to_vec()), (b"c".to_vec(), b"d".to_vec())]);
        for end in 0..packed.len() {
            assert!(Pairs::new(packed[..end].to_vec()).iter().count() < 2, "{end}");
        }
        assert_eq!(Pairs::new(vec![0xff; 64]).iter().count(), 0);
    }
}
