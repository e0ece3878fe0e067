//! Inputs: files, pipes and standard input, decompressed, in a buffer that does not grow without
//! bound.

use crate::unpack::{unpacked, unread_packing};
use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;
use why502::evidence::Timestamp;
use why502::reader::Reader;

/// How much is read at once. The buffer holds this and the longest line at most.
const CHUNK: usize = 256 * 1024;
/// How much is read at once of all inputs together, where they are many.
const CHUNKS: usize = 4 * 1024 * 1024;
/// How much is read at once at least.
const SMALLEST_CHUNK: usize = 32 * 1024;
/// How long a pipe may say nothing before it counts as silent.
pub(crate) const SILENT: Duration = Duration::from_secs(1);

/// Why an input could not be read, or not whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    #[error("{0}: it is a directory; name the files in it")]
    Directory(String),
    #[error("{0}: it links to {1}, which does not exist")]
    Dangling(String, String),
    #[error("{0}: {1}; expected a log that can be read")]
    Unreadable(String, io::Error),
    #[error("{name}: after {bytes} bytes of text: {error}; what stands before is reported")]
    Broken { name: String, error: io::Error, bytes: u64 },
    #[error("{0}: it looks binary; expected a text log, or one packed with gzip or zstd")]
    Binary(String),
    #[error("{0}: it is packed with {1}; unpack it first: {2} {0} | why502")]
    Packed(String, &'static str, &'static str),
    #[error("{0}: it is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 {0} | why502")]
    Utf16(String),
}

/// Where the bytes come from.
enum Source {
    /// A file that is not open: it is opened when its turn comes.
    Closed,
    File(Box<dyn Read>),
    /// A pipe is read beside, so that its silence can be noticed.
    Pipe(Receiver<io::Result<Vec<u8>>>),
}

/// What a look for more bytes brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// More bytes.
    More,
    /// Nothing came in time.
    Silence,
    /// Nothing follows.
    End,
}

/// One input.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) reader: Reader,
    source: Source,
    /// The path, where the file can be opened again.
    again: Option<PathBuf>,
    /// How much is read at once.
    chunk: usize,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Nothing follows the buffer.
    pub(crate) ended: bool,
    /// Nothing came when we last looked.
    pub(crate) silent: bool,
    /// It could not be read, or not whole.
    pub(crate) failed: bool,
    /// Bytes read so far, unpacked.
    pub(crate) bytes: u64,
    /// The size of the file, packed as it may be; `None` for a pipe.
    pub(crate) size: Option<u64>,
    position: Rc<Cell<u64>>,
    /// The time of the next line, as far as it is known.
    pub(crate) time: Option<Timestamp>,
    /// Which input goes first in a tie.
    pub(crate) rank: usize,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(path: &Path, reader: Reader) -> Result<Self, InputError> {
        if path == Path::new("-") {
            let mut input = Self::new("<stdin>".into(), reader);
            match redirected() {
                Some((file, size)) => {
                    input.size = Some(size);
                    input.open_file(file)?;
                }
                None => input.source = Source::Pipe(pipe(io::stdin())),
            }
            return Ok(input);
        }
        let mut input = Self::new(path.display().to_string(), reader);
        let about = fs::metadata(path).map_err(|error| unreadable(path, error))?;
        if about.is_dir() {
            return Err(InputError::Directory(input.name));
        }
        let file = File::open(path).map_err(|error| unreadable(path, error))?;
        if about.is_file() {
            input.size = Some(about.len());
            input.again = Some(path.to_owned());
            input.open_file(file)?;
        } else {
            input.source = Source::Pipe(pipe(file));
        }
        Ok(input)
    }

    fn new(name: String, reader: Reader) -> Self {
        Self {
            name,
            reader,
            source: Source::Closed,
            again: None,
            chunk: CHUNK,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            ended: false,
            silent: false,
            failed: false,
            bytes: 0,
            size: None,
            position: Rc::default(),
            time: None,
            rank: 0,
        }
    }

    fn open_file(&mut self, file: File) -> Result<(), InputError> {
        self.position.set(0);
        let counted = Counted { file, position: Rc::clone(&self.position) };
        let source =
            unpacked(counted).map_err(|error| InputError::Unreadable(self.name.clone(), error))?;
        self.source = Source::File(source);
        Ok(())
    }

    /// Says that it is one of so many.
    pub(crate) fn one_of(&mut self, count: usize) {
        // What a pipe brings is as long as the thread behind it likes.
        if !self.is_pipe() {
            self.chunk = (CHUNKS / count.max(1)).clamp(SMALLEST_CHUNK, CHUNK);
        }
    }

    /// Lets go of the file and the buffer until its turn comes, where that can be done: of a
    /// hundred rotated logs a few are read at one time.
    pub(crate) fn close(&mut self) {
        if self.again.is_none() || self.ended {
            return;
        }
        self.source = Source::Closed;
        self.buffer = Vec::new();
        self.position.set(0);
        (self.start, self.end, self.bytes) = (0, 0, 0);
    }

    /// Whether everything was read.
    pub(crate) fn is_done(&self) -> bool {
        self.ended && self.start == self.end
    }

    /// Whether it is a pipe, which may have no end.
    pub(crate) const fn is_pipe(&self) -> bool {
        self.size.is_none()
    }

    /// How much of the file was read.
    pub(crate) fn position(&self) -> u64 {
        self.position.get()
    }

    /// The bytes that wait, and who reads them.
    pub(crate) fn waiting(&mut self) -> (&mut Reader, &[u8]) {
        (&mut self.reader, self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    /// Marks bytes as used; with the last of them the buffer is let go.
    pub(crate) fn used(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
        if self.is_done() {
            self.buffer = Vec::new();
            (self.start, self.end) = (0, 0);
        }
    }

    /// Looks at the time of the next line; one that names none is as old as the one before it.
    pub(crate) fn peek(&mut self) {
        let ended = self.ended;
        let (reader, waiting) = self.waiting();
        let time = reader.peek_time(waiting, ended);
        self.time = time.or(self.time);
    }

    /// Brings more bytes; from a pipe, if they come in time.
    pub(crate) fn fill(&mut self, patience: Duration) -> Result<Filled, InputError> {
        let filled = self.more(patience);
        if filled.is_err() {
            self.failed = true;
            self.ended = true;
            self.source = Source::Closed;
        }
        filled
    }

    fn more(&mut self, patience: Duration) -> Result<Filled, InputError> {
        if let (Source::Closed, Some(path), false) = (&self.source, &self.again, self.ended) {
            let path = path.clone();
            let file = File::open(&path).map_err(|error| unreadable(&path, error))?;
            self.open_file(file)?;
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < self.end + self.chunk {
            self.buffer.resize(self.end + self.chunk, 0);
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let got = match &mut self.source {
            Source::Closed => Ok(0),
            Source::File(file) => read(file, room),
            Source::Pipe(pipe) => match pipe.recv_timeout(patience) {
                Ok(Ok(chunk)) => {
                    // A chunk is never longer than the room, which is one chunk at least.
                    for (to, from) in room.iter_mut().zip(&chunk) {
                        *to = *from;
                    }
                    Ok(chunk.len())
                }
                Ok(Err(error)) => Err(error),
                Err(RecvTimeoutError::Timeout) => {
                    self.silent = true;
                    return Ok(Filled::Silence);
                }
                Err(RecvTimeoutError::Disconnected) => Ok(0),
            },
        };
        self.silent = false;
        let got = got.map_err(|error| match self.bytes {
            0 => InputError::Unreadable(self.name.clone(), error),
            bytes => InputError::Broken { name: self.name.clone(), error, bytes },
        })?;
        if got == 0 {
            self.ended = true;
            self.source = Source::Closed;
            return Ok(Filled::End);
        }
        let first = self.bytes == 0;
        self.end += got;
        self.bytes += got as u64;
        if first {
            self.refuse_what_is_no_text()?;
        }
        Ok(Filled::More)
    }

    fn refuse_what_is_no_text(&mut self) -> Result<(), InputError> {
        let start = self.buffer.get(..self.end.min(8192)).unwrap_or_default();
        let name = || self.name.clone();
        let error = if let Some((packing, command)) = unread_packing(start) {
            InputError::Packed(name(), packing, command)
        } else if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            InputError::Utf16(name())
        } else if looks_binary(start) {
            InputError::Binary(name())
        } else {
            return Ok(());
        };
        self.end = self.start;
        Err(error)
    }

    /// The rest of the input, up to so many bytes more than it may have.
    pub(crate) fn read_whole(&mut self, most: usize) -> (Vec<u8>, Option<InputError>) {
        let mut whole = Vec::new();
        loop {
            let (_, waiting) = self.waiting();
            whole.extend_from_slice(waiting);
            let used = waiting.len();
            self.used(used);
            if self.ended || whole.len() > most {
                return (whole, None);
            }
            if let Err(error) = self.fill(SILENT) {
                return (whole, Some(error));
            }
        }
    }
}

fn unreadable(path: &Path, error: io::Error) -> InputError {
    let name = path.display().to_string();
    match fs::read_link(path) {
        Ok(target) if error.kind() == io::ErrorKind::NotFound => {
            InputError::Dangling(name, target.display().to_string())
        }
        _ => InputError::Unreadable(name, error),
    }
}

/// Text has few control characters beside blanks and the escapes of colours.
fn looks_binary(start: &[u8]) -> bool {
    let control = |byte: &&u8| byte.is_ascii_control() && !b"\t\n\r\x1b\x0c".contains(byte);
    start.iter().filter(control).count() * 50 > start.len()
}

fn read(file: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// A file that tells how much of it was read.
struct Counted {
    file: File,
    position: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(into)?;
        self.position.set(self.position.get() + got as u64);
        Ok(got)
    }
}

/// Standard input, where it is a file (`why502 < access.log`): it has an end.
#[cfg(unix)]
fn redirected() -> Option<(File, u64)> {
    use std::os::fd::AsFd as _;
    let file = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    let about = file.metadata().ok()?;
    about.is_file().then_some((file, about.len()))
}

#[cfg(not(unix))]
const fn redirected() -> Option<(File, u64)> {
    None
}

/// Reads a pipe in a thread of its own.
fn pipe(source: impl Read + Send + 'static) -> Receiver<io::Result<Vec<u8>>> {
    let (send, receive) = sync_channel(4);
    std::thread::spawn(move || {
        let mut source = match unpacked(source) {
            Ok(source) => source,
            Err(error) => return drop(send.send(Err(error))),
        };
        let mut chunk = vec![0; CHUNK];
        loop {
            let got = match read(&mut source, &mut chunk) {
                Ok(0) => return,
                Ok(got) => Ok(chunk.get(..got).unwrap_or_default().to_vec()),
                Err(error) => Err(error),
            };
            let failed = got.is_err();
            if send.send(got).is_err() || failed {
                return;
            }
        }
    });
    receive
}
