//! Input that is made to be slow to read, each named by what it attacks.

/// One attack.
#[derive(Clone, Copy, Debug)]
pub struct Hostile {
    /// What is many in it, or what is attacked.
    pub name: &'static str,
    /// The input, of so many bytes or a few less.
    pub text: fn(usize) -> Vec<u8>,
}

/// The beginning of a record of the error log.
const ERROR: &str = "2026/11/22 07:38:39 [error] 31#31: *7 ";

/// The beginning of a record of the access log.
const ACCESS: &str = "10.0.0.9 - - [22/Nov/2026:07:38:34 +0000] \"GET / HTTP/1.1\" 502 157 ";

/// A beginning, as much of the middle as there is room for, and an end.
fn filled(begin: &str, middle: &str, end: &str, size: usize) -> Vec<u8> {
    let room = size.saturating_sub(begin.len() + end.len() + 1);
    let mut text = begin.as_bytes().to_vec();
    text.extend(middle.as_bytes().repeat(room / middle.len().max(1)));
    text.extend(end.as_bytes());
    text.push(b'\n');
    text
}

/// Every attack that is known.
pub const HOSTILE: &[Hostile] = &[
    Hostile { name: "quotes", text: |size| filled(ERROR, "\"", "", size) },
    Hostile { name: "commas", text: |size| filled(ERROR, ", ", "", size) },
    Hostile { name: "colons", text: |size| filled(ERROR, ": ", "", size) },
    Hostile { name: "actions", text: |size| filled(ERROR, " while ", "", size) },
    Hostile {
        name: "ends of requests",
        text: |size| filled(&[ERROR, "x, request: \"GET /"].concat(), " HTTP/1.1\", ", "", size),
    },
    Hostile {
        name: "requests",
        text: |size| filled(&[ERROR, "x"].concat(), ", request: \"GET /\"", "", size),
    },
    Hostile {
        name: "upstreams",
        text: |size| filled(&[ERROR, "x"].concat(), ", upstream: \"http://a:1/\"", "", size),
    },
    Hostile {
        name: "fields",
        text: |size| filled(&[ERROR, "x"].concat(), ", client: a", "", size),
    },
    Hostile {
        name: "objects within objects, a line each",
        text: |size| {
            let room = size / 10;
            [b"{\"age\":\n".repeat(room), b"}".repeat(size - room * 8)].concat()
        },
    },
    Hostile { name: "beginnings of archives", text: |size| filled("", "{\"_a\":\n", "", size) },
    Hostile {
        name: "an archive of nothing but brackets",
        text: |size| filled("{\"log\":{\"entries\":[", "{\"request\":[", "", size),
    },
    Hostile { name: "open brackets", text: |size| filled("", "[", "", size) },
    Hostile { name: "brackets in an access record", text: |size| filled(ACCESS, "[]", "", size) },
    Hostile { name: "open parentheses", text: |size| filled(ERROR, "(1: ", "", size) },
    Hostile {
        name: "unterminated quotes over many lines",
        text: |size| filled(&[ERROR, "\"\n"].concat(), "\"\"\n", "", size),
    },
    Hostile {
        name: "an open record, then empty lines",
        text: |size| filled(&[ERROR, "\"\n"].concat(), "\n", "", size),
    },
    Hostile {
        name: "records with an open quote",
        text: |size| filled("", "2026/11/22 07:38:39 [error] 31#31: *7 \"\n", "", size),
    },
    Hostile {
        name: "attempts in upstream lists",
        text: |size| {
            let part = size / 3;
            let mut text = filled(&[ACCESS, "ua=\""].concat(), "10.0.0.2:80, ", "a:1\"", part);
            text.pop();
            text.extend(filled(" us=\"", "502, ", "502\"", part));
            text.pop();
            text.extend(filled(" urt=\"", "0.001, ", "0.001\"", part));
            text
        },
    },
    Hostile {
        name: "upstream lists without a key",
        text: |size| filled(ACCESS, "\"a:1, b:2\" ", "", size),
    },
    Hostile {
        name: "one list without a key",
        text: |size| filled(&[ACCESS, "\""].concat(), "10.0.0.2:80 : ", "a:1\"", size),
    },
    Hostile { name: "elements with keys", text: |size| filled(ACCESS, "rt=0.1 ", "", size) },
    Hostile { name: "JSON, nested", text: |size| filled("{\"a\":", "{\"a\":", "", size) },
    Hostile { name: "JSON, nested arrays", text: |size| filled("{\"a\":", "[", "", size) },
    Hostile {
        name: "JSON, keys",
        text: |size| filled("{\"status\":502", ",\"status\":502", "}", size),
    },
    Hostile {
        name: "JSON, escapes",
        text: |size| filled("{\"log\":\"", "\\u0022\\n\\\\\\\"", "\"}", size),
    },
    Hostile {
        name: "JSON, escapes around an error record",
        text: |size| filled(&["{\"log\":\"", ERROR].concat(), "\\\"", "\"}", size),
    },
    Hostile { name: "marks of mail", text: |size| filled("", "> ", "", size) },
    Hostile { name: "colours", text: |size| filled("", "\u{1b}[0m", "", size) },
    Hostile { name: "ends of colours", text: |size| filled("\u{1b}[0", "m", "", size) },
    Hostile { name: "structured data", text: |size| filled("<1>1 - a b c d ", "[a]", "", size) },
    Hostile { name: "blanks", text: |size| filled("", " ", "", size) },
    Hostile { name: "words", text: |size| filled("", "upstream ", "", size) },
    Hostile { name: "lines", text: |size| filled("", "a\n", "", size) },
    Hostile {
        name: "one client and path, many times",
        text: |size| filled("", &[ACCESS, "\n"].concat(), "", size),
    },
];
