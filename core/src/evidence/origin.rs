//! Where a fact was read.

/// The kind of record that a fact was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Source {
    /// The caller knew it.
    #[default]
    Caller,
    /// A gateway's error log.
    ErrorLog,
    /// A gateway's access log.
    AccessLog,
    /// The headers of a response.
    Headers,
    /// The body of a response.
    Body,
    /// An archive of what a client asked for and got (HAR).
    Archive,
    /// A report that a browser sends of an exchange (Network Error Logging).
    Report,
}

impl Source {
    /// Its name in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::ErrorLog => "error-log",
            Self::AccessLog => "access-log",
            Self::Headers => "headers",
            Self::Body => "body",
            Self::Archive => "har",
            Self::Report => "report",
        }
    }
}

/// A set of [`Source`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources(u8);

impl Sources {
    /// None.
    pub const NONE: Self = Self(0);

    /// Adds one.
    pub fn add(&mut self, source: Source) {
        self.0 |= 1 << source as u8;
    }

    /// Adds all of another set.
    pub fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether a client's own record is there, which tells of a whole exchange by itself.
    #[must_use]
    pub const fn has_clients(self) -> bool {
        self.has(Source::Archive) || self.has(Source::Report)
    }

    /// Whether it is there.
    #[must_use]
    pub const fn has(self, source: Source) -> bool {
        self.0 & 1 << source as u8 != 0
    }
}

/// Where some bytes stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Origin {
    /// The kind of record.
    pub source: Source,
    /// Which input, counted from 0 in the order given.
    pub input: u16,
    /// The line within the input, counted from 1; 0 where there are no lines.
    pub line: u64,
}

impl Origin {
    /// A place in an input.
    #[must_use]
    pub const fn new(source: Source, input: u16, line: u64) -> Self {
        Self { source, input, line }
    }
}
