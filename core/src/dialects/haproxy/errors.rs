//! Connection errors: the codes of `fc_err` and `bc_err`, their names (3.1) and their messages.
//!
//! From include/haproxy/connection-t.h and src/connection.c, 3.5-dev5. The numbers above 43 moved by
//! one in 3.4; those of the releases before it are read, and a name or a message beside the number
//! has the last word.

use crate::dialects::standard::tls;
use crate::evidence::Sign;
use crate::scan::{self, number, phrase};
use crate::vocabulary::Phase;

/// One error.
#[derive(Debug)]
pub(super) struct Error {
    /// What HAProxy writes for it.
    pub(super) message: &'static str,
    /// Its name since 3.1.
    pub(super) name: &'static str,
    /// Its number; 0 where it had none before 3.4.
    pub(super) number: u8,
    /// What it proves of a connection to a server.
    pub(super) sign: Sign,
    pub(super) phase: Option<Phase>,
}

const fn error(
    number: u8,
    name: &'static str,
    message: &'static str,
    sign: Sign,
    phase: Option<Phase>,
) -> Error {
    Error { message, name, number, sign, phase }
}

use Phase::{Client, Connect, Request, ResponseHeaders, Tls};

/// Every error, sorted by its message.
#[rustfmt::skip]
pub(super) const ERRORS: &[Error] = &[
    error(0, "SSL_KEYUPDATE", "Aborted connection after a TLS 1.3 KeyUpdate flood", Sign::ClientInvalid, None),
    error(37, "SSL_NO_TARGET", "Attempt to use SSL on an unknown target (internal error)", Sign::InternalError, None),
    error(8, "CANT_BIND", "Can't bind to source address", Sign::OutOfPorts, None),
    error(24, "SSL_EMPTY", "Connection closed during SSL handshake", Sign::Closed, Some(Tls)),
    error(18, "CIP_EMPTY", "Connection closed while waiting for NetScaler Client IP header", Sign::ClientGone, None),
    error(11, "PRX_EMPTY", "Connection closed while waiting for PROXY protocol header", Sign::ClientGone, None),
    error(25, "SSL_ABORT", "Connection error during SSL handshake", Sign::Failed, Some(Tls)),
    error(19, "CIP_ABORT", "Connection error while waiting for NetScaler Client IP header", Sign::ClientGone, None),
    error(12, "PRX_ABORT", "Connection error while waiting for PROXY protocol header", Sign::ClientGone, None),
    error(50, "EBADF", "EBADF returned by OS", Sign::InternalError, None),
    error(46, "EREFUSED", "ECONNREFUSED returned by OS", Sign::Refused, Some(Connect)),
    error(47, "ERESET", "ECONNRESET returned by OS", Sign::Reset, Some(ResponseHeaders)),
    error(51, "EFAULT", "EFAULT returned by OS", Sign::InternalError, None),
    error(52, "EINVAL", "EINVAL returned by OS", Sign::InternalError, None),
    error(53, "ENCONN", "ENCONN returned by OS", Sign::Closed, Some(ResponseHeaders)),
    error(48, "EUNREACH", "ENETUNREACH returned by OS", Sign::Unreachable, Some(Connect)),
    error(55, "ENOBUFS", "ENOBUFS returned by OS", Sign::OutOfMemory, None),
    error(49, "ENOMEM", "ENOMEM returned by OS", Sign::OutOfMemory, None),
    error(54, "ENSOCK", "ENSOCK returned by OS", Sign::InternalError, None),
    error(56, "EPIPE", "EPIPE returned by OS", Sign::BrokenPipe, Some(Request)),
    error(0, "QMUX", "Error during QMux transport parameters initial exchange", Sign::HandshakeFailed, None),
    error(6, "SOCK_ERR", "General socket error", Sign::Failed, Some(Connect)),
    error(10, "ADDR_INUSE", "Local source address already in use", Sign::OutOfPorts, None),
    error(9, "FREE_PORTS", "Out of local source ports on the system", Sign::OutOfPorts, None),
    error(28, "SSL_NO_MEM", "Out of memory when initializing an SSL connection", Sign::OutOfMemory, None),
    error(4, "SYS_MEMLIM", "Out of system buffers", Sign::OutOfMemory, None),
    error(45, "POLLERR", "Poller reported POLLERR", Sign::Reset, Some(ResponseHeaders)),
    error(5, "NOPROTO", "Protocol or address family not supported", Sign::AddressInvalid, None),
    error(1, "CONF_FDLIM", "Reached configured maxconn value", Sign::OutOfConnections, None),
    error(22, "CIP_BAD_MAGIC", "Received an invalid NetScaler Client IP magic number", Sign::ClientProtocolMismatch, None),
    error(16, "PRX_BAD_HDR", "Received an invalid PROXY protocol header", Sign::ClientInvalid, None),
    error(23, "CIP_BAD_PROTO", "Received an unhandled protocol in the NetScaler Client IP header", Sign::ClientInvalid, None),
    error(17, "PRX_BAD_PROTO", "Received an unhandled protocol in the PROXY protocol header", Sign::ClientInvalid, None),
    error(15, "PRX_NOT_HDR", "Received something which does not look like a PROXY protocol header", Sign::ClientProtocolMismatch, None),
    error(29, "SSL_RENEG", "Rejected a client-initiated SSL renegotiation attempt", Sign::ClientInvalid, None),
    error(44, "REVERSE", "Reverse connect failure", Sign::Failed, Some(Connect)),
    error(41, "SOCKS4_DENY", "SOCKS4 Proxy deny the request", Sign::Forbidden, Some(Connect)),
    error(42, "SOCKS4_ABORT", "SOCKS4 Proxy handshake aborted by server", Sign::Failed, Some(Connect)),
    error(40, "SOCKS4_RECV", "SOCKS4 Proxy read error during handshake", Sign::Failed, Some(Connect)),
    error(39, "SOCKS4_SEND", "SOCKS4 Proxy write error during handshake", Sign::Failed, Some(Connect)),
    error(30, "SSL_CA_FAIL", "SSL client CA chain cannot be verified", Sign::CertificateUntrusted, None),
    error(31, "SSL_CRT_FAIL", "SSL client certificate not trusted", Sign::CertificateInvalid, None),
    error(43, "SSL_FATAL", "SSL fatal error", Sign::Reset, Some(ResponseHeaders)),
    error(34, "SSL_HANDSHAKE", "SSL handshake failure", Sign::HandshakeFailed, None),
    error(35, "SSL_HANDSHAKE_HB", "SSL handshake failure after heartbeat", Sign::HandshakeFailed, None),
    error(32, "SSL_MISMATCH", "Server presented an SSL certificate different from the configured one", Sign::CertificateNameMismatch, None),
    error(33, "SSL_MISMATCH_SNI", "Server presented an SSL certificate different from the expected one", Sign::CertificateNameMismatch, None),
    error(38, "SSL_EARLY_FAILED", "Server refused early data", Sign::HandshakeFailed, None),
    error(7, "PORT_RANGE", "Source port range exhausted", Sign::OutOfPorts, None),
    error(36, "SSL_KILLED_HB", "Stopped a TLSv1 heartbeat attack (CVE-2014-0160)", Sign::Denied, None),
    error(0, "", "Success", Sign::Harmless, None),
    error(26, "SSL_TIMEOUT", "Timeout during SSL handshake", Sign::TimedOut, Some(Tls)),
    error(13, "PRX_TIMEOUT", "Timeout while waiting for PROXY protocol header", Sign::TimedOut, Some(Client)),
    error(20, "CIP_TIMEOUT", "Timeout while waiting for a NetScaler Client IP header", Sign::TimedOut, Some(Client)),
    error(27, "SSL_TOO_MANY", "Too many SSL connections", Sign::OutOfConnections, None),
    error(2, "PROC_FDLIM", "Too many sockets on the process", Sign::OutOfDescriptors, None),
    error(3, "SYS_FDLIM", "Too many sockets on the system", Sign::OutOfDescriptors, None),
    error(21, "CIP_TRUNCATED", "Truncated NetScaler Client IP header received", Sign::ClientInvalid, None),
    error(14, "PRX_TRUNCATED", "Truncated PROXY protocol header received", Sign::ClientInvalid, None),
];

impl Error {
    /// The error that a text begins with.
    pub(super) fn of_message(text: &[u8]) -> Option<&'static Self> {
        let at = phrase::longest_prefix(text, ERRORS, |error| error.message.as_bytes())?;
        ERRORS.get(at)
    }

    /// The error of a name.
    pub(super) fn of_name(name: &[u8]) -> Option<&'static Self> {
        ERRORS.iter().find(|error| error.name.as_bytes() == name && !name.is_empty())
    }

    /// The error of a number, as releases before 3.4 count.
    pub(super) fn of_number(text: &[u8]) -> Option<&'static Self> {
        let number = u8::try_from(number::whole(text)?).ok()?;
        ERRORS.iter().find(|error| error.number == number && number > 0)
    }

    /// What it proves of a client: who shakes hands with HAProxy and fails is the client.
    pub(super) const fn of_client(&self) -> (Sign, Option<Phase>) {
        match (self.sign, self.phase) {
            (Sign::Closed | Sign::Failed | Sign::Reset | Sign::BrokenPipe, _) => {
                (Sign::ClientGone, None)
            }
            (Sign::TimedOut, _) => (Sign::TimedOut, Some(Client)),
            (
                Sign::HandshakeFailed
                | Sign::CertificateUntrusted
                | Sign::CertificateInvalid
                | Sign::CertificateNameMismatch,
                _,
            ) => (Sign::ClientInvalid, None),
            other => other,
        }
    }
}

/// What OpenSSL's error proves, as text or as the number that `ssl_bc_err` is: packed differently
/// by the releases before 3.0. With the number of an alert.
pub(super) fn openssl(text: &[u8]) -> Option<(Sign, Option<u32>)> {
    let text = text.strip_prefix(b"0x").unwrap_or(text);
    if text.is_empty() || !text.iter().all(u8::is_ascii_hexdigit) {
        return tls::openssl(text);
    }
    // Eight digits are hexadecimal, as a format that asks for them writes.
    let decimal = if text.len() == 8 { None } else { number::whole(text) };
    let packed = match decimal {
        Some(number) => u32::try_from(number).ok()?,
        None => u32::from_str_radix(core::str::from_utf8(text).ok()?, 16).ok()?,
    };
    const SSL: u32 = 20;
    let reason = match (packed >> 24, packed >> 23) {
        (SSL, _) => packed & 0xfff,
        (_, SSL) => packed & 0x7f_ffff,
        _ => return None,
    };
    Some(match reason {
        // Alerts that came are counted from a thousand.
        1000..=1255 => (tls::alert_from_upstream(reason - 1000), Some(reason - 1000)),
        134 => (Sign::CertificateInvalid, None),
        156 | 198 | 252 | 267 => (Sign::TlsNotSpoken, None),
        181 | 193 | 258 | 259 | 191 => (Sign::NothingInCommon, None),
        294 => (Sign::Closed, None),
        _ => (Sign::HandshakeFailed, None),
    })
}

/// What the words of the operating system prove, as checks and alerts quote them.
pub(super) fn strerror(text: &[u8]) -> Option<Sign> {
    const TEXTS: &[(&str, Sign)] = &[
        ("Address already in use", Sign::OutOfPorts),
        ("Address not available", Sign::OutOfPorts),
        ("Cannot allocate memory", Sign::OutOfMemory),
        ("Cannot assign requested address", Sign::OutOfPorts),
        ("Connection refused", Sign::Refused),
        ("Connection reset by peer", Sign::Reset),
        ("Connection timed out", Sign::TimedOut),
        ("Host is down", Sign::Unreachable),
        ("Host is unreachable", Sign::Unreachable),
        ("Network is down", Sign::Unreachable),
        ("Network is unreachable", Sign::Unreachable),
        ("Network unreachable", Sign::Unreachable),
        ("No buffer space available", Sign::OutOfMemory),
        ("No file descriptors available", Sign::OutOfDescriptors),
        ("No route to host", Sign::Unreachable),
        ("No such file or directory", Sign::Missing),
        ("Operation not permitted", Sign::Forbidden),
        ("Operation timed out", Sign::TimedOut),
        ("Permission denied", Sign::Forbidden),
        ("Resource temporarily unavailable", Sign::Busy),
        ("Too many open files", Sign::OutOfDescriptors),
    ];
    let found = TEXTS.iter().find(|(words, _)| scan::holds(text, words.as_bytes()));
    found.map(|(_, sign)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_sorted_and_numbers_are_there_once() {
        assert!(ERRORS.windows(2).all(|pair| pair[0].message < pair[1].message));
        for number in 1..=56_u8 {
            let count = ERRORS.iter().filter(|error| error.number == number).count();
            assert_eq!(count, 1, "{number}");
        }
    }

    #[test]
    fn numbers_and_words_tell_the_same() {
        for (text, sign) in [
            ("error:0A000086:SSL routines::certificate verify failed", Sign::CertificateInvalid),
            ("167772294", Sign::CertificateInvalid),
            ("0A000086", Sign::CertificateInvalid),
            ("337047686", Sign::CertificateInvalid),
            ("0A00010B", Sign::TlsNotSpoken),
            ("1408F10B", Sign::TlsNotSpoken),
            ("167773272", Sign::NameUnrecognized),
            ("0A00045C", Sign::ClientCertificateRejected),
        ] {
            assert_eq!(openssl(text.as_bytes()).map(|(sign, _)| sign), Some(sign), "{text}");
        }
        for nothing in ["0", "-", "", "00000000"] {
            assert_eq!(openssl(nothing.as_bytes()), None, "{nothing}");
        }
    }
}
