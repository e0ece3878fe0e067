//! An HTTP/1.1 client that can do what clients do wrong.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

/// What the client asks, and how it behaves.
#[derive(Clone, Default)]
pub(crate) struct Ask {
    /// The method; `GET` where empty.
    pub(crate) method: &'static str,
    /// Header lines of its own, each with its end.
    pub(crate) headers: &'static str,
    /// How long a body it sends.
    pub(crate) body: usize,
    /// How long a body it announces, where that differs from what it sends.
    pub(crate) announced: Option<usize>,
    /// These bytes instead of a request.
    pub(crate) raw: &'static [u8],
    /// Goes away after this time.
    pub(crate) leaves_after: Option<Duration>,
    /// Starts to read after this time.
    pub(crate) reads_after: Duration,
    /// Asks for a connection that stays open, and closes it itself.
    pub(crate) keeps_alive: bool,
}

/// An open connection on which the request was sent.
pub(crate) struct Asked(TcpStream);

impl Ask {
    /// Sends the request and leaves the connection open.
    pub(crate) fn send(&self, port: u16, path: &str) -> Asked {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect(address).expect("the gateway listens");
        stream.set_read_timeout(Some(Duration::from_secs(15))).expect("a timeout");
        stream.set_write_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        if self.raw.is_empty() {
            let method = if self.method.is_empty() { "GET" } else { self.method };
            let connection = if self.keeps_alive { "" } else { "Connection: close\r\n" };
            let length = match self.announced.unwrap_or(self.body) {
                0 => String::new(),
                length => format!("Content-Length: {length}\r\n"),
            };
            let own = self.headers;
            let head = format!(
                "{method} {path} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: shop-app/4.2\r\n\
                 Accept: */*\r\n{connection}{own}{length}\r\n"
            );
            let _ = stream.write_all(head.as_bytes());
            // The gateway may refuse the body while it is on its way.
            let _ = stream.write_all(&vec![b'x'; self.body]);
        } else {
            let _ = stream.write_all(self.raw);
        }
        Asked(stream)
    }

    /// Sends the request and behaves as described to the end; returns what was received.
    pub(crate) fn run(&self, port: u16, path: &str) -> Vec<u8> {
        let Asked(mut stream) = self.send(port, path);
        if let Some(time) = self.leaves_after {
            thread::sleep(time);
            return Vec::new();
        }
        thread::sleep(self.reads_after);
        let mut seen = Vec::new();
        let mut buffer = [0; 16384];
        while !(self.keeps_alive && is_whole(&seen)) {
            match stream.read(&mut buffer) {
                Ok(count) if count > 0 => seen.extend_from_slice(&buffer[..count]),
                _ => break,
            }
        }
        seen
    }
}

/// Whether a response with a `Content-Length` has arrived.
fn is_whole(seen: &[u8]) -> bool {
    let Some(end) = seen.windows(4).position(|window| window == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&seen[..end]).to_ascii_lowercase();
    head.lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|value| value.trim().parse::<usize>().ok())
        .is_some_and(|length| seen.len() >= end + 4 + length)
}
