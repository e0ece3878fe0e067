//! How serious a server takes what it logs: the levels of syslog, as nginx and Apache name them.

/// How serious it is; `Trace` is Apache's, `trace1` to `trace8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Trace,
    Debug,
    Info,
    Notice,
    Warn,
    Error,
    Crit,
    Alert,
    Emerg,
}

impl Level {
    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"debug" => Self::Debug,
            b"info" => Self::Info,
            b"notice" => Self::Notice,
            b"warn" => Self::Warn,
            b"error" => Self::Error,
            b"crit" => Self::Crit,
            b"alert" => Self::Alert,
            b"emerg" => Self::Emerg,
            [b't', b'r', b'a', b'c', b'e', b'1'..=b'8'] => Self::Trace,
            _ => return None,
        })
    }
}
