//! Inputs: files and standard input, decompressed, in a buffer that does not grow without bound.

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;
use why502::reader::{LONGEST_LINE, Reader};

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

/// Why an input could not be read, or not whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    #[error("{0}: it is a directory; name the files in it")]
    Directory(String),
    #[error("{0}: {1}")]
    Unreadable(String, io::Error),
    #[error("{name}: {error}; what stands before is reported ({bytes} bytes)")]
    Broken { name: String, error: io::Error, bytes: u64 },
    #[error(
        "{0}: it looks binary (it holds NUL bytes); expected a text log, or one in gzip or zstd"
    )]
    Binary(String),
}

/// Where the bytes come from.
enum Source {
    File(Box<dyn Read>),
    /// Standard input is read beside, so that its silence can be noticed.
    Pipe(Receiver<io::Result<Vec<u8>>>),
}

/// What a look for more bytes brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// More bytes.
    More,
    /// Nothing came for a second.
    Silence,
    /// Nothing follows.
    End,
}

/// One input.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) reader: Reader,
    source: Source,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Nothing follows the buffer.
    pub(crate) ended: bool,
    /// Bytes read so far, after decompression.
    pub(crate) bytes: u64,
    /// The size of the file, where it is known and not compressed.
    pub(crate) size: Option<u64>,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(path: &Path, reader: Reader) -> Result<Self, InputError> {
        let name = path.display().to_string();
        if path == Path::new("-") {
            return Ok(Self::new("<stdin>".into(), Source::Pipe(pipe()), reader, None));
        }
        let failed = |error| InputError::Unreadable(name.clone(), error);
        let file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        if about.is_dir() {
            return Err(InputError::Directory(name));
        }
        let plain = about.is_file().then_some(about.len());
        let (source, packed) = decompressed(file).map_err(failed)?;
        let size = plain.filter(|_| !packed);
        Ok(Self::new(name, Source::File(source), reader, size))
    }

    fn new(name: String, source: Source, reader: Reader, size: Option<u64>) -> Self {
        Self {
            name,
            reader,
            source,
            buffer: vec![0; CHUNK + LONGEST_LINE],
            start: 0,
            end: 0,
            ended: false,
            bytes: 0,
            size,
        }
    }

    /// The bytes that wait, and who reads them.
    pub(crate) fn waiting(&mut self) -> (&mut Reader, &[u8]) {
        (&mut self.reader, self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    /// Marks bytes as used.
    pub(crate) fn used(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// Whether bytes wait.
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Brings more bytes.
    pub(crate) fn fill(&mut self) -> Result<Filled, InputError> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        let first = self.bytes == 0;
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let got = match &mut self.source {
            Source::File(file) => loop {
                match file.read(room) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            },
            Source::Pipe(pipe) => match pipe.recv_timeout(Duration::from_secs(1)) {
                Ok(Ok(chunk)) => {
                    let got = chunk.len();
                    if got > room.len() {
                        self.buffer.resize(self.end + got, 0);
                    }
                    if let Some(room) = self.buffer.get_mut(self.end..self.end + got) {
                        room.copy_from_slice(&chunk);
                    }
                    Ok(got)
                }
                Ok(Err(error)) => Err(error),
                Err(RecvTimeoutError::Timeout) => return Ok(Filled::Silence),
                Err(RecvTimeoutError::Disconnected) => Ok(0),
            },
        };
        let got = got.map_err(|error| {
            self.ended = true;
            InputError::Broken { name: self.name.clone(), error, bytes: self.bytes }
        })?;
        if got == 0 {
            self.ended = true;
            return Ok(Filled::End);
        }
        self.end += got;
        self.bytes += got as u64;
        if first && looks_binary(self.buffer.get(..self.end.min(8192)).unwrap_or_default()) {
            self.ended = true;
            self.end = self.start;
            return Err(InputError::Binary(self.name.clone()));
        }
        Ok(Filled::More)
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
            if let Err(error) = self.fill() {
                return (whole, Some(error));
            }
        }
    }
}

/// Text has no NUL bytes; UTF-16 is no log of any gateway.
fn looks_binary(start: &[u8]) -> bool {
    let zeros = start.iter().filter(|byte| **byte == 0).count();
    zeros * 50 > start.len()
}

/// Reads standard input in a thread of its own.
fn pipe() -> Receiver<io::Result<Vec<u8>>> {
    let (send, receive) = sync_channel(4);
    std::thread::spawn(move || {
        let (mut stdin, _) = match decompressed(io::stdin()) {
            Ok(stdin) => stdin,
            Err(error) => return drop(send.send(Err(error))),
        };
        let mut chunk = vec![0; CHUNK];
        loop {
            let got = match stdin.read(&mut chunk) {
                Ok(0) => return,
                Ok(got) => Ok(chunk.get(..got).unwrap_or_default().to_vec()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
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

/// Sees by the first bytes whether they are packed. Answers whether they were.
fn decompressed(mut file: impl Read + 'static) -> io::Result<(Box<dyn Read>, bool)> {
    let mut magic = [0; 4];
    let mut known = 0;
    while known < magic.len() {
        let room = magic.get_mut(known..).unwrap_or_default();
        match file.read(room) {
            Ok(0) => break,
            Ok(got) => known += got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let start = magic.get(..known).unwrap_or_default().to_vec();
    let all = Cursor::new(start.clone()).chain(file);
    Ok(match start.as_slice() {
        [0x1f, 0x8b, ..] => (Box::new(MultiGzDecoder::new(BufReader::new(all))), true),
        [0x28, 0xb5, 0x2f, 0xfd] => (Box::new(Zstd::new(BufReader::new(all))), true),
        _ => (Box::new(all), false),
    })
}

/// Zstandard frames, one after the other.
struct Zstd<R: Read> {
    frame: Option<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
    source: Option<R>,
}

impl<R: io::BufRead> Zstd<R> {
    const fn new(source: R) -> Self {
        Self { frame: None, source: Some(source) }
    }
}

impl<R: io::BufRead> Read for Zstd<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                match frame.read(into)? {
                    0 => self.source = self.frame.take().map(StreamingDecoder::into_inner),
                    got => return Ok(got),
                }
            }
            let Some(mut source) = self.source.take() else { return Ok(0) };
            if source.fill_buf()?.is_empty() {
                return Ok(0);
            }
            self.frame = Some(StreamingDecoder::new(source).map_err(io::Error::other)?);
        }
    }
}

/// The inputs of a run: standard input where no file is named.
pub(crate) fn paths(files: &[PathBuf]) -> Vec<PathBuf> {
    if files.is_empty() { vec!["-".into()] } else { files.to_vec() }
}
