//! Text from outside, made safe for where it goes. Log lines hold what strangers wrote.

use core::fmt;

/// Bytes that are shown on a terminal: control characters, escape sequences and the marks that
/// turn the direction of writing appear as `\xNN` and `\u{NNNN}`.
#[must_use]
pub fn terminal(text: &str) -> impl fmt::Display + '_ {
    Escaped { text, kind: Kind::Terminal }
}

/// Text within HTML, also within a quoted attribute.
#[must_use]
pub fn html(text: &str) -> impl fmt::Display + '_ {
    Escaped { text, kind: Kind::Html }
}

/// Text within a line of Markdown, outside of code.
#[must_use]
pub fn markdown(text: &str) -> impl fmt::Display + '_ {
    Escaped { text, kind: Kind::Markdown }
}

/// Text as a code span of Markdown, in as many backticks as it needs.
#[must_use]
pub fn markdown_code(text: &str) -> impl fmt::Display + '_ {
    CodeSpan(text)
}

#[derive(Clone, Copy)]
enum Kind {
    Terminal,
    Html,
    Markdown,
}

struct Escaped<'a> {
    text: &'a str,
    kind: Kind,
}

/// Whether a letter is invisible or moves others: what could hide text or forge it.
const fn is_treacherous(letter: char) -> bool {
    matches!(
        letter,
        '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

fn visible(f: &mut fmt::Formatter<'_>, letter: char) -> fmt::Result {
    match u32::from(letter) {
        code @ 0..=0xff => write!(f, "\\x{code:02x}"),
        code => write!(f, "\\u{{{code:x}}}"),
    }
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for letter in self.text.chars() {
            match (self.kind, letter) {
                (_, letter) if is_treacherous(letter) => visible(f, letter)?,
                (Kind::Html, '&') => f.write_str("&amp;")?,
                (Kind::Html, '<') => f.write_str("&lt;")?,
                (Kind::Html, '>') => f.write_str("&gt;")?,
                (Kind::Html, '"') => f.write_str("&quot;")?,
                (Kind::Html, '\'') => f.write_str("&#39;")?,
                (Kind::Markdown, '<') => f.write_str("&lt;")?,
                (Kind::Markdown, '&') => f.write_str("&amp;")?,
                (
                    Kind::Markdown,
                    '\\' | '`' | '*' | '_' | '[' | ']' | '>' | '#' | '|' | '~' | '!' | '@',
                ) => {
                    f.write_char('\\')?;
                    f.write_char(letter)?;
                }
                (Kind::Terminal | Kind::Html | Kind::Markdown, letter) => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

struct CodeSpan<'a>(&'a str);

impl fmt::Display for CodeSpan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let longest = self.0.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
        let fence = |f: &mut fmt::Formatter<'_>| (0..=longest).try_for_each(|_| f.write_str("`"));
        // A blank keeps backticks at the ends apart from the fence.
        let blank = if longest > 0 { " " } else { "" };
        fence(f)?;
        write!(f, "{blank}{}{blank}", terminal(self.0))?;
        fence(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const EVIL: &str = "a\x1b[2J<script>\"'&`*|\u{202e}b\n";

    #[test]
    fn nothing_escapes() {
        assert_eq!(terminal(EVIL).to_string(), "a\\x1b[2J<script>\"'&`*|\\u{202e}b\\x0a");
        assert_eq!(
            html(EVIL).to_string(),
            "a\\x1b[2J&lt;script&gt;&quot;&#39;&amp;`*|\\u{202e}b\\x0a"
        );
        assert_eq!(
            markdown(EVIL).to_string(),
            "a\\x1b\\[2J&lt;script\\>\"'&amp;\\`\\*\\|\\u{202e}b\\x0a"
        );
        assert_eq!(markdown_code("a``b").to_string(), "``` a``b ```");
        assert_eq!(markdown_code("ab").to_string(), "`ab`");
    }
}
