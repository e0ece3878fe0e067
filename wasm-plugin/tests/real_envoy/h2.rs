//! Clients that speak HTTP/2.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::upstream::http2;

/// What `curl` gets: head, body and, behind it, trailers.
pub(crate) fn curl(port: u16, path: &str, arguments: &[&str], secure: bool) -> Vec<u8> {
    let scheme = if secure { "https" } else { "http" };
    let output = Command::new("curl")
        .args(["--silent", "--include", "--max-time", "10"])
        .args(arguments)
        .arg(format!("{scheme}://127.0.0.1:{port}{path}"))
        .output()
        .expect("the curl command");
    output.stdout
}

/// Sends groups of frames, each a moment after the one before, and goes away.
pub(crate) fn send(port: u16, groups: &[Vec<u8>]) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the gateway listens");
    stream.set_read_timeout(Some(Duration::from_millis(50))).expect("a timeout");
    let mut buffer = [0; 4096];
    for group in groups {
        let _ = stream.write_all(group);
        thread::sleep(Duration::from_millis(150));
        let _ = stream.read(&mut buffer);
    }
    Vec::new()
}

/// The preface, settings, and a GET on stream 1.
pub(crate) fn request(path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x86];
    // By the static table's names: `:authority` and `:path`.
    for (index, value) in [(1, "shop.example"), (4, path)] {
        block.extend([index, u8::try_from(value.len()).expect("a short value")]);
        block.extend_from_slice(value.as_bytes());
    }
    let flags = http2::END_HEADERS | http2::END_STREAM;
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        http2::frame(http2::SETTINGS, 0, 0, b""),
        http2::frame(http2::HEADERS, flags, 1, &block),
    ]
    .concat()
}

/// Resets stream 1.
pub(crate) fn reset(code: u8) -> Vec<u8> {
    http2::frame(http2::RST_STREAM, 0, 1, &[0, 0, 0, code])
}
