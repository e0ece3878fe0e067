//! HTTP/2 and HTTP/3: error codes by name and number, and what h2 and nghttp2 say.

use super::words::Says::{Alone, At, Code, Is, Perhaps};
use super::words::letters;
use super::words::{Name, Phrase, words};
use crate::evidence::Sign;
use crate::evidence::Sign::{
    ClientGone, Closed, Exhausted, GoAway, HandshakeFailed, InternalError, Malformed,
    NothingInCommon, ProtocolMismatch, Refused, Reset, StreamReset, TimedOut, Unreachable,
};
use crate::scan::number;
use crate::vocabulary::Phase;
use crate::vocabulary::Phase::{Client, Connect, ResponseHeaders};

/// What libraries say of streams and connections.
pub(crate) const TEXTS: &[Phrase] = &[
    words("aborted by peer", Perhaps(Reset, ResponseHeaders)),
    words("cids exhausted", Is(Exhausted)),
    words("closed after goaway", Is(GoAway)),
    words("closed by peer", Perhaps(Closed, ResponseHeaders)),
    words("connection error detected", Perhaps(Malformed, ResponseHeaders)),
    words("connection error detected: frame with invalid size", Is(ProtocolMismatch)),
    words("connection error received", Is(GoAway)),
    words("connection error sent by user", Is(InternalError)),
    words("connection error: ", Code),
    words("detected excessive load generating behavior", Is(StreamReset)),
    words("endpoint requires http/1.1", Is(ProtocolMismatch)),
    words("flooding was detected in this http/2 session", Is(StreamReset)),
    words("flow-control protocol violated", Perhaps(Malformed, ResponseHeaders)),
    words("frame with invalid size", At(Malformed, ResponseHeaders)),
    words("goaway", Alone(GoAway, None)),
    words("goaway frame", Is(GoAway)),
    words("goaway from", Is(GoAway)),
    words("goaway received", Is(GoAway)),
    words("goaway with", Is(GoAway)),
    words("got goaway", Is(GoAway)),
    words("got rst stream", Is(StreamReset)),
    words("graceful shutdown goaway", Is(GoAway)),
    words("h3 error: ", Code),
    words("http/2 error: ", Code),
    words("invalid http header field was received", At(Malformed, ResponseHeaders)),
    words("not a result of an error", Perhaps(Closed, ResponseHeaders)),
    words("peer doesn't implement any supported version", Is(ProtocolMismatch)),
    words("pri * http/2.0", Is(ProtocolMismatch)),
    words("received a goaway", Is(GoAway)),
    words("received frame when stream half-closed", Perhaps(Malformed, ResponseHeaders)),
    words("received goaway", Is(GoAway)),
    words("received rst stream", Is(StreamReset)),
    words("refused stream before processing any application logic", Is(StreamReset)),
    words(
        "remote peer returned unexpected data while we expected settings frame",
        Is(ProtocolMismatch),
    ),
    words("request was refused", Alone(StreamReset, None)),
    words("reset by peer", Alone(Reset, None)),
    words("rst stream", Alone(StreamReset, None)),
    words("rst stream error", Is(StreamReset)),
    words("rst stream frame", Is(StreamReset)),
    words("rst stream received", Is(StreamReset)),
    words("rst stream with", Is(StreamReset)),
    words("rst stream:", Is(StreamReset)),
    words("security properties do not meet minimum requirements", Is(NothingInCommon)),
    words("sent goaway", Is(GoAway)),
    words("settings ack not received in timely manner", At(TimedOut, ResponseHeaders)),
    words("stream error detected", At(Malformed, ResponseHeaders)),
    words("stream error received", Is(StreamReset)),
    words("stream error sent by user", At(ClientGone, Client)),
    words("stream error: stream id", Is(StreamReset)),
    words("stream no longer needed", Is(StreamReset)),
    words("stream was reset", Is(StreamReset)),
    words("terminated by rst stream", Is(StreamReset)),
    words("the user callback function failed", Is(InternalError)),
    words("unable to maintain the header compression context", At(Malformed, ResponseHeaders)),
    words("unexpected internal error encountered", Perhaps(StreamReset, ResponseHeaders)),
    words("unspecific protocol error detected", Perhaps(Malformed, ResponseHeaders)),
    words("violation in http messaging rule", At(Malformed, ResponseHeaders)),
];

/// Names of codes that nothing else is called.
pub(crate) const NAMES: &[Name] = &[
    ("AEAD_LIMIT_REACHED", At(Reset, ResponseHeaders)),
    ("COMPRESSION_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("CONNECTION_ID_LIMIT_ERROR", At(Malformed, ResponseHeaders)),
    ("CONNECTION_REFUSED", At(Refused, Connect)),
    ("CRYPTO_BUFFER_EXCEEDED", Is(HandshakeFailed)),
    ("CRYPTO_ERROR", Is(HandshakeFailed)),
    ("ENHANCE_YOUR_CALM", Is(StreamReset)),
    ("FINAL_SIZE_ERROR", At(Malformed, ResponseHeaders)),
    ("FLOW_CONTROL_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("FRAME_ENCODING_ERROR", At(Malformed, ResponseHeaders)),
    ("FRAME_SIZE_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("H3_CLOSED_CRITICAL_STREAM", Is(StreamReset)),
    ("H3_DATAGRAM_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("H3_EXCESSIVE_LOAD", Is(StreamReset)),
    ("H3_FRAME_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("H3_FRAME_UNEXPECTED", Perhaps(Malformed, ResponseHeaders)),
    ("H3_GENERAL_PROTOCOL_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("H3_ID_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("H3_INTERNAL_ERROR", Is(StreamReset)),
    ("H3_MESSAGE_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("H3_MISSING_SETTINGS", Perhaps(Malformed, ResponseHeaders)),
    ("H3_REQUEST_CANCELLED", Is(StreamReset)),
    ("H3_REQUEST_REJECTED", Is(StreamReset)),
    ("H3_SETTINGS_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("H3_STREAM_CREATION_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("H3_VERSION_FALLBACK", Is(ProtocolMismatch)),
    ("HTTP_1_1_REQUIRED", Is(ProtocolMismatch)),
    ("INADEQUATE_SECURITY", Is(NothingInCommon)),
    ("KEY_UPDATE_ERROR", At(Reset, ResponseHeaders)),
    ("NGHTTP2_ERR_PROTO", At(Malformed, ResponseHeaders)),
    ("NO_VIABLE_PATH", At(Unreachable, Connect)),
    ("PROTOCOL_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("PROTOCOL_VIOLATION", At(Malformed, ResponseHeaders)),
    ("QPACK_DECODER_STREAM_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("QPACK_DECOMPRESSION_FAILED", Perhaps(Malformed, ResponseHeaders)),
    ("QPACK_ENCODER_STREAM_ERROR", Perhaps(Malformed, ResponseHeaders)),
    ("REFUSED_STREAM", Is(StreamReset)),
    ("SETTINGS_TIMEOUT", At(TimedOut, ResponseHeaders)),
    ("STREAM_CLOSED", Perhaps(Malformed, ResponseHeaders)),
    ("STREAM_LIMIT_ERROR", At(Malformed, ResponseHeaders)),
    ("STREAM_STATE_ERROR", At(Malformed, ResponseHeaders)),
    ("TRANSPORT_PARAMETER_ERROR", Is(HandshakeFailed)),
    ("VERSION_NEGOTIATION_ERROR", Is(ProtocolMismatch)),
];

/// The codes of HTTP/2 (RFC 9113, section 7), HTTP/3 (RFC 9114, section 8.1) and QPACK.
const CODES: &[(&str, u32)] = &[
    ("nghttp2noerror", 0x00),
    ("noerror", 0x00),
    ("protocolerror", 0x01),
    ("internalerror", 0x02),
    ("flowcontrolerror", 0x03),
    ("settingstimeout", 0x04),
    ("streamclosed", 0x05),
    ("framesizeerror", 0x06),
    ("refusedstream", 0x07),
    ("cancel", 0x08),
    ("compressionerror", 0x09),
    ("connecterror", 0x0a),
    ("enhanceyourcalm", 0x0b),
    ("inadequatesecurity", 0x0c),
    ("http11required", 0x0d),
    ("h3datagramerror", 0x33),
    ("h3noerror", 0x0100),
    ("h3generalprotocolerror", 0x0101),
    ("h3internalerror", 0x0102),
    ("h3streamcreationerror", 0x0103),
    ("h3closedcriticalstream", 0x0104),
    ("h3frameunexpected", 0x0105),
    ("h3frameerror", 0x0106),
    ("h3excessiveload", 0x0107),
    ("h3iderror", 0x0108),
    ("h3settingserror", 0x0109),
    ("h3missingsettings", 0x010a),
    ("h3requestrejected", 0x010b),
    ("h3requestcancelled", 0x010c),
    ("h3requestincomplete", 0x010d),
    ("h3messageerror", 0x010e),
    ("h3connecterror", 0x010f),
    ("h3versionfallback", 0x0110),
    ("qpackdecompressionfailed", 0x0200),
    ("qpackencoderstreamerror", 0x0201),
    ("qpackdecoderstreamerror", 0x0202),
];

/// What a code means that tells why a connection or a stream ended, whoever sent it; and where.
pub(crate) const fn sign(code: u32) -> (Sign, Option<Phase>) {
    match code {
        // Nothing was wrong: the peer goes.
        0x00 | 0x0100 => (Sign::Closed, Some(Phase::ResponseHeaders)),
        0x01
        | 0x03
        | 0x05
        | 0x06
        | 0x09
        | 0x33
        | 0x0101
        | 0x0103
        | 0x0105
        | 0x0106
        | 0x0108..=0x010a
        | 0x010e
        | 0x0200..=0x0202 => (Sign::Malformed, Some(Phase::ResponseHeaders)),
        0x04 => (Sign::TimedOut, Some(Phase::ResponseHeaders)),
        0x0a | 0x010f => (Sign::Failed, Some(Phase::Connect)),
        0x0c => (Sign::NothingInCommon, None),
        0x0d | 0x0110 => (Sign::ProtocolMismatch, None),
        0x010d => (Sign::Failed, Some(Phase::Request)),
        _ => (Sign::StreamReset, None),
    }
}

/// The code that a text names on its line, by name or by number: `(error 0x7 REFUSED_STREAM)`,
/// `stream ID 5; CANCEL`, `ErrCode=NO_ERROR`, `with error code 8`.
pub(crate) fn code(text: &[u8]) -> Option<u32> {
    const FARTHEST: usize = 160;
    let near = text.get(..FARTHEST).unwrap_or(text);
    let line = near.split(|byte| *byte == b'\n').next()?;
    let parts = line.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    let mut coded = false;
    for part in parts.filter(|part| !part.is_empty()) {
        if let Some(code) = named(part) {
            return Some(code);
        }
        let hex = part.strip_prefix(b"0x").and_then(|digits| core::str::from_utf8(digits).ok());
        if let Some(code) = hex.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            return Some(code);
        }
        if coded {
            if let Some(code) = number::whole(part) {
                return u32::try_from(code).ok();
            }
        }
        coded = part.eq_ignore_ascii_case(b"code")
            || part.eq_ignore_ascii_case(b"err")
            || part.eq_ignore_ascii_case(b"error");
    }
    None
}

fn named(part: &[u8]) -> Option<u32> {
    // A name has an underscore, or is one of the words that have none.
    if !part.contains(&b'_') && part != b"CANCEL" {
        return None;
    }
    let mut small = [0; 32];
    let len = letters(part, &mut small);
    let name = small.get(..len)?;
    CODES.iter().find(|(code, _)| code.as_bytes() == name).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_by_name_and_number() {
        for (text, number) in [
            ("; REFUSED_STREAM; received from peer", Some(7)),
            (" 1 was not closed cleanly: INTERNAL_ERROR (err 2)", Some(2)),
            (" with error code 8", Some(8)),
            (" by server (error 0xb ENHANCE_YOUR_CALM)", Some(11)),
            (" and closed the connection; LastStreamID=7, ErrCode=NO_ERROR", Some(0)),
            (" 5 times", None),
            ("\nCANCEL", None),
        ] {
            assert_eq!(code(text.as_bytes()), number, "{text}");
        }
    }
}
