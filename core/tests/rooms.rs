//! The rooms of the crate and who may use whom: reads the paths of the sources. A room uses only
//! rooms that stand before it, so that each can be understood with what lies under it alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms, the lowest first; those of one row know nothing of each other. `scan` reads times
/// into `evidence`'s type. `builder` makes evidence of the facts that dialects also read. `causes`
/// comes after `dialects` for the default limits alone (see [`NARROW`]). `reader` needs dialects
/// and no diagnosis, and what joins exchanges needs both.
const ORDER: &[&[&str]] = &[
    &["vocabulary"],
    &["evidence"],
    &["scan"],
    &["dialects"],
    &["builder", "causes", "classify"],
    &["infer"],
    &["diagnosis", "reader"],
    &["incident"],
    &["report"],
];

/// Doors that are open by a crack: the room, the one it uses, and the only names it may use there.
const NARROW: &[(&str, &str, &[&str])] = &[
    // A gateway's default is a fact about the case where its log names no limit.
    ("causes", "dialects", &["default_limit"]),
    // Reports look up the settings that cure a cause, by gateway.
    ("report", "dialects", &["DIALECTS", "Setting", "Suggestion", "of_gateway", "settings_for"]),
];

/// Parts of a room that no other room may name: a gateway is one folder and one line.
const INNER: &[&str] = &["dialects::envoy", "dialects::nginx", "causes::entries"];

fn sources() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let inside = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push((inside, path));
            }
        }
    }
    found.sort();
    found
}

/// A file's code: without its comments, its words in quotes and its tests.
fn code(text: &str) -> String {
    let body = text.split("\nmod tests {").next().unwrap();
    body.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The paths that a file names, from the root of the crate: `scan::time::any`.
fn paths(inside: &str, text: &str) -> BTreeSet<String> {
    let depth = inside.split('/').count() - usize::from(inside.ends_with("mod.rs"));
    let up = "super::".repeat(depth);
    let code = code(text);
    let mut found = BTreeSet::new();
    for root in ["crate::", up.as_str()] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || "_:$".contains(before) {
                continue;
            }
            let mut expanded = Vec::new();
            expand(&code[at + root.len()..], "", &mut expanded);
            found.extend(expanded);
        }
    }
    found
}

/// Takes `a::{b, c::d}` apart; answers how much it used.
fn expand(text: &str, prefix: &str, found: &mut Vec<String>) -> usize {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let end = text.find(|letter| !word(letter)).unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..end]);
    if !(path.ends_with("::") && text[end..].starts_with('{')) {
        if !path.is_empty() {
            found.push(path.trim_end_matches(':').to_owned());
        }
        return end;
    }
    let mut at = end + 1;
    loop {
        at += text[at..].len() - text[at..].trim_start_matches([' ', '\n', ',']).len();
        if text[at..].starts_with('}') || at >= text.len() {
            return at + 1;
        }
        let used = expand(&text[at..], &path, found);
        at += used.max(1);
    }
}

fn room_of(inside: &str) -> &str {
    inside.split('/').next().unwrap().trim_end_matches(".rs")
}

fn rank(room: &str) -> Option<usize> {
    ORDER.iter().position(|row| row.contains(&room))
}

#[test]
fn a_room_uses_only_rooms_before_it() {
    let mut wrong = Vec::new();
    let mut uses = 0;
    for (inside, path) in sources() {
        let room = room_of(&inside);
        if room == "lib" {
            continue;
        }
        let own = rank(room).unwrap_or_else(|| panic!("{inside} stands in no room of the order"));
        for used in paths(&inside, &std::fs::read_to_string(path).unwrap()) {
            let other = used.split("::").next().unwrap();
            // Names that the root passes on are those of their rooms.
            let Some(rank) = rank(other) else {
                wrong.push(format!("{inside} uses {used}, which is no room"));
                continue;
            };
            uses += 1;
            if other != room && rank >= own {
                wrong.push(format!("{inside} uses {used}, and {other} is not before {room}"));
            }
        }
    }
    assert!(uses > 100, "only {uses} paths were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn narrow_doors_let_through_what_they_should() {
    for (room, other, names) in NARROW {
        let mut used = BTreeSet::new();
        for (inside, path) in sources().iter().filter(|(inside, _)| room_of(inside) == *room) {
            let text = std::fs::read_to_string(path).unwrap();
            let direct = paths(inside, &text);
            let opened = format!("{other}::");
            used.extend(direct.iter().filter_map(|path| {
                path.strip_prefix(&opened).filter(|name| *name != "self").map(first_word)
            }));
            // `use crate::dialects;` and then `dialects::default_limit`.
            let code = code(&text);
            for (at, _) in code.match_indices(&opened) {
                if !code[..at].ends_with("crate::") {
                    used.insert(first_word(&code[at + opened.len()..]));
                }
            }
        }
        used.remove("");
        let allowed: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(used, allowed, "what {room} uses of {other}");
    }
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

#[test]
fn inner_parts_are_named_by_their_room_alone() {
    for (inside, path) in sources() {
        let text = std::fs::read_to_string(path).unwrap();
        for part in INNER {
            let room = part.split("::").next().unwrap();
            let named = paths(&inside, &text).iter().any(|used| used.starts_with(part));
            assert!(!named || room_of(&inside) == room, "{inside} names {part}");
        }
    }
}

#[test]
fn paths_are_taken_apart() {
    let text = "use crate::scan::{self, time, number::{a, b}};\n// use crate::report;\n\
                let x = crate::evidence::Sign::A;\nuse super::super::infer::infer;\n";
    let found: Vec<_> = paths("incident/join.rs", text).into_iter().collect();
    let wanted = [
        "evidence::Sign::A",
        "infer::infer",
        "scan::number::a",
        "scan::number::b",
        "scan::self",
        "scan::time",
    ];
    assert_eq!(found, wanted);
}
