//! Which kind of body a request likes best, by its Accept field (RFC 9110, section 12.5.1).

/// A kind of error body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `application/problem+json` (RFC 9457)
    Problem,
    /// `text/html`
    Html,
    /// `text/plain`
    Text,
}

impl Kind {
    /// The media type, with its charset.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Problem => "application/problem+json",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The likeliest of the three; the problem where all are alike. Browsers name HTML, programs JSON
    /// or nothing.
    pub(crate) fn liked_by(accept: Option<&[u8]>) -> Self {
        let Some(accept) = accept.filter(|accept| !accept.trim_ascii().is_empty()) else {
            return Self::Problem;
        };
        let problem = quality(
            accept,
            &[
                (b"application/problem+json", 3),
                (b"application/json", 3),
                (b"application/*", 2),
                (b"*/*", 1),
            ],
        );
        let html = quality(
            accept,
            &[(b"text/html", 3), (b"application/xhtml+xml", 3), (b"text/*", 2), (b"*/*", 1)],
        );
        let text = quality(accept, &[(b"text/plain", 3), (b"text/*", 2), (b"*/*", 1)]);
        if html > problem && html >= text {
            Self::Html
        } else if text > problem {
            Self::Text
        } else {
            Self::Problem
        }
    }
}

/// The weight that the closest range gives, in thousandths, and how close it is: of the ranges of
/// one kind of body, each with its closeness.
fn quality(accept: &[u8], ranges: &[(&[u8], u8)]) -> (u16, u8) {
    let members = accept.split(|byte| *byte == b',').filter_map(|member| {
        let mut parts = member.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let named = parts.next()?;
        let (_, close) = ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(named))?;
        let weight = parts.find_map(|parameter| {
            parameter.strip_prefix(b"q=").or_else(|| parameter.strip_prefix(b"Q="))
        });
        Some((*close, weight.map_or(1000, thousandths)))
    });
    let closest = members.max_by_key(|(close, _)| *close);
    closest.map_or((0, 0), |(close, weight)| (weight, if weight > 0 { close } else { 0 }))
}

/// `0.8` as 800; what is no weight counts as 0.
fn thousandths(text: &[u8]) -> u16 {
    let (whole, rest) = match text {
        [whole, b'.', rest @ ..] => (*whole, rest),
        [whole] => (*whole, &b""[..]),
        _ => return 0,
    };
    if !matches!(whole, b'0' | b'1') || rest.len() > 3 || !rest.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    let places = rest.iter().zip([100_u16, 10, 1]);
    let rest: u16 = places.map(|(digit, place)| u16::from(digit - b'0') * place).sum();
    (u16::from(whole - b'0') * 1000).saturating_add(rest).min(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_the_one_asked_for() {
        for (accept, kind) in [
            ("", Kind::Problem),
            ("*/*", Kind::Problem),
            ("application/json", Kind::Problem),
            ("image/png", Kind::Problem),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Kind::Html),
            ("Text/HTML;q=0.5, application/problem+json;q=0.9", Kind::Problem),
            ("text/html;q=0.5, application/json;q=0.4", Kind::Html),
            ("text/html;q=0, */*", Kind::Problem),
            ("text/plain", Kind::Text),
            ("text/plain, text/html;q=0.9", Kind::Text),
            ("text/*", Kind::Html),
            ("text/html;q=high", Kind::Problem),
            (",;,=", Kind::Problem),
        ] {
            assert_eq!(Kind::liked_by(Some(accept.as_bytes())), kind, "{accept}");
        }
        assert_eq!(Kind::liked_by(None), Kind::Problem);
    }
}
