//! Packed logs: gzip of any number of members, and Zstandard of any number of frames.

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, BufReader, Cursor, Read};

/// How much is read to see what an input is.
const HEAD: usize = 8 * 1024;

/// Sees by the first bytes whether the input is packed.
pub(crate) fn unpacked(mut file: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    let mut head = vec![0; HEAD];
    let mut known = 0;
    // A pipe may bring one byte at a time; four tell.
    while known < 4 {
        match file.read(head.get_mut(known..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(got) => known += got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(known);
    let magic = <[u8; 4]>::try_from(head.get(..4).unwrap_or_default()).unwrap_or_default();
    let all = Cursor::new(head).chain(file);
    Ok(match magic {
        [0x1f, 0x8b, ..] => {
            Box::new(Named { packing: "gzip", inner: MultiGzDecoder::new(BufReader::new(all)) })
        }
        magic if is_frame(magic) || is_skippable(magic) => {
            Box::new(Named { packing: "zstd", inner: Zstd::new(BufReader::new(all)) })
        }
        _ => Box::new(all),
    })
}

/// A packing that is known but not read, and the command that undoes it.
pub(crate) fn unread_packing(start: &[u8]) -> Option<(&'static str, &'static str)> {
    match start {
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(("xz", "xz -dc")),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => Some(("bzip2", "bzip2 -dc")),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some(("lz4", "lz4 -dc")),
        [b'P', b'K', 3, 4, ..] => Some(("zip", "unzip -p")),
        _ => None,
    }
}

const fn is_frame(magic: [u8; 4]) -> bool {
    u32::from_le_bytes(magic) == 0xfd2f_b528
}

/// A frame of something else, as `pzstd` writes (RFC 8878, section 3.1.2).
const fn is_skippable(magic: [u8; 4]) -> bool {
    u32::from_le_bytes(magic) & 0xffff_fff0 == 0x184d_2a50
}

/// Says of an error which packing it is about, in words for people.
struct Named<R> {
    packing: &'static str,
    inner: R,
}

impl<R: Read> Read for Named<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let packing = self.packing;
        self.inner.read(into).map_err(|error| {
            // The decoders pass on what their source said in their own ways.
            let cut = error.kind() == io::ErrorKind::UnexpectedEof
                || format!("{error:?}").contains("UnexpectedEof");
            io::Error::other(match cut {
                true => format!("the {packing} data ends too early, as if it were cut"),
                false => format!("the {packing} data is damaged ({error})"),
            })
        })
    }
}

/// Zstandard frames, one after the other.
struct Zstd<R: Read> {
    frame: Option<StreamingDecoder<Unread<R>, FrameDecoder>>,
    source: Option<R>,
}

/// A source of which a few bytes were read too early.
type Unread<R> = io::Chain<Cursor<[u8; 4]>, R>;

impl<R: Read> Zstd<R> {
    const fn new(source: R) -> Self {
        Self { frame: None, source: Some(source) }
    }

    /// Opens the next frame; answers whether there is one.
    fn open(&mut self) -> io::Result<bool> {
        let Some(mut source) = self.source.take() else { return Ok(false) };
        loop {
            let mut magic = [0; 4];
            let (first, others) = magic.split_at_mut(1);
            if source.read(first)? == 0 {
                return Ok(false);
            }
            source.read_exact(others)?;
            if is_skippable(magic) {
                let mut size = [0; 4];
                source.read_exact(&mut size)?;
                let size = u64::from(u32::from_le_bytes(size));
                io::copy(&mut source.by_ref().take(size), &mut io::sink())?;
                continue;
            }
            let all = Cursor::new(magic).chain(source);
            self.frame = Some(StreamingDecoder::new(all).map_err(io::Error::other)?);
            return Ok(true);
        }
    }
}

impl<R: Read> Read for Zstd<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                match frame.read(into)? {
                    0 => {
                        let ended = self.frame.take().map(StreamingDecoder::into_inner);
                        self.source = ended.map(|all| all.into_inner().1);
                    }
                    got => return Ok(got),
                }
            }
            if !self.open()? {
                return Ok(0);
            }
        }
    }
}
