//! What a piece of evidence proves. A sign does not judge: `classify` says which fault it means.

use super::Origin;
use crate::vocabulary::Phase;

/// Makes the table of signs: variant, name in reports, the phase that it belongs to by itself
/// (none where the phase it was seen in decides), how telling it is, and what it says.
macro_rules! signs {
    ( $( $(#[$doc:meta])* $variant:ident = $id:literal, $phase:expr, $telling:expr; )+ ) => {
        /// One thing that a gateway's words, a number or a header prove.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Sign { $( $(#[$doc])* $variant, )+ }

        impl Sign {
            /// Every one.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// Its name in reports, where it means no fault by itself.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $( Self::$variant => $id, )+ }
            }

            /// The phase that it belongs to whatever else is known; `None` where the phase it was
            /// seen in decides what it means.
            #[must_use]
            pub const fn phase(self) -> Option<Phase> {
                match self { $( Self::$variant => $phase, )+ }
            }

            /// How much it tells: of two about one attempt, the higher decides.
            #[must_use]
            pub const fn telling(self) -> u8 {
                match self { $( Self::$variant => $telling, )+ }
            }
        }
    };
}

use Phase::{Client, Connect, Gateway, Resolve, ResponseBody, ResponseHeaders, Select, Tls};

impl Sign {
    /// Those that name what the gateway's host ran out of.
    pub const SHORTAGES: &'static [Self] = &[
        Self::OutOfDescriptors,
        Self::OutOfPorts,
        Self::OutOfMemory,
        Self::OutOfConnections,
        Self::OutOfDisk,
    ];

    /// Those of an application that ran, and says itself what went wrong.
    pub const OF_APPLICATIONS: &'static [Self] =
        &[Self::ApplicationFailed, Self::ApplicationOutOfMemory, Self::ApplicationTimedOut];

    /// Whether it names what the gateway's host ran out of.
    #[must_use]
    pub fn is_shortage(self) -> bool {
        Self::SHORTAGES.contains(&self)
    }

    /// Whether the application ran, and says itself what went wrong.
    #[must_use]
    pub fn is_applications(self) -> bool {
        Self::OF_APPLICATIONS.contains(&self)
    }

    /// Says something about causes and nothing about the fault.
    pub const NOTE: u8 = 10;
    /// Follows from another failure: decides only where nothing else does.
    pub const CONSEQUENCE: u8 = 20;
    /// Says that an older failure has this in its wake: decides where no record tells of that one.
    pub const OLDER: u8 = 25;
    /// One word for several outcomes.
    pub const VAGUE: u8 = 30;
    /// Says what happened; the phase says what that means.
    pub const OUTCOME: u8 = 40;
    /// Says what happened, and not of which kind it was.
    pub const PARTLY: u8 = 45;
    /// Says what happened and leaves nothing open.
    pub const SPECIFIC: u8 = 50;
}

signs! {
    // -- outcomes: the phase decides what they mean ------------------------------------------
    /// A time limit passed.
    TimedOut = "timed-out", None, Self::OUTCOME;
    /// A RST came.
    Reset = "reset", None, Self::OUTCOME;
    /// The peer closed cleanly (FIN).
    Closed = "closed", None, Self::OUTCOME;
    /// The connection ended; closed or reset is not told.
    Ended = "ended", None, Self::VAGUE;
    /// The operation was refused (ECONNREFUSED).
    Refused = "refused", None, Self::OUTCOME;
    /// No route to the host or network.
    Unreachable = "unreachable", None, Self::OUTCOME;
    /// The operating system forbade it (EACCES, EPERM).
    Forbidden = "forbidden", None, Self::OUTCOME;
    /// Written on a connection that the peer had closed (EPIPE).
    BrokenPipe = "broken-pipe", None, Self::OUTCOME;
    /// It failed, for a reason that is not told or not known.
    Failed = "failed", None, Self::VAGUE;
    /// The file or socket is not there (ENOENT).
    Missing = "missing", None, Self::OUTCOME;
    /// A non-blocking operation could not be done now (EAGAIN): for a Unix socket, its backlog is full.
    Busy = "busy", None, Self::OUTCOME;
    /// It failed because of what another record tells of: Apache writes two and three lines of one
    /// failure.
    Thereby = "failed-thereby", None, Self::CONSEQUENCE;
    /// What came breaks the rules of its protocol.
    Malformed = "malformed", None, Self::OUTCOME;

    // -- choosing an upstream -----------------------------------------------------------------
    /// Nothing is configured for this request.
    NoUpstream = "no-upstream", Some(Select), Self::SPECIFIC;
    /// Every member is down or out of turn.
    NoneHealthy = "none-healthy", Some(Select), Self::SPECIFIC;
    /// The members that could be used are out of turn, for failures before this request.
    OutOfTurn = "out-of-turn", Some(Select), Self::OLDER;
    /// A limit of the gateway's own on connections or requests in progress.
    LimitReached = "limit-reached", Some(Select), Self::SPECIFIC;

    // -- resolving ----------------------------------------------------------------------------
    /// The name does not exist or has no address.
    NameNotFound = "name-not-found", Some(Resolve), Self::SPECIFIC;
    /// The resolver answered with a failure.
    ResolverFailed = "resolver-failed", Some(Resolve), Self::SPECIFIC;
    /// The resolver did not answer in time.
    ResolverTimedOut = "resolver-timed-out", Some(Resolve), Self::SPECIFIC;
    /// A name must be resolved and no resolver is set up.
    NoResolver = "no-resolver", Some(Resolve), Self::SPECIFIC;

    // -- connecting ---------------------------------------------------------------------------
    /// The address cannot be used: its host, port, scheme or path is wrong.
    AddressInvalid = "address-invalid", Some(Connect), Self::SPECIFIC;

    // -- TLS ------------------------------------------------------------------------------------
    /// The certificate, or one of its chain, is out of its time.
    CertificateExpired = "certificate-expired", Some(Tls), Self::SPECIFIC;
    /// The chain ends at nobody that is trusted.
    CertificateUntrusted = "certificate-untrusted", Some(Tls), Self::SPECIFIC;
    /// The chain is longer than the gateway follows.
    ChainTooLong = "chain-too-long", Some(Tls), Self::SPECIFIC;
    /// The certificate is for another name.
    CertificateNameMismatch = "certificate-name-mismatch", Some(Tls), Self::SPECIFIC;
    /// The certificate was rejected for another reason, or for one that is not told.
    CertificateInvalid = "certificate-invalid", Some(Tls), Self::PARTLY;
    /// The handshake failed.
    HandshakeFailed = "handshake-failed", Some(Tls), Self::OUTCOME;
    /// The peer knows no such server name (alert 112).
    NameUnrecognized = "name-unrecognized", Some(Tls), Self::SPECIFIC;
    /// No version or cipher in common.
    NothingInCommon = "nothing-in-common", Some(Tls), Self::SPECIFIC;
    /// The peer demands or refuses the gateway's own certificate.
    ClientCertificateRejected = "client-certificate-rejected", Some(Tls), Self::SPECIFIC;
    /// The peer answered the handshake with something that is not TLS.
    TlsNotSpoken = "tls-not-spoken", Some(Tls), Self::SPECIFIC;

    // -- response ---------------------------------------------------------------------------------
    /// There is no status line at the beginning.
    NoStatusLine = "no-status-line", Some(ResponseHeaders), Self::OUTCOME;
    /// The bytes are those of another protocol or version.
    ProtocolMismatch = "protocol-mismatch", Some(ResponseHeaders), Self::SPECIFIC;
    /// A TLS port answered to plain HTTP.
    PlainToTls = "plain-to-tls", Some(ResponseHeaders), Self::SPECIFIC;
    /// The header section is larger than the buffer for it.
    HeaderTooLarge = "header-too-large", Some(ResponseHeaders), Self::SPECIFIC;
    /// The switch of protocols that was asked for did not happen.
    UpgradeFailed = "upgrade-failed", Some(ResponseHeaders), Self::SPECIFIC;
    /// An HTTP/2 stream was reset; its code says why.
    StreamReset = "stream-reset", Some(ResponseHeaders), Self::SPECIFIC;
    /// The peer announced that it closes the connection (GOAWAY).
    GoAway = "goaway", Some(ResponseHeaders), Self::SPECIFIC;
    /// The upstream answered with a server error; its status says which.
    ServerError = "server-error", Some(ResponseHeaders), Self::VAGUE;
    /// The answer to a health check was not the one that was expected.
    CheckFailed = "check-failed", Some(ResponseHeaders), Self::OUTCOME;
    /// The program behind a FastCGI server does not exist at the path it was given.
    ScriptMissing = "script-missing", Some(ResponseHeaders), Self::NOTE;
    /// The application ended with a fatal error.
    ApplicationFailed = "application-failed", Some(ResponseHeaders), Self::VAGUE;
    /// The application ran out of the memory that it may use.
    ApplicationOutOfMemory = "application-out-of-memory", Some(ResponseHeaders), Self::VAGUE;
    /// The application ran longer than it may.
    ApplicationTimedOut = "application-timed-out", Some(ResponseHeaders), Self::VAGUE;
    /// The application wrote to its error output.
    ApplicationWrote = "application-wrote", Some(ResponseHeaders), Self::NOTE;

    // -- body --------------------------------------------------------------------------------------
    /// The body cannot be decoded.
    BodyMalformed = "body-malformed", Some(ResponseBody), Self::SPECIFIC;
    /// More came than was announced; the gateway dropped it and passed the rest on whole.
    Surplus = "surplus", Some(ResponseBody), Self::VAGUE;

    // -- the gateway itself -----------------------------------------------------------------------
    /// No file descriptor left.
    OutOfDescriptors = "out-of-descriptors", Some(Gateway), Self::SPECIFIC;
    /// No local port left, or the local address is not there.
    OutOfPorts = "out-of-ports", Some(Gateway), Self::SPECIFIC;
    /// No memory left.
    OutOfMemory = "out-of-memory", Some(Gateway), Self::SPECIFIC;
    /// No connection slot left.
    OutOfConnections = "out-of-connections", Some(Gateway), Self::SPECIFIC;
    /// No disk left.
    OutOfDisk = "out-of-disk", Some(Gateway), Self::SPECIFIC;
    /// Something else of its own ran out.
    Exhausted = "exhausted", Some(Gateway), Self::OUTCOME;
    /// It may not use a file of its own.
    FileForbidden = "file-forbidden", Some(Gateway), Self::SPECIFIC;
    /// It failed inside.
    InternalError = "internal-error", Some(Gateway), Self::OUTCOME;
    /// A script or a plugin of it failed.
    ScriptFailed = "script-failed", Some(Gateway), Self::OUTCOME;
    /// A worker process of it died.
    WorkerCrashed = "worker-crashed", Some(Gateway), Self::SPECIFIC;
    /// Its configuration is wrong or lacks something.
    Misconfigured = "misconfigured", Some(Gateway), Self::OUTCOME;
    /// Its internal redirects go round in a circle.
    RedirectCycle = "redirect-cycle", Some(Gateway), Self::SPECIFIC;
    /// A limit of its own on a buffer stopped it.
    BufferTooSmall = "buffer-too-small", Some(Gateway), Self::OUTCOME;
    /// An authorization subrequest ended in an error.
    AuthorizationFailed = "authorization-failed", Some(Gateway), Self::CONSEQUENCE;
    /// A rule refused the request.
    Denied = "denied", Some(Gateway), Self::OUTCOME;
    /// A rate limit refused the request.
    RateLimited = "rate-limited", Some(Gateway), Self::SPECIFIC;
    /// The request came back to the gateway.
    Loop = "loop", Some(Gateway), Self::SPECIFIC;

    // -- the client --------------------------------------------------------------------------------
    /// The client went away.
    ClientGone = "client-gone", Some(Client), Self::OUTCOME;
    /// The client's request is not acceptable.
    ClientInvalid = "client-invalid", Some(Client), Self::OUTCOME;
    /// The client's request is larger than allowed.
    ClientTooLarge = "client-too-large", Some(Client), Self::SPECIFIC;
    /// The client's TLS handshake with the gateway failed; what a TLS library says beside it is about
    /// that one.
    ClientHandshakeFailed = "client-handshake-failed", Some(Client), Self::OUTCOME;
    /// The client speaks another protocol than the listener.
    ClientProtocolMismatch = "client-protocol-mismatch", Some(Client), Self::SPECIFIC;

    // -- notes: no failure by themselves -----------------------------------------------------------
    /// A member was taken out of turn.
    MemberDisabled = "member-disabled", None, Self::NOTE;
    /// Buffers were too small to hold all in memory; nothing was lost.
    BufferedToDisk = "buffered-to-disk", None, Self::NOTE;
    /// The gateway reloads or drains.
    Reloading = "reloading", None, Self::NOTE;
    /// The response to the request was served from a stale copy.
    StaleServed = "stale-served", None, Self::NOTE;
    /// Said, and not known what it means.
    Unrecognized = "unrecognized", None, Self::NOTE;
    /// Said, and harmless.
    Harmless = "harmless", None, Self::NOTE;
}

/// One sign with its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen<'a> {
    /// What is proved.
    pub sign: Sign,
    /// The phase that it was seen in, where that was told.
    pub phase: Option<Phase>,
    /// The number that came with it: errno, TLS alert, X.509 verify code, HTTP/2 error code,
    /// the first byte of a foreign protocol, or a size in bytes, by what the sign is.
    pub number: Option<u32>,
    /// Whether it was said of a member of a group, and of no exchange.
    pub event: bool,
    /// Which attempt it speaks of, by its place in [`super::Evidence::attempts`].
    pub attempt: Option<u8>,
    /// The words that prove it.
    pub quote: &'a [u8],
    /// Where they stood.
    pub origin: Origin,
}

impl Default for Seen<'_> {
    fn default() -> Self {
        Self::new(Sign::Harmless)
    }
}

impl Seen<'_> {
    /// A sign alone.
    #[must_use]
    pub const fn new(sign: Sign) -> Self {
        Self {
            sign,
            phase: None,
            number: None,
            event: false,
            attempt: None,
            quote: &[],
            origin: Origin::new(super::Source::Caller, 0, 0),
        }
    }
}
