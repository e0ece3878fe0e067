//! URLs, taken apart.

/// Scheme, host with port, and path with query of a URL.
pub(crate) fn parts(url: &[u8]) -> (&[u8], Option<&[u8]>, Option<&[u8]>) {
    let Some((scheme, rest)) = super::split(url, b"://") else {
        let scheme = super::split_byte(url, b':').map_or(&b""[..], |(scheme, _)| scheme);
        return (scheme, None, None);
    };
    let (authority, path) = super::span(rest, |byte| !b"/?#".contains(&byte));
    // What may stand before the host is a name and a password.
    let authority = memchr::memrchr(b'@', authority)
        .and_then(|at| authority.get(at + 1..))
        .unwrap_or(authority);
    let path = path.split(|byte| *byte == b'#').next().unwrap_or(path);
    let some = |part: &'_ [u8]| !part.is_empty();
    (scheme, Some(authority).filter(|part| some(part)), Some(path).filter(|part| some(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        for (url, scheme, authority, path) in [
            ("https://shop.example/cart?a=1#top", "https", "shop.example", "/cart?a=1"),
            ("http://me:secret@[::1]:8080", "http", "[::1]:8080", ""),
            ("data:text/plain,502", "data", "", ""),
            ("wss://a.example?x=http://b/", "wss", "a.example", "?x=http://b/"),
            ("", "", "", ""),
        ] {
            let (found, host, rest) = parts(url.as_bytes());
            let text = |part: Option<&[u8]>| part.unwrap_or_default().to_vec();
            assert_eq!(
                (found.to_vec(), text(host), text(rest)),
                (scheme.into(), authority.into(), path.into()),
                "{url}"
            );
        }
    }
}
