//! What a response body looks like, told from its first bytes.

/// What a body looks like. A page's boilerplate never decides a fault: it only tells who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum BodySignature {
    /// Nothing.
    Empty,
    /// nginx's own error page.
    NginxPage,
    /// nginx's page for plain HTTP on a TLS port.
    NginxPlainToTls,
    /// Another HTML page.
    Html,
    /// JSON.
    Json,
    /// Something else.
    Other,
}

impl BodySignature {
    /// Looks at the beginning of a body.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let start = body.get(..body.len().min(1024)).unwrap_or(body);
        // Not `memmem`: its searchers are large, and a filter carries this.
        let has = |text: &[u8]| start.windows(text.len()).any(|window| window == text);
        let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            None => Self::Empty,
            Some(b'{' | b'[') => Self::Json,
            _ if has(b"plain HTTP request was sent to HTTPS port") => Self::NginxPlainToTls,
            _ if has(b"<hr><center>nginx") || has(b"<hr><center>openresty") => Self::NginxPage,
            Some(b'<') => Self::Html,
            Some(_) => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BodySignature as Body;

    #[test]
    fn a_body_is_told_by_its_beginning() {
        for (body, looks) in [
            (&b" \r\n"[..], Body::Empty),
            (b"<html>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>", Body::NginxPage),
            (b"<center>The plain HTTP request was sent to HTTPS port</center><hr><center>nginx", Body::NginxPlainToTls),
            (b"<html><h1>502 Bad Gateway</h1>", Body::Html),
            (b" {\"error\":1}", Body::Json),
            (b"upstream connect error", Body::Other),
        ] {
            assert_eq!(Body::of(body), looks);
        }
    }
}
