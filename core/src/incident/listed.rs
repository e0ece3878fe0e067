//! A record's fields that stand one in a line, as log viewers show them and as people copy them: they
//! are put back into one object, which the dialects read by the names that they know.
//!
//! ```text
//! field     = [ "- " / "* " / "| " ] [ quote ] name [ quote ] separator value [ "," / "|" ]
//! separator = ":" / "=" / TAB / "|" / 2*" "
//! ```

use crate::scan;
use alloc::vec::Vec;

/// How many fields are put together.
const MOST_FIELDS: usize = 96;
/// How many there must be: a sentence has a colon, too.
const FEWEST_FIELDS: usize = 3;
const LONGEST_NAME: usize = 48;

/// The fields at the beginning of a text as a JSON object, with how many bytes and lines they take.
/// `None` where they are too few.
pub(super) fn object(text: &[u8]) -> Option<(Vec<u8>, usize, u64)> {
    let mut object = Vec::new();
    let (mut used, mut lines, mut fields) = (0, 0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n').take(MOST_FIELDS) {
        let Some((name, value)) = field(line) else { break };
        object.push(if fields == 0 { b'{' } else { b',' });
        string(name, &mut object);
        object.push(b':');
        string(value, &mut object);
        used += line.len();
        (lines, fields) = (lines + 1, fields + 1);
    }
    object.push(b'}');
    (fields >= FEWEST_FIELDS).then_some((object, used, lines))
}

/// A name and its value.
pub(super) fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.trim_ascii();
    let start = [&b"- "[..], b"* ", b"|"].iter().find_map(|mark| line.strip_prefix(*mark));
    let line = start.unwrap_or(line).trim_ascii_start();
    let line = line.strip_suffix(b",").or_else(|| line.strip_suffix(b"|")).unwrap_or(line);
    let bold = line.strip_prefix(b"**").and_then(|line| scan::split(line, b"**"));
    if let Some((name, rest)) = bold {
        let value = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii();
        let name = name.strip_suffix(b":").unwrap_or(name);
        return is_name(name).then_some((name, value));
    }
    let (name, rest) = match line {
        [b'"', inside @ ..] => {
            let (name, rest) = scan::split_byte(inside, b'"')?;
            (name, rest.trim_ascii_start())
        }
        _ => {
            let columns = scan::find(line, b"  ");
            let mark = line.iter().position(|byte| b":=\t|".contains(byte));
            // What stands in columns may hold any mark in its value.
            let end = columns.filter(|at| mark.is_none_or(|mark| *at < mark)).or(mark)?;
            line.split_at_checked(end)?
        }
    };
    let name = name.trim_ascii();
    let value = match rest {
        // `name   : value`
        [b' ', ..] => {
            let rest = rest.trim_ascii_start();
            rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"=")).unwrap_or(rest)
        }
        [b':' | b'=' | b'\t' | b'|', value @ ..] => value,
        _ => return None,
    };
    if !is_name(name) {
        return None;
    }
    let value = value.trim_ascii();
    let bare = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
    Some((name, bare.unwrap_or(value)))
}

/// Some words of letters and of what parts them in names.
fn is_name(name: &[u8]) -> bool {
    const MOST_WORDS: usize = 4;
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.@%() ".contains(byte);
    let named = !name.is_empty() && name.len() <= LONGEST_NAME && name.iter().all(letter);
    named && name.split(|byte| *byte == b' ').count() <= MOST_WORDS
}

/// A string of JSON's: what is escaped already stays so.
fn string(text: &[u8], into: &mut Vec<u8>) {
    into.push(b'"');
    let mut escaped = false;
    for byte in text {
        if *byte == b'"' && !escaped {
            into.push(b'\\');
        }
        escaped = *byte == b'\\' && !escaped;
        into.push(*byte);
    }
    if escaped {
        into.push(b'\\');
    }
    into.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_every_viewer_are_put_together() {
        for text in [
            "response_code: 503\nresponse_flags: UF\npath: /a\n",
            "  \"response_code\": 503,\n  \"response_flags\": \"UF\",\n  \"path\": \"/a\"\n}",
            "- response_code = 503\n- response_flags = UF\n- path = /a",
            "response_code\t503\r\nresponse_flags\tUF\r\npath\t/a\r\n\r\n",
            "response_code     503\nresponse_flags    UF\npath              /a",
            "response_code   : 503\nresponse_flags  : UF\npath            : /a",
            "- **response_code**: 503\n- **response_flags:** UF\n- **path**: /a",
            "| response_code | 503 |\n| response_flags | UF |\n| path | /a |",
        ] {
            let (object, ..) = object(text.as_bytes()).expect(text);
            let wanted = r#"{"response_code":"503","response_flags":"UF","path":"/a"}"#;
            assert_eq!(object, wanted.as_bytes(), "{text}");
        }
    }

    #[test]
    fn what_is_no_list_of_fields_is_left_alone() {
        for text in ["status: 503\nflags: UF\n", "a\nb: 1\nc: 2\nd: 3", "", "one sentence, two: no"]
        {
            assert_eq!(object(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_quote_in_a_value_stays_in_it() {
        let (object, ..) = object(b"a: x\" y\nb: z\\\nc: \\\"q\\\"").unwrap();
        assert_eq!(object, br#"{"a":"x\" y","b":"z\\","c":"\"q\""}"#);
    }
}
