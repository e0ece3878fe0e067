//! What web pages, mail and editors made of a line: HTML's entities, Markdown's escapes and bold
//! letters, quotes that are round, blanks that do not break or are all doubled.
//!
//! Quotes part a record's fields, and within a field stands what strangers wrote. What can become a
//! quote is therefore undone only where no other reading is left.

use alloc::borrow::Cow;
use alloc::vec::Vec;

/// What stands for what.
type Mark = (&'static str, &'static str);

/// What pages escape; no field begins or ends by it.
const ESCAPED: &[Mark] = &[
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;lt;", "<"),
    ("&amp;gt;", ">"),
    ("\\<", "<"),
    ("\\>", ">"),
    ("\\[", "["),
    ("\\]", "]"),
    ("\\_", "_"),
    ("\\#", "#"),
    ("\\*", "*"),
];
/// The same of quotes, where a line has no others.
const ESCAPED_QUOTES: &[Mark] = &[("&quot;", "\""), ("&#34;", "\""), ("&amp;quot;", "\"")];
/// What editors put in or make round.
const EDITED: &[Mark] = &[
    ("**", ""),
    ("`", ""),
    ("\u{201c}", "\""),
    ("\u{201d}", "\""),
    ("\u{2019}", "'"),
    ("\u{a0}", " "),
    ("&nbsp;", " "),
];

/// A text without what a page escaped, line by line as it was.
pub(super) fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    let escaped = |mark: &[u8]| memchr::memmem::find(text, mark).is_some();
    if !text.split(|byte| *byte == b'\n').any(is_spaced)
        && !escaped(b"&lt;")
        && !escaped(b"&quot;")
        && !escaped(b"&#34;")
        && !escaped(b"\\_")
        && !escaped(b"\\<")
        && !escaped(b"\\[")
        && !escaped(b"&amp;")
    {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if is_spaced(line) {
            let mut after_blank = false;
            plain.extend(line.iter().filter(|byte| {
                let again = core::mem::replace(&mut after_blank, **byte == b' ');
                !(again && after_blank)
            }));
        } else if line.contains(&b'"') {
            replace(line, &[ESCAPED], &mut plain);
        } else {
            replace(line, &[ESCAPED, ESCAPED_QUOTES], &mut plain);
        }
    }
    Cow::Owned(plain)
}

/// A line without what an editor did to it; `None` where nothing of that is there.
pub(super) fn unedited(line: &[u8]) -> Option<Vec<u8>> {
    let marked = |(mark, _): &Mark| memchr::memmem::find(line, mark.as_bytes()).is_some();
    // A string of a program's, as a whole.
    let inner = line.trim_ascii();
    let inner = inner.strip_prefix(b"\"").and_then(|inner| inner.strip_suffix(b"\""));
    if inner.is_none() && !EDITED.iter().any(marked) {
        return None;
    }
    let line = inner.unwrap_or(line);
    let mut plain = Vec::with_capacity(line.len());
    replace(line, &[EDITED], &mut plain);
    Some(plain)
}

/// Whether every blank is two or more, as a reader of pictures writes them.
fn is_spaced(line: &[u8]) -> bool {
    const FEWEST: usize = 6;
    let mut runs = line.trim_ascii().split(|byte| *byte != b' ').filter(|run| !run.is_empty());
    let mut count = 0;
    runs.all(|run| {
        count += 1;
        run.len() > 1
    }) && count >= FEWEST
}

fn replace(line: &[u8], marks: &[&[Mark]], into: &mut Vec<u8>) {
    let mut rest = line;
    while let [first, after @ ..] = rest {
        let mut all = marks.iter().flat_map(|marks| marks.iter());
        match all.find(|(mark, _)| rest.starts_with(mark.as_bytes())) {
            Some((mark, instead)) => {
                into.extend_from_slice(instead.as_bytes());
                rest = rest.get(mark.len()..).unwrap_or_default();
            }
            None => {
                into.push(*first);
                rest = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_escaped_is_undone() {
        for (text, plain) in [
            ("a/&lt;NOSRV&gt; &quot;GET /&quot;", "a/<NOSRV> \"GET /\""),
            (r"\[error\] be\_app/\<NOSRV\>", "[error] be_app/<NOSRV>"),
            ("a &amp;lt;NOSRV&amp;gt;\nb", "a <NOSRV>\nb"),
            (r"C:\\dir \n", r"C:\\dir \n"),
        ] {
            assert_eq!(unescaped(text.as_bytes()), plain.as_bytes(), "{text}");
        }
    }

    #[test]
    fn blanks_that_are_all_doubled_are_blanks() {
        let line = "[t]  \"GET  /a  HTTP/1.1\"  503  UF  0  0\na  b c\n";
        let plain = "[t] \"GET /a HTTP/1.1\" 503 UF 0 0\na  b c\n";
        assert_eq!(unescaped(line.as_bytes()), plain.as_bytes());
    }

    #[test]
    fn no_quote_is_made_among_quotes() {
        let line = "\"GET /?q=&quot; 503 UF HTTP/1.1\" 200 &quot;\n&quot;b&quot;";
        let plain = "\"GET /?q=&quot; 503 UF HTTP/1.1\" 200 &quot;\n\"b\"";
        assert_eq!(unescaped(line.as_bytes()), plain.as_bytes());
    }

    #[test]
    fn what_an_editor_did_is_undone() {
        let line = "**503** \u{201c}GET\u{a0}/\u{201d} `UF`";
        assert_eq!(unedited(line.as_bytes()).unwrap(), b"503 \"GET /\" UF");
        assert_eq!(unedited(b" \"a \"b\" c\" ").unwrap(), b"a \"b\" c");
        assert_eq!(unedited(b"503 \"GET /\" UF"), None);
    }
}
