//! Error numbers of operating systems. The phase decides what one means for an exchange.

use crate::evidence::Sign;
use crate::scan::words;

/// What an error number proves of a network operation; `None` where it is not known.
///
/// The numbers of Linux, of BSD and macOS, and of Windows' sockets together: where one number has
/// two meanings (54 is EXFULL on Linux and ECONNRESET on BSD), a network operation can only give
/// one of them.
pub(crate) const fn network(number: u32) -> Option<Sign> {
    Some(match number {
        // EPERM, EACCES
        1 | 13 | 10013 => Sign::Forbidden,
        // ENOENT: a Unix socket that is not there
        2 => Sign::Missing,
        // EAGAIN: the backlog of a Unix socket is full
        11 | 35 => Sign::Busy,
        // ENOMEM, ENOBUFS
        12 | 55 | 105 | 10055 => Sign::OutOfMemory,
        // ENFILE, EMFILE
        23 | 24 | 10024 => Sign::OutOfDescriptors,
        // ENOSPC, EDQUOT
        28 | 122 => Sign::OutOfDisk,
        // EPIPE, ENOTCONN
        32 | 57 | 107 => Sign::BrokenPipe,
        // EADDRINUSE, EADDRNOTAVAIL
        48 | 49 | 98 | 99 | 10048 | 10049 => Sign::OutOfPorts,
        // ECONNABORTED, ECONNRESET
        53 | 54 | 103 | 104 | 10053 | 10054 => Sign::Reset,
        // ETIMEDOUT
        60 | 110 | 10060 => Sign::TimedOut,
        // ECONNREFUSED
        61 | 111 | 10061 => Sign::Refused,
        // ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET
        50 | 51 | 64 | 65 | 100 | 101 | 112 | 113 | 10050 | 10051 | 10064 | 10065 => {
            Sign::Unreachable
        }
        // EINVAL, EAFNOSUPPORT, EPROTONOSUPPORT
        22 | 93 | 97 => Sign::AddressInvalid,
        _ => return None,
    })
}

/// The texts of `strerror` that network operations give, with Linux's numbers; those of musl and BSD
/// where they differ.
const TEXTS: &[(&str, u32)] = &[
    ("Operation not permitted", 1),
    ("No such file or directory", 2),
    ("Resource temporarily unavailable", 11),
    ("Cannot allocate memory", 12),
    ("Out of memory", 12),
    ("Permission denied", 13),
    ("Invalid argument", 22),
    ("Too many open files in system", 23),
    ("Too many open files", 24),
    ("No file descriptors available", 24),
    ("No space left on device", 28),
    ("Broken pipe", 32),
    ("Protocol not supported", 93),
    ("Address family not supported by protocol", 97),
    ("Address already in use", 98),
    ("Address in use", 98),
    ("Cannot assign requested address", 99),
    ("Can't assign requested address", 99),
    ("Address not available", 99),
    ("Network is down", 100),
    ("Network is unreachable", 101),
    ("Network unreachable", 101),
    ("Software caused connection abort", 103),
    ("Connection reset by peer", 104),
    ("No buffer space available", 105),
    ("Connection timed out", 110),
    ("Operation timed out", 110),
    ("Connection refused", 111),
    ("Host is down", 112),
    ("No route to host", 113),
    ("Host is unreachable", 113),
];

/// The error number of the words that a text begins with, in any letter case, with blanks or `_`.
pub(crate) fn by_text(text: &[u8]) -> Option<u32> {
    let begins = |(words, _): &&(&str, u32)| words::after(text, words).is_some();
    TEXTS.iter().find(begins).map(|(_, number)| *number)
}

/// What an error number proves of an operation on a file of the gateway's own.
pub(crate) const fn file(number: u32) -> Option<Sign> {
    Some(match number {
        1 | 13 => Sign::FileForbidden,
        12 => Sign::OutOfMemory,
        23 | 24 => Sign::OutOfDescriptors,
        28 | 69 | 122 => Sign::OutOfDisk,
        // A file that was asked for and is not there: an answer of 404.
        2 | 20 | 21 | 36 => Sign::Harmless,
        _ => return None,
    })
}

/// What an error number proves of an operation on a file that a request asked for: what its reader
/// may not see, and a symbolic link that may not be followed, are answers of 403.
pub(crate) const fn asked_file(number: u32) -> Option<Sign> {
    match number {
        // EACCES; EMLINK and ELOOP, which a link that must not be followed gives
        13 | 31 | 40 | 62 => Some(Sign::Denied),
        _ => file(number),
    }
}

/// What an [`std::io::ErrorKind`] says where the error has no number.
#[cfg(feature = "std")]
pub(crate) fn kind(kind: std::io::ErrorKind) -> Option<Sign> {
    use std::io::ErrorKind as Kind;
    Some(match kind {
        Kind::ConnectionRefused => Sign::Refused,
        Kind::ConnectionReset | Kind::ConnectionAborted => Sign::Reset,
        Kind::TimedOut | Kind::WouldBlock => Sign::TimedOut,
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => Sign::Unreachable,
        Kind::PermissionDenied => Sign::Forbidden,
        Kind::NotFound => Sign::Missing,
        Kind::AddrInUse | Kind::AddrNotAvailable => Sign::OutOfPorts,
        Kind::BrokenPipe | Kind::NotConnected => Sign::BrokenPipe,
        Kind::UnexpectedEof => Sign::Closed,
        Kind::InvalidInput | Kind::Unsupported => Sign::AddressInvalid,
        Kind::InvalidData => Sign::Malformed,
        Kind::OutOfMemory => Sign::OutOfMemory,
        Kind::StorageFull | Kind::QuotaExceeded => Sign::OutOfDisk,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_on_three_systems() {
        for (numbers, sign) in [
            ([111, 61, 10061], Sign::Refused),
            ([104, 54, 10054], Sign::Reset),
            ([110, 60, 10060], Sign::TimedOut),
            ([113, 65, 10065], Sign::Unreachable),
            ([99, 49, 10049], Sign::OutOfPorts),
        ] {
            for number in numbers {
                assert_eq!(network(number), Some(sign), "{number}");
            }
        }
        assert_eq!(network(9999), None);
        assert_eq!(by_text(b"no_route_to_host"), Some(113));
        assert_eq!(by_text(b"Too many open files in system"), Some(23));
        assert_eq!(by_text(b"Connection"), None);
        assert_eq!(file(2), Some(Sign::Harmless));
    }

    #[test]
    fn a_file_that_was_asked_for_is_denied_where_the_gateways_own_is_forbidden() {
        for (number, own, asked) in [
            (13, Some(Sign::FileForbidden), Some(Sign::Denied)),
            (40, None, Some(Sign::Denied)),
            (1, Some(Sign::FileForbidden), Some(Sign::FileForbidden)),
            (24, Some(Sign::OutOfDescriptors), Some(Sign::OutOfDescriptors)),
            (28, Some(Sign::OutOfDisk), Some(Sign::OutOfDisk)),
            (2, Some(Sign::Harmless), Some(Sign::Harmless)),
            (5, None, None),
        ] {
            assert_eq!((file(number), asked_file(number)), (own, asked), "{number}");
        }
    }
}
