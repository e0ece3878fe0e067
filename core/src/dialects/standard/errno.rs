//! Error numbers of operating systems. The phase decides what one means for an exchange.

use super::words::Says::{Alone, Errno, Is, Perhaps, What};
use super::words::{Name, Phrase, around, words};
use crate::evidence::Sign;
use crate::evidence::Sign::BrokenPipe;
use crate::evidence::Sign::{
    AddressInvalid, Busy, CertificateExpired, CertificateInvalid, CertificateNameMismatch,
    CertificateUntrusted, ClientCertificateRejected, ClientGone, Failed, Forbidden,
    HandshakeFailed, Harmless, InternalError, Malformed, Missing, NothingInCommon,
    OutOfDescriptors, OutOfDisk, OutOfMemory, OutOfPorts, Refused, Reset, TimedOut, TlsNotSpoken,
    Unreachable,
};
use crate::vocabulary::Phase;
use crate::vocabulary::Phase::{Connect, Request, ResponseHeaders, Tls};

/// The texts of glibc, musl, BSD and macOS, and Windows (those of `FormatMessage`, to where they are
/// told apart).
pub(crate) const TEXTS: &[Phrase] = &[
    words("a blocking operation is currently executing", Alone(Harmless, None)),
    words(
        "a blocking operation was interrupted by a call to wsacancelblockingcall",
        Alone(Harmless, None),
    ),
    words("a component of a name was too long", Alone(AddressInvalid, None)),
    words("a connect request was made on an already connected socket", Alone(Harmless, None)),
    words(
        "a connection attempt failed because the connected party did not properly",
        What(TimedOut, Some(Connect)),
    ),
    around(
        "a connection attempt failed because the connected party did not properly",
        "{} failed to respond",
        What(TimedOut, Some(Connect)),
    ),
    words("a message sent on a datagram socket was larger", What(Failed, Some(Request))),
    words(
        "a non-blocking socket operation could not be completed immediately",
        What(Busy, Some(Connect)),
    ),
    words("a protocol was specified in the socket function call", What(AddressInvalid, None)),
    words(
        "a request to send or receive data was disallowed because the socket",
        What(BrokenPipe, Some(Request)),
    ),
    words(
        "a required address was omitted from an operation on a socket",
        What(AddressInvalid, None),
    ),
    words("a socket operation encountered a dead network", What(Unreachable, Some(Connect))),
    words(
        "a socket operation failed because the destination host was down",
        What(Unreachable, Some(Connect)),
    ),
    words("a socket operation was attempted to an unreachable", What(Unreachable, Some(Connect))),
    words("address already in use", What(OutOfPorts, None)),
    words("address family not supported", What(AddressInvalid, None)),
    words("address in use", Alone(OutOfPorts, None)),
    words("address not available", What(OutOfPorts, None)),
    words(
        "an address incompatible with the requested protocol was used",
        What(AddressInvalid, None),
    ),
    words(
        "an attempt was made to access a socket in a way forbidden",
        What(Forbidden, Some(Connect)),
    ),
    words(
        "an established connection was aborted by the software in your host machine",
        What(Reset, None),
    ),
    words("an existing connection was forcibly closed by the remote host", What(Reset, None)),
    words("an invalid argument was supplied", Alone(AddressInvalid, None)),
    words(
        "an operation on a socket could not be performed because the system lacked",
        What(OutOfMemory, None),
    ),
    words(
        "an operation was attempted on a non-blocking socket that already had an operation in progress",
        Alone(Harmless, None),
    ),
    words(
        "an operation was attempted on something that is not a socket",
        What(AddressInvalid, None),
    ),
    words("bad file descriptor", Alone(InternalError, None)),
    words("broken pipe", What(BrokenPipe, Some(Request))),
    words("can't assign requested address", What(OutOfPorts, None)),
    words("can't send after socket shutdown", What(BrokenPipe, Some(Request))),
    words("cannot allocate memory", What(OutOfMemory, None)),
    words("cannot assign requested address", What(OutOfPorts, None)),
    words("cannot send after socket shutdown", What(BrokenPipe, Some(Request))),
    words("cannot send after transport endpoint shutdown", What(BrokenPipe, Some(Request))),
    words("connected host has failed to respond", What(TimedOut, Some(Connect))),
    words("connection aborted", Perhaps(Reset, ResponseHeaders)),
    words("connection refused", What(Refused, Some(Connect))),
    words("connection reset", What(Reset, None)),
    words("connection reset by network", What(Reset, None)),
    words("connection reset by peer", What(Reset, None)),
    words("connection timed out", What(TimedOut, Some(Connect))),
    words("connection was reset", What(Reset, None)),
    words("destination address required", What(AddressInvalid, None)),
    words("disc quota exceeded", What(OutOfDisk, None)),
    words("disk quota exceeded", What(OutOfDisk, None)),
    words("errno ", Errno),
    words("file name too long", Alone(AddressInvalid, None)),
    words("filename too long", Alone(AddressInvalid, None)),
    words("forcibly closed by the remote host", What(Reset, None)),
    words("host is down", What(Unreachable, Some(Connect))),
    words("host is unreachable", What(Unreachable, Some(Connect))),
    words("host unreachable", What(Unreachable, Some(Connect))),
    words("i/o error", Alone(InternalError, None)),
    words("input/output error", Alone(InternalError, None)),
    words("interrupted system call", Alone(Harmless, None)),
    words("invalid argument", Alone(AddressInvalid, None)),
    words("link has been severed", What(Unreachable, Some(Connect))),
    words("message too large", What(Failed, Some(Request))),
    words("message too long", What(Failed, Some(Request))),
    words("network dropped connection on reset", What(Reset, None)),
    words("network is down", What(Unreachable, Some(Connect))),
    words("network is unreachable", What(Unreachable, Some(Connect))),
    words("network unreachable", What(Unreachable, Some(Connect))),
    words("no buffer space available", What(OutOfMemory, None)),
    words(
        "no connection could be made because the target machine actively refused it",
        What(Refused, Some(Connect)),
    ),
    words("no file descriptors available", What(OutOfDescriptors, None)),
    words("no route to host", What(Unreachable, Some(Connect))),
    words("no space left on device", What(OutOfDisk, None)),
    words("no such file or directory", Alone(Missing, Some(Connect))),
    words("not a directory", Alone(Missing, Some(Connect))),
    words("not a socket", Alone(AddressInvalid, None)),
    words("only one usage of each socket address", What(OutOfPorts, None)),
    words("operation already in progress", Alone(Harmless, None)),
    words("operation canceled", What(ClientGone, None)),
    words("operation in progress", Alone(Harmless, None)),
    words("operation not permitted", Alone(Forbidden, Some(Connect))),
    words("operation now in progress", Alone(Harmless, None)),
    words("operation timed out", What(TimedOut, None)),
    words("os error ", Errno),
    words("out of memory", Alone(OutOfMemory, None)),
    words("permission denied", Alone(Forbidden, Some(Connect))),
    words("protocol error", Alone(Malformed, Some(ResponseHeaders))),
    words("protocol not supported", Alone(AddressInvalid, None)),
    words("protocol wrong type for socket", What(AddressInvalid, None)),
    words("quota exceeded", Alone(OutOfDisk, None)),
    words("ran out of disk quota", What(OutOfDisk, None)),
    words("resource temporarily unavailable", Alone(Busy, Some(Connect))),
    words("socket is already connected", Alone(Harmless, None)),
    words("socket is connected", Alone(Harmless, None)),
    words("socket is not connected", What(BrokenPipe, Some(Request))),
    words("socket not connected", What(BrokenPipe, Some(Request))),
    words("socket operation on non-socket", What(AddressInvalid, None)),
    words("software caused connection abort", What(Reset, None)),
    words("the connection has been broken due to keep-alive activity", What(Reset, None)),
    words("the file handle supplied is not valid", What(InternalError, None)),
    words("the remote computer refused the network connection", What(Refused, Some(Connect))),
    words("the requested address is not valid in its context", What(OutOfPorts, None)),
    words(
        "the requested protocol has not been configured into the system",
        What(AddressInvalid, None),
    ),
    words("the semaphore timeout period has expired", What(TimedOut, Some(Connect))),
    words("the specified network name is no longer available", What(Reset, None)),
    words("too many open files", What(OutOfDescriptors, None)),
    words("too many open sockets", What(OutOfDescriptors, None)),
    words("transport endpoint is already connected", Alone(Harmless, None)),
    words("transport endpoint is not connected", What(BrokenPipe, Some(Request))),
    words("winerror ", Errno),
];

/// The names of the numbers, and of Windows' own.
pub(crate) const NAMES: &[Name] = &[
    ("CERT_E_CN_NO_MATCH", Is(CertificateNameMismatch)),
    ("CERT_E_EXPIRED", Is(CertificateExpired)),
    ("CERT_E_UNTRUSTEDROOT", Is(CertificateUntrusted)),
    ("CRYPT_E_NO_REVOCATION_CHECK", Is(CertificateInvalid)),
    ("EACCES", What(Forbidden, Some(Connect))),
    ("EADDRINUSE", What(OutOfPorts, None)),
    ("EADDRNOTAVAIL", What(OutOfPorts, None)),
    ("EAFNOSUPPORT", What(AddressInvalid, None)),
    ("EAGAIN", What(Busy, Some(Connect))),
    ("EALREADY", Alone(Harmless, None)),
    ("EBADF", What(InternalError, None)),
    ("ECANCELED", What(ClientGone, None)),
    ("ECONNABORTED", What(Reset, None)),
    ("ECONNREFUSED", What(Refused, Some(Connect))),
    ("ECONNRESET", What(Reset, None)),
    ("EDESTADDRREQ", What(AddressInvalid, None)),
    ("EDQUOT", What(OutOfDisk, None)),
    ("EHOSTDOWN", What(Unreachable, Some(Connect))),
    ("EHOSTUNREACH", What(Unreachable, Some(Connect))),
    ("EINPROGRESS", Alone(Harmless, None)),
    ("EINTR", Alone(Harmless, None)),
    ("EINVAL", What(AddressInvalid, None)),
    ("EIO", What(InternalError, None)),
    ("EISCONN", Alone(Harmless, None)),
    ("EMFILE", What(OutOfDescriptors, None)),
    ("EMSGSIZE", What(Failed, Some(Request))),
    ("ENAMETOOLONG", What(AddressInvalid, None)),
    ("ENETDOWN", What(Unreachable, Some(Connect))),
    ("ENETRESET", What(Reset, None)),
    ("ENETUNREACH", What(Unreachable, Some(Connect))),
    ("ENFILE", What(OutOfDescriptors, None)),
    ("ENOBUFS", What(OutOfMemory, None)),
    ("ENOENT", What(Missing, Some(Connect))),
    ("ENOLINK", What(Unreachable, Some(Connect))),
    ("ENOMEM", What(OutOfMemory, None)),
    ("ENOSPC", What(OutOfDisk, None)),
    ("ENOTCONN", What(BrokenPipe, Some(Request))),
    ("ENOTDIR", What(Missing, Some(Connect))),
    ("ENOTSOCK", What(AddressInvalid, None)),
    ("EPERM", What(Forbidden, Some(Connect))),
    ("EPIPE", What(BrokenPipe, Some(Request))),
    ("EPROTO", Perhaps(HandshakeFailed, Tls)),
    ("EPROTONOSUPPORT", What(AddressInvalid, None)),
    ("EPROTOTYPE", What(AddressInvalid, None)),
    ("ERROR_CONNECTION_ABORTED", What(Reset, None)),
    ("ERROR_CONNECTION_REFUSED", What(Refused, Some(Connect))),
    ("ERROR_HOST_UNREACHABLE", What(Unreachable, Some(Connect))),
    ("ERROR_NETNAME_DELETED", What(Reset, None)),
    ("ERROR_NETWORK_UNREACHABLE", What(Unreachable, Some(Connect))),
    ("ERROR_PORT_UNREACHABLE", What(Refused, Some(Connect))),
    ("ERROR_SEM_TIMEOUT", What(TimedOut, Some(Connect))),
    ("ESHUTDOWN", What(BrokenPipe, Some(Request))),
    ("ESOCKETTIMEDOUT", What(TimedOut, Some(ResponseHeaders))),
    ("ETIMEDOUT", What(TimedOut, Some(Connect))),
    ("SEC_E_ALGORITHM_MISMATCH", Is(NothingInCommon)),
    ("SEC_E_CERT_EXPIRED", Is(CertificateExpired)),
    ("SEC_E_CERT_UNKNOWN", Is(CertificateInvalid)),
    ("SEC_E_ILLEGAL_MESSAGE", Is(HandshakeFailed)),
    ("SEC_E_INVALID_TOKEN", Is(TlsNotSpoken)),
    ("SEC_E_UNTRUSTED_ROOT", Is(CertificateUntrusted)),
    ("SEC_E_WRONG_PRINCIPAL", Is(CertificateNameMismatch)),
    ("SEC_I_INCOMPLETE_CREDENTIALS", Is(ClientCertificateRejected)),
    ("WSAEACCES", What(Forbidden, Some(Connect))),
    ("WSAEADDRINUSE", What(OutOfPorts, None)),
    ("WSAEADDRNOTAVAIL", What(OutOfPorts, None)),
    ("WSAEAFNOSUPPORT", What(AddressInvalid, None)),
    ("WSAEALREADY", Alone(Harmless, None)),
    ("WSAEBADF", What(InternalError, None)),
    ("WSAECONNABORTED", What(Reset, None)),
    ("WSAECONNREFUSED", What(Refused, Some(Connect))),
    ("WSAECONNRESET", What(Reset, None)),
    ("WSAEDESTADDRREQ", What(AddressInvalid, None)),
    ("WSAEDQUOT", What(OutOfDisk, None)),
    ("WSAEHOSTDOWN", What(Unreachable, Some(Connect))),
    ("WSAEHOSTUNREACH", What(Unreachable, Some(Connect))),
    ("WSAEINPROGRESS", Alone(Harmless, None)),
    ("WSAEINTR", Alone(Harmless, None)),
    ("WSAEINVAL", What(AddressInvalid, None)),
    ("WSAEISCONN", Alone(Harmless, None)),
    ("WSAEMFILE", What(OutOfDescriptors, None)),
    ("WSAEMSGSIZE", What(Failed, Some(Request))),
    ("WSAENAMETOOLONG", What(AddressInvalid, None)),
    ("WSAENETDOWN", What(Unreachable, Some(Connect))),
    ("WSAENETRESET", What(Reset, None)),
    ("WSAENETUNREACH", What(Unreachable, Some(Connect))),
    ("WSAENOBUFS", What(OutOfMemory, None)),
    ("WSAENOTCONN", What(BrokenPipe, Some(Request))),
    ("WSAENOTSOCK", What(AddressInvalid, None)),
    ("WSAEPROTONOSUPPORT", What(AddressInvalid, None)),
    ("WSAEPROTOTYPE", What(AddressInvalid, None)),
    ("WSAESHUTDOWN", What(BrokenPipe, Some(Request))),
    ("WSAETIMEDOUT", What(TimedOut, Some(Connect))),
    ("WSAEWOULDBLOCK", What(Busy, Some(Connect))),
    ("WSA_E_CANCELLED", What(ClientGone, None)),
];

/// Where a sign of the operating system mostly happens, where nothing tells.
pub(crate) const fn usual_phase(sign: Sign) -> Option<Phase> {
    match sign {
        Sign::Refused
        | Sign::TimedOut
        | Sign::Unreachable
        | Sign::Forbidden
        | Sign::Missing
        | Sign::Busy => Some(Phase::Connect),
        Sign::BrokenPipe | Sign::Failed => Some(Phase::Request),
        Sign::Malformed => Some(Phase::ResponseHeaders),
        _ => None,
    }
}

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
        2 | 20 => Sign::Missing,
        // EAGAIN: the backlog of a Unix socket is full
        11 | 35 | 10035 => Sign::Busy,
        // ENOMEM, ENOBUFS
        12 | 55 | 105 | 10055 => Sign::OutOfMemory,
        // ENFILE, EMFILE
        23 | 24 | 10024 => Sign::OutOfDescriptors,
        // ENOSPC, EDQUOT
        28 | 122 | 10069 => Sign::OutOfDisk,
        // EMSGSIZE
        40 | 90 | 10040 => Sign::Failed,
        // EBADF, EIO
        5 | 9 | 10009 => Sign::InternalError,
        // ECANCELED
        125 => Sign::ClientGone,
        // EPROTO
        71 => Sign::Malformed,
        // EPIPE, ENOTCONN, ESHUTDOWN
        32 | 57 | 58 | 107 | 108 | 10057 | 10058 => Sign::BrokenPipe,
        // EADDRINUSE, EADDRNOTAVAIL
        48 | 49 | 98 | 99 | 10048 | 10049 => Sign::OutOfPorts,
        // ECONNABORTED, ECONNRESET
        // ENETRESET
        52 | 53 | 54 | 102 | 103 | 104 | 10052 | 10053 | 10054 => Sign::Reset,
        // ETIMEDOUT
        60 | 110 | 10060 => Sign::TimedOut,
        // ECONNREFUSED
        61 | 111 | 10061 => Sign::Refused,
        // ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET
        50 | 51 | 64 | 65 | 67 | 100 | 101 | 112 | 113 | 10050 | 10051 | 10064 | 10065 => {
            Sign::Unreachable
        }
        // EINVAL, ENAMETOOLONG, ENOTSOCK, EDESTADDRREQ, EPROTOTYPE, EPROTONOSUPPORT, EAFNOSUPPORT
        22 | 36 | 38 | 39 | 88 | 89 | 91 | 93 | 97 | 10022 | 10038 | 10039 | 10041 | 10043
        | 10047 | 10063 => Sign::AddressInvalid,
        _ => return None,
    })
}

/// The texts of `strerror` that network operations give, with Linux's numbers; those of musl and BSD
/// where they differ.
const NUMBERS: &[(&str, u32)] = &[
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
    let begins = |(words, _): &&(&str, u32)| crate::scan::words::after(text, words).is_some();
    NUMBERS.iter().find(begins).map(|(_, number)| *number)
}

/// The error number of words that are all of a text, in the letter case of the system's.
pub(crate) fn by_whole_text(text: &[u8]) -> Option<u32> {
    NUMBERS.iter().find(|(words, _)| text == words.as_bytes()).map(|(_, number)| *number)
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
