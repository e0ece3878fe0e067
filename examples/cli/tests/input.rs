//! What cannot be read, or not whole: said on stderr, with status 2, and the rest is reported.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

mod common;

use common::{gzip, log, why502, why502_with, zstd};
use std::path::PathBuf;
use tempfile::TempDir;

/// A folder with one file in it.
fn file(name: &str, bytes: &[u8]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

/// Nothing of the input is reported.
#[track_caller]
fn refused(path: &str, words: &[&str]) {
    let run = why502([path, "--format", "json"]);
    run.ends(2, words).ends(2, &[path]);
    assert_eq!(run.out, "");
    // Beside it, what can be read is reported.
    let run = why502([path, "access.log", "--format", "json"]);
    assert_eq!(run.ends(2, words).json()["exchanges"]["total"], 437);
}

#[test]
fn a_missing_file() {
    refused("/nowhere/access.log", &["No such file"]);
}

#[test]
fn a_directory() {
    let folder = TempDir::new().unwrap();
    refused(folder.path().to_str().unwrap(), &["directory", "name the files in it"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere() {
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("gone.log", &link).unwrap();
    refused(link.to_str().unwrap(), &["links to gone.log"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_opens_and_does_not_read() {
    refused("/proc/self/mem", &["Input/output error"]);
}

#[test]
fn binary_files() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_why502")).unwrap();
    let mut noise = 1_u32;
    let random: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 24) as u8
    })
    .take(20_000)
    .collect();
    let image = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\0\x08\x06\0\0\0".as_slice();
    for bytes in [&program[..100_000], &random, image] {
        let (_folder, path) = file("access.log", bytes);
        refused(&path, &["looks binary", "gzip or zstd"]);
    }
    let packed = gzip(&program[..100_000]);
    let (_folder, path) = file("program.gz", &packed);
    refused(&path, &["looks binary"]);
}

#[test]
fn packings_and_encodings_that_are_not_read_name_their_remedy() {
    let (_folder, path) = file("a.xz", b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46");
    refused(&path, &["xz -dc"]);
    let (_folder, path) = file("a.bz2", b"BZh91AY&SY\xd8\x72");
    refused(&path, &["bzip2 -dc"]);
    let utf16: Vec<u8> = "\u{feff}10.0.0.9 - -".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (_folder, path) = file("utf16.log", &utf16);
    refused(&path, &["iconv -f UTF-16"]);
}

#[test]
fn an_empty_file_is_said_and_no_error() {
    let (_folder, path) = file("access.log", b"");
    why502([path.as_str()]).ends(0, &["access.log: it is empty"]);
    let run = why502([path.as_str(), "access.log", "--format", "json"]);
    assert_eq!(run.ends(1, &["it is empty"]).json()["exchanges"]["failed"], 13);
    why502(["-"]).ends(0, &["<stdin>: it is empty"]);
}

#[test]
fn an_empty_error_log_is_silent_about_one_exchange_only() {
    let line = "203.0.113.24 - - [14/Sep/2026:08:27:39 +0000] \"GET /pay HTTP/1.1\" 502 157 \"-\" \
                \"curl/8.5.0\"\n";
    let (_folder, access) = file("access.log", line.as_bytes());
    let (_folder, errors) = file("error.log", b"");
    let single = why502([&access, &errors, "--single", "--format", "json"]);
    assert_eq!(single.ends(1, &[]).json()["fault"], "upstream-bad-gateway");
    let alone = why502([&access, "--single", "--format", "json"]);
    assert_eq!(alone.ends(1, &[]).json()["fault"], "unknown");
    // A whole log may have been emptied at any time.
    let log = why502([&access, &errors, "--format", "json"]);
    assert_eq!(log.ends(1, &["it is empty"]).json()["findings"][0]["fault"], "unknown");
}

#[test]
fn cut_archives_report_what_stands_before_the_cut() {
    let text = log("access.log").repeat(20);
    for (name, packed) in [("a.gz", gzip(&text)), ("a.zst", zstd(&text))] {
        let (_folder, path) = file(name, &packed[..packed.len() * 3 / 4]);
        let run = why502([path.as_str(), "--format", "json"]);
        run.ends(2, &[name, "ends too early", "what stands before is reported"]);
        let total = run.json()["exchanges"]["total"].as_u64().unwrap();
        assert!((437 * 10..437 * 20).contains(&total), "{total}");
        // So short that nothing came out.
        let (_folder, path) = file(name, &packed[..12]);
        refused(&path, &["ends too early"]);
    }
}

#[test]
fn damaged_archives() {
    for (name, mut packed) in [("a.gz", gzip(&log("access.log"))), ("b.gz", gzip(b"x"))] {
        let at = packed.len() / 2;
        packed[at] ^= 0xff;
        packed[at + 1] ^= 0xff;
        let (_folder, path) = file(name, &packed);
        why502([path.as_str()]).ends(2, &[name]);
    }
}

#[test]
fn a_line_that_never_ends() {
    let long = vec![b'x'; 8 << 20];
    let (_folder, path) = file("long.log", &long);
    let run = why502([path.as_str(), "--format", "json"]);
    run.ends(2, &["none of its 1 lines was understood"]);
    assert_eq!(run.json()["read"]["lines"], 1);
    assert_eq!(run.json()["read"]["bytes"], 8 << 20);
    let run = why502_with(&long, ["--format", "json"]);
    assert_eq!(run.ends(2, &["<stdin>"]).json()["read"]["lines"], 1);
    // What follows it is read, and cited by its right line.
    let followed = [&long[..], b"\n", &log("error.log")].concat();
    let run = why502_with(&followed, ["--each", "--format", "ndjson"]);
    assert_eq!(run.ends(1, &[]).lines()[0]["evidence"][0]["line"], 2);
}

#[test]
fn a_record_that_never_ends() {
    let mut text = b"2026/11/24 16:42:33 [error] 1#1: *1 open \"quote\n".to_vec();
    text.resize(3 << 20, b'x');
    text.extend_from_slice(b"\n");
    text.extend_from_slice(&log("error.log"));
    let run = why502_with(&text, ["--format", "json"]);
    assert_eq!(run.ends(1, &[]).json()["exchanges"]["failed"], 16);
}

#[test]
fn text_of_others() {
    let run = why502_with(b"hello\nworld\n", ["--format", "json"]);
    run.ends(2, &["<stdin>: none of its 2 lines was understood", "why502 list dialects"]);
    assert_eq!(run.json()["read"]["not_understood"], 2);
}

#[test]
fn lines_that_are_not_understood_are_shown_when_asked_for_and_not_whole() {
    let text = [b"hello \x1b[31m\n", &b"y".repeat(5000)[..], b"\n", &log("error.log")].concat();
    let quiet = why502_with(&text, ["--format", "json"]);
    assert_eq!(quiet.ends(1, &[]).json()["read"]["not_understood"], 2);
    let run = why502_with(&text, ["--verbose"]);
    run.ends(1, &["<stdin>:1: not understood: hello \\x1b[31m", "<stdin>:2: not understood: yyy"]);
    assert!(run.err.lines().all(|line| line.len() < 500), "{}", run.err);
    assert!(run.out.contains("2 not understood"), "{}", run.out);
}

#[test]
fn a_file_named_twice_is_read_once() {
    let run = why502(["access.log", "./access.log", "--format", "json"]);
    assert_eq!(run.ends(1, &["./access.log: it is named twice"]).json()["exchanges"]["total"], 437);
    let run = why502_with(&log("access.log"), ["-", "-", "--format", "json"]);
    assert_eq!(run.ends(1, &["-: it is named twice"]).json()["exchanges"]["total"], 437);
}

#[test]
fn nothing_from_outside_reaches_the_terminal_unescaped() {
    let (_folder, path) = file("evil\x1b[2J.log", &log("error.log"));
    for arguments in [&[path.as_str()][..], &[&path, "--each"], &[&path, "--single"]] {
        let run = why502(arguments);
        assert!(!run.out.contains('\x1b') && run.out.contains("\\x1b[2J"), "{}", run.out);
    }
    let missing: PathBuf = format!("{path}.gone").into();
    let run = why502([missing]);
    assert!(!run.ends(2, &["\\x1b[2J"]).err.contains('\x1b'));
}
