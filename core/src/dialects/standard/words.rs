//! Finds the words of libraries and systems in any text: phrases and names, each with what it says.
//!
//! ```text
//! Get "http://10.0.0.1/a": dial tcp 10.0.0.1:80: connect: connection refused
//!                          ^ where, with its address       ^ what
//! ```
//!
//! The outer words tell where something happened, the inner ones what. The text is gone through
//! once; at each beginning of a word the sorted tables are asked which phrase begins there. What
//! strangers write is passed over: URLs, paths, request lines, user agents, and in the line of an
//! access log whatever is quoted behind the request.

mod address;
mod fold;
mod meaning;
mod strangers;
mod tables;
mod walk;

#[cfg(test)]
pub(crate) use fold::LONGEST;
pub(crate) use fold::letters;
pub(crate) use walk::{Hit, Hits};

use crate::evidence::Sign;
use crate::vocabulary::Phase;

/// Some words, and what they say. Letter case does not matter, nor whether blanks are underscores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase {
    /// The words up to the first place that varies, in small letters with blanks.
    pub(crate) begins: &'static str,
    /// What follows on the same line; `{}` stands for anything. Empty: nothing needs to.
    pub(crate) goes_on: &'static str,
    pub(crate) says: Says,
}

/// A name that is written as it is: an error code, the last part of a class's name.
pub(crate) type Name = (&'static str, Says);

/// Words that stand by themselves.
pub(crate) const fn words(begins: &'static str, says: Says) -> Phrase {
    Phrase { begins, goes_on: "", says }
}

/// Words with a place that varies.
pub(crate) const fn around(begins: &'static str, goes_on: &'static str, says: Says) -> Phrase {
    Phrase { begins, goes_on, says }
}

/// What words say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Says {
    /// Perhaps what is told behind them happened there: a verb that anybody uses.
    Near(Phase),
    /// What is told behind them happened there: the name of a call.
    Where(Phase),
    /// The same, whatever call is named behind them: a lookup, a handshake, the copying of a body.
    Within(Phase),
    /// What happened; where, the words before tell, or else it is there.
    What(Sign, Option<Phase>),
    /// The same; the words are anybody's and count only as a message of their own, or where words
    /// before tell where it happened.
    Alone(Sign, Option<Phase>),
    /// What happened, with nothing left open by words around it.
    Is(Sign),
    /// What happened and where.
    At(Sign, Phase),
    /// The same where the text says nothing closer; what is told behind them happened there.
    Perhaps(Sign, Phase),
    /// The same, and whatever call is named behind them is part of it.
    Amid(Sign, Phase),
    /// A status follows that the far side answered with.
    Status,
    /// A status of HTTP follows where one of gRPC should have come.
    Mapped,
    /// The status of a proxy's answer to `CONNECT` follows.
    Tunnel,
    /// An exit code of curl's follows.
    Exit,
    /// A number of Chromium's follows, behind its minus.
    Net,
    /// A number of Apple's for what failed of a URL follows, with its minus.
    Apple,
    /// The far side answered with this status, where the text says nothing closer.
    Answered(u16),
    /// An error number of the operating system follows.
    Errno,
    /// The name of a TLS alert follows that the peer sent.
    Alert,
    /// An error code of HTTP/2 follows.
    Code,
    /// OpenSSL's words for a reason follow: its tables are asked from here on.
    Openssl,
    /// The name of a status of gRPC follows.
    Grpc,
}
