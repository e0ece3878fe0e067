//! An upstream that misbehaves on purpose: one behaviour for each address it listens on.
//!
//! The threads behind an address live as long as the test's process; nothing is shared between
//! them, so that one exchange cannot disturb another.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket, Type};

/// How a connection ends.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    /// An orderly close.
    Fin,
    /// A reset.
    Rst,
}

/// What the upstream does with a connection.
pub(crate) enum Behaviour {
    /// Reads the request, sends these bytes, ends the connection.
    Answers(Vec<u8>, Ending),
    /// Sends these bytes before it has read anything, as servers do that speak first.
    SpeaksFirst(Vec<u8>),
    /// Reads the request, sends these bytes, then nothing more until the gateway gives up.
    Stalls(Vec<u8>),
    /// Reads nothing at all.
    NeverReads,
    /// Reads the head and a little of the body of an upload, then resets.
    ResetsUpload,
    /// Keeps the connection open after the first answer, and ends it under the second request.
    ServesOnce(Ending),
    /// Serves each request after this time, on connections that stay open.
    Serves(Duration),
    /// Reads a TLS ClientHello and sends these bytes.
    Handshakes(Vec<u8>, Ending),
    /// Reads a TLS ClientHello and never answers it.
    HandshakeStalls,
    /// Reads a FastCGI request and sends these bytes.
    FastCgi(Vec<u8>),
    /// Reads a FastCGI request and never answers it.
    FastCgiStalls,
    /// Reads an HTTP/2 request and sends these frames after its own settings.
    Http2(Vec<u8>),
}

/// Listens on a free port of the loopback and behaves so.
pub(crate) fn listen(behaviour: Behaviour) -> u16 {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    if matches!(behaviour, Behaviour::NeverReads | Behaviour::ResetsUpload) {
        socket.set_recv_buffer_size(4096).expect("a small buffer");
    }
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a free port");
    socket.listen(64).expect("listening");
    let port = port_of(&socket);
    serve(socket, behaviour);
    port
}

/// Listens on a Unix socket and behaves so.
pub(crate) fn listen_unix(path: &Path, behaviour: Behaviour) {
    serve(bound_unix(path, true), behaviour);
}

/// Leaves the file of a Unix socket on which nothing listens any more.
pub(crate) fn abandoned_unix(path: &Path) {
    drop(bound_unix(path, false));
}

/// A port that was free a moment ago, on which nothing listens.
pub(crate) fn closed_port() -> u16 {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a free port");
    let port = port_of(&socket);
    // Bound and never listening: connections are refused, and nobody else can take the port.
    std::mem::forget(socket);
    port
}

/// A port whose queue of waiting connections is full, so that attempts go unanswered.
pub(crate) fn full_port() -> u16 {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a free port");
    socket.listen(0).expect("listening");
    let port = port_of(&socket);
    let address = SockAddr::from(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    for _ in 0..3 {
        let filler = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        // The last ones time out: that is the state we want.
        let _ = filler.connect_timeout(&address, Duration::from_millis(50));
        std::mem::forget(filler);
    }
    std::mem::forget(socket);
    port
}

/// A whole HTTP/1.1 response with its length.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nServer: shop\r\nContent-Type: text/plain\r\n{headers}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// FastCGI records for request 1.
pub(crate) mod fastcgi {
    /// The record types that an application sends.
    pub(crate) const END_REQUEST: u8 = 3;
    pub(crate) const STDOUT: u8 = 6;
    pub(crate) const STDERR: u8 = 7;

    /// One record.
    pub(crate) fn record(kind: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).expect("a short record").to_be_bytes();
        let mut bytes = vec![1, kind, 0, 1, length[0], length[1], 0, 0];
        bytes.extend_from_slice(content);
        bytes
    }

    /// A complete answer, with text on stderr where it is not empty.
    pub(crate) fn answer(stderr: &str, stdout: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        if !stderr.is_empty() {
            bytes.extend(record(STDERR, stderr.as_bytes()));
        }
        bytes.extend(record(STDOUT, stdout.as_bytes()));
        bytes.extend(record(STDOUT, b""));
        bytes.extend(record(END_REQUEST, &[0; 8]));
        bytes
    }
}

/// HTTP/2 frames for stream 1.
pub(crate) mod http2 {
    pub(crate) const DATA: u8 = 0;
    pub(crate) const HEADERS: u8 = 1;
    pub(crate) const RST_STREAM: u8 = 3;
    pub(crate) const SETTINGS: u8 = 4;
    pub(crate) const GOAWAY: u8 = 7;
    pub(crate) const END_STREAM: u8 = 1;
    pub(crate) const END_HEADERS: u8 = 4;

    /// One frame.
    pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).expect("a short frame").to_be_bytes();
        let mut bytes = vec![length[1], length[2], length[3], kind, flags];
        bytes.extend_from_slice(&stream.to_be_bytes());
        bytes.extend_from_slice(payload);
        bytes
    }

    /// `:status: 200`, from the static table.
    pub(crate) const STATUS_200: &[u8] = &[0x88];

    /// A header as HPACK literal without indexing.
    pub(crate) fn literal(name: &str, value: &str) -> Vec<u8> {
        let mut bytes = vec![0, u8::try_from(name.len()).expect("a short name")];
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(u8::try_from(value.len()).expect("a short value"));
        bytes.extend_from_slice(value.as_bytes());
        bytes
    }
}

/// The TCP port that a socket is bound to.
pub(crate) fn port_of(socket: &Socket) -> u16 {
    socket.local_addr().ok().and_then(|address| address.as_socket()).expect("a TCP address").port()
}

fn bound_unix(path: &Path, listening: bool) -> Socket {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None).expect("a socket");
    socket.bind(&SockAddr::unix(path).expect("a short path")).expect("a new socket file");
    if listening {
        socket.listen(64).expect("listening");
    }
    socket
}

fn serve(listener: Socket, behaviour: Behaviour) {
    let behaviour = Arc::new(behaviour);
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let behaviour = Arc::clone(&behaviour);
            thread::spawn(move || behaviour.play(Peer { stream }));
        }
    });
}

impl Behaviour {
    fn play(&self, mut peer: Peer) {
        match self {
            Self::Answers(bytes, ending) => {
                if peer.read_request() {
                    peer.send(bytes);
                    peer.end(*ending);
                }
            }
            Self::SpeaksFirst(bytes) => {
                peer.send(bytes);
                peer.read_request();
                peer.end(Ending::Fin);
            }
            Self::Stalls(bytes) => {
                if peer.read_request() {
                    peer.send(bytes);
                    peer.drain();
                }
            }
            Self::NeverReads => thread::sleep(Duration::from_secs(20)),
            Self::ResetsUpload => {
                peer.read_until(|seen| seen.len() > 4096);
                thread::sleep(Duration::from_millis(50));
                peer.end(Ending::Rst);
            }
            Self::ServesOnce(ending) => {
                if peer.read_request() {
                    peer.send(&response("200 OK", "", "first\n"));
                    if peer.read_request() {
                        peer.end(*ending);
                    }
                }
            }
            Self::Serves(after) => {
                while peer.read_request() {
                    thread::sleep(*after);
                    peer.send(&response("200 OK", "", "served\n"));
                }
            }
            Self::Handshakes(bytes, ending) => {
                if peer.read_until(client_hello_is_whole) {
                    peer.send(bytes);
                    peer.end(*ending);
                }
            }
            Self::HandshakeStalls => {
                peer.read_until(client_hello_is_whole);
                peer.drain();
            }
            Self::FastCgi(bytes) => {
                if peer.read_until(fastcgi_request_is_whole) {
                    peer.send(bytes);
                    peer.end(Ending::Fin);
                }
            }
            Self::FastCgiStalls => {
                peer.read_until(fastcgi_request_is_whole);
                peer.drain();
            }
            Self::Http2(bytes) => {
                peer.send(&http2::frame(http2::SETTINGS, 0, 0, b""));
                if peer.read_until(|seen| seen.len() > HTTP2_PREFACE) {
                    thread::sleep(Duration::from_millis(30));
                    peer.send(&http2::frame(http2::SETTINGS, 1, 0, b""));
                    peer.send(bytes);
                    peer.drain();
                }
            }
        }
    }
}

/// The client's preface and an empty SETTINGS frame: what is longer holds a request.
const HTTP2_PREFACE: usize = 24 + 9;

fn client_hello_is_whole(seen: &[u8]) -> bool {
    match seen {
        [_, _, _, high, low, rest @ ..] => {
            rest.len() >= usize::from(u16::from_be_bytes([*high, *low]))
        }
        _ => false,
    }
}

fn fastcgi_request_is_whole(seen: &[u8]) -> bool {
    const EMPTY_STDIN: [u8; 8] = [1, 5, 0, 1, 0, 0, 0, 0];
    seen.ends_with(&EMPTY_STDIN)
}

/// One connection from the gateway.
struct Peer {
    stream: Socket,
}

impl Peer {
    /// Reads one HTTP/1 request with its body; `false` when the gateway sent none.
    fn read_request(&mut self) -> bool {
        self.read_until(|seen| {
            let Some(end) = seen.windows(4).position(|window| window == b"\r\n\r\n") else {
                return false;
            };
            let head = String::from_utf8_lossy(&seen[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|value| value.trim().parse::<usize>().ok())
                .unwrap_or(0);
            seen.len() >= end + 4 + length
        })
    }

    /// Reads until `whole` says so; `false` when the connection ended or stalled before.
    fn read_until(&mut self, whole: impl Fn(&[u8]) -> bool) -> bool {
        let _ = self.stream.set_read_timeout(Some(Duration::from_secs(10)));
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !whole(&seen) {
            match self.stream.read(&mut buffer) {
                Ok(count) if count > 0 => seen.extend_from_slice(&buffer[..count]),
                _ => return false,
            }
        }
        true
    }

    fn send(&mut self, bytes: &[u8]) {
        // The gateway may have gone away: that is part of some exchanges.
        let _ = self.stream.write_all(bytes);
    }

    fn drain(&mut self) {
        self.read_until(|_| false);
    }

    fn end(mut self, ending: Ending) {
        match ending {
            Ending::Fin => {
                // What is left unread would turn the close into a reset.
                let _ = self.stream.shutdown(std::net::Shutdown::Write);
                self.drain();
            }
            Ending::Rst => {
                // Time for the gateway to read what was sent: a reset discards it.
                thread::sleep(Duration::from_millis(60));
                let _ = self.stream.set_linger(Some(Duration::ZERO));
            }
        }
    }
}
