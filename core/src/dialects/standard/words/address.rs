//! Where words end, and which of them are addresses.

use crate::scan::{self, number};

pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

pub(super) const fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',' | b')' | b'(' | b'<' | b';')
}

pub(super) const fn opens(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'=' | b'(' | b'<' | b'[')
}

pub(super) fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [inside @ .., b':' | b'.' | b']' | b'}'] = text {
        // An IPv6 address ends with its bracket.
        if text.ends_with(b"]") && text.contains(&b'[') {
            break;
        }
        text = inside;
    }
    text
}

/// Whether a word is an address, and no place in a source file or a time of day.
pub(super) fn is_address(text: &[u8]) -> bool {
    const FILES: &[&[u8]] = &[
        b"go", b"java", b"py", b"js", b"ts", b"mjs", b"cjs", b"rs", b"c", b"cc", b"cpp", b"h",
        b"kt", b"rb", b"php", b"scala", b"cs", b"lua", b"conf", b"yml", b"yaml", b"toml", b"ex",
    ];
    if !scan::looks_like_address(text) || text.starts_with(b"unix:") {
        return false;
    }
    let Some(colon) = memchr::memrchr(b':', text) else { return false };
    let host = text.get(..colon).unwrap_or_default();
    let end = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let numbers = host.iter().all(u8::is_ascii_digit);
    let file = host.len() > end.len() && FILES.contains(&end);
    !numbers && !file
}

/// Whether a host stands before ` port 80`.
pub(super) fn named_with_port(after: &[u8], host: &[u8]) -> bool {
    let port = after.strip_prefix(b" port ").and_then(number::leading);
    port.is_some() && !host.is_empty()
}

/// The address that follows words directly: `: shop/10.0.0.1:80`, ` 127.0.0.1:3000`.
pub(super) fn following(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(b":").unwrap_or(text);
    let text = text.strip_prefix(b" ")?;
    let (token, _) = scan::span(text, |byte| !ends_word(byte));
    let token = token.rsplit(|byte| *byte == b'/').next().unwrap_or(token);
    let token = trim_end(token);
    is_address(token).then_some(token)
}
