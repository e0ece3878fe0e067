//! Text that a terminal or a mail broke at one width, within words too.

use alloc::vec::Vec;

/// No terminal is narrower.
const NARROWEST: usize = 60;
/// The widths that terminals and mails mostly have. Of other widths one line alone tells nothing: some
/// line is always the longest.
const USUAL: [usize; 7] = [72, 76, 78, 80, 100, 120, 132];

/// A text with the lines joined that fill the whole width. `None` where none does.
///
/// Where a blank stood at the end of a line, it went with the line end: words may grow together, so that
/// this is one reading beside that of the text as it stands.
pub(super) fn joined(text: &[u8]) -> Option<Vec<u8>> {
    let lines = || text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let filled = lines().filter(|line| !line.is_empty());
    let indent = filled.clone().map(indent).min()?;
    let lengths = || filled.clone().map(<[u8]>::len);
    let width = lengths().max().filter(|width| *width >= NARROWEST)?;
    let told = USUAL.contains(&(width - indent))
        || lengths().filter(|length| *length == width).count() > 1;
    told.then_some(())?;
    let mut whole = Vec::with_capacity(text.len());
    let (mut goes_on, mut joins) = (false, false);
    for line in lines() {
        let inner = line.get(indent..).unwrap_or_default();
        if goes_on && !line.is_empty() {
            joins = true;
        } else if !whole.is_empty() {
            whole.push(b'\n');
        }
        whole.extend_from_slice(inner);
        goes_on = line.len() == width;
    }
    joins.then_some(whole)
}

fn indent(line: &[u8]) -> usize {
    line.len() - line.trim_ascii_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str =
        "    Error checking seal status: Get http://127.0.0.1:8200/v1/sys/h: dial tcp 127";

    #[test]
    fn lines_that_fill_the_width_are_joined() {
        let text =
            alloc::format!("    $ vault status\n{FIRST}\n    .0.0.1:8200: refused\n    done\n");
        let joined = joined(text.as_bytes()).unwrap();
        assert!(joined.starts_with(b"$ vault status\nError checking"));
        assert!(joined.ends_with(b"dial tcp 127.0.0.1:8200: refused\ndone\n"));
    }

    #[test]
    fn other_lines_stay_apart() {
        let longest = &FIRST[..FIRST.len() - 1];
        for text in [
            "",
            "a\nb",
            FIRST,
            &alloc::format!("{FIRST}\n\nb"),
            &alloc::format!("{longest}\nb"),
            "a\n\n\n",
        ] {
            assert_eq!(joined(text.as_bytes()), None, "{text}");
        }
    }
}
