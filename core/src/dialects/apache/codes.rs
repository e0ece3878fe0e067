//! What Apache's numbers mean: `AH00957`. From the log calls of modules/proxy, modules/ssl,
//! modules/aaa and server, httpd 2.4.63.
//!
//! A number stands for one place in the source, and so for a phase. What happened there is told by
//! the status in front of the message, else by the number.

use crate::evidence::Sign;
use crate::vocabulary::Phase;

/// What a message proves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Code {
    /// How.
    pub(super) proves: Proves,
    /// Where in the exchange it is said; `None` where the sign alone tells.
    pub(super) phase: Option<Phase>,
    /// Whether it is about no exchange.
    pub(super) event: bool,
}

/// How a message proves something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Proves {
    /// This.
    Is(Sign),
    /// What the status in front says; otherwise this.
    Status(Sign),
    /// What the status in front says, of a request that is being written; what it does not say is
    /// mostly said by a line of TLS before.
    Write,
    /// What the phrase behind it says: mod_proxy's own reason for the client.
    Reason,
    /// What a FastCGI application wrote to its error output.
    Stderr,
    /// What the notes at its end say, where the status does not.
    Dispatch,
    /// What OpenSSL says.
    Tls,
    /// What the number of a verification says.
    Verify,
    /// What signal ended a child.
    Signal,
    /// What the status in front says of a body that is being read.
    Read,
    /// This, of the body of whoever the line names.
    Body(Sign),
    /// Status of the upstream that put a member out of turn.
    FailOnStatus,
}

/// What OpenSSL says, in lines that have no number.
pub(super) const SSL_LIBRARY: u32 = 100_000;
/// A program of CGI or FastCGI ended before its headers; the words have no number.
const SCRIPT_ENDED: u32 = 100_001;
/// mod_fcgid could not pass the response on; the words have no number.
const NOT_PASSED_ON: u32 = 100_002;
/// An application of mod_wsgi failed; the words have no number.
const WSGI_FAILED: u32 = 100_003;

const fn is(sign: Sign) -> Code {
    Code { proves: Proves::Is(sign), phase: None, event: false }
}

const fn within(phase: Phase, proves: Proves) -> Code {
    Code { proves, phase: Some(phase), event: false }
}

const fn status(phase: Phase, otherwise: Sign) -> Code {
    within(phase, Proves::Status(otherwise))
}

/// It follows from what another line says.
const fn thereby(phase: Phase) -> Code {
    within(phase, Proves::Is(Sign::Thereby))
}

const fn event(sign: Sign) -> Code {
    Code { event: true, ..is(sign) }
}

/// What a number means; `None` where the table does not have it.
#[allow(clippy::too_many_lines)]
pub(super) const fn of(number: u32) -> Option<Code> {
    use Phase::{Connect, Request, ResponseBody, ResponseHeaders, Tls};
    Some(match number {
        // -- mod_proxy: choosing a member --------------------------------------------------------
        // All are busy or out of turn; the one that is to be used is; none may be tried again yet.
        934 | 940 | 933 | 1167 | 1170 | 3305 => is(Sign::OutOfTurn),
        // The balancer is empty.
        1171 => is(Sign::NoUpstream),
        // No connection came free within the time for it.
        941 => is(Sign::LimitReached),
        // A member put out of turn for its answer, or for the lack of one.
        1174 => within(ResponseHeaders, Proves::FailOnStatus),
        2460 => within(ResponseHeaders, Proves::Is(Sign::TimedOut)),
        // Health checks: out of turn, and back.
        3303 => event(Sign::OutOfTurn),
        3302 | 3251 | 3254 | 3301 => event(Sign::Harmless),
        3249 => Code { event: true, ..is(Sign::ResolverFailed) },
        3300 => Code { event: true, ..status(ResponseBody, Sign::Ended) },

        // -- mod_proxy: names ------------------------------------------------------------------------
        2327 | 10_475..=10_478 => status(Phase::Resolve, Sign::ResolverFailed),

        // -- mod_proxy: connecting ---------------------------------------------------------------
        939 | 957 | 2454 => status(Connect, Sign::Failed),
        // Through another proxy.
        958 => status(Connect, Sign::Failed),
        935 | 938 | 952 | 956 | 2453 => status(Connect, Sign::Exhausted),
        1021 => status(Connect, Sign::Failed),
        // Behind any of these: the member is out of turn for a while, and the client gets a 503.
        866 | 896 | 959 | 1079 | 1114 | 2452 | 3352 | 10_101 => thereby(Connect),
        10_292 | 857 | 867 | 1059 | 1083 | 1141 | 1157 | 2439 | 3350 | 10_097 | 10_100 => {
            is(Sign::AddressInvalid)
        }

        // -- mod_proxy: rules and requests --------------------------------------------------------
        916 | 917 | 950 | 1139 => is(Sign::Denied),
        1085 | 1086 | 1093 | 1140 | 2536 | 2806 | 10_188 | 10_259 | 10_396 => {
            is(Sign::ClientInvalid)
        }
        10_406 | 10_408 | 10_409 | 10_412 | 10_414 | 10_415 | 10_417..=10_420 => {
            is(Sign::ClientInvalid)
        }
        2900 => is(Sign::ClientInvalid),
        // The client's body did not come.
        859 | 871 | 877 | 1095 | 2608 | 2606 | 2821 | 2822 | 3374 | 10_099 => is(Sign::ClientGone),

        // -- mod_proxy: writing the request -------------------------------------------------------
        1084 | 1096 | 1097 | 3351 | 10_154 => within(Request, Proves::Write),
        858 | 868 | 876 | 882 | 989 | 1009 | 1029 | 1073 | 1074 | 3357 | 3382 | 10_098 => {
            status(Request, Sign::Failed)
        }

        // -- mod_proxy: reading the response -------------------------------------------------------
        1102 | 1067 | 860 | 10_404 | 1030 => status(ResponseHeaders, Sign::Ended),
        // Told in front of the line that counts, or behind it.
        878 | 889 | 992 | 1104 | 1105 => status(ResponseHeaders, Sign::Thereby),
        1075 => within(ResponseHeaders, Proves::Dispatch),
        // The probe in front of a request was not answered: ping=.
        897 | 1012 | 1115 => status(ResponseHeaders, Sign::Ended),
        1103 => within(ResponseHeaders, Proves::Is(Sign::TimedOut)),
        // mod_http2 finds a body where a head should be.
        3467 => within(ResponseHeaders, Proves::Is(Sign::Malformed)),
        1069 | 1070 | 1072 | 1098 | 1099 | 1106 | 2476 | 3469 => {
            within(ResponseHeaders, Proves::Is(Sign::Malformed))
        }
        884 | 983..=986 | 993..=995 | 1013 | 1014 | 10_405 => {
            within(ResponseHeaders, Proves::Is(Sign::Malformed))
        }
        1068 | 1031 | 1080 | 10_273 | 10_274 => is(Sign::ProtocolMismatch),
        1081 | 10_124 => is(Sign::HeaderTooLarge),
        1071 => within(ResponseHeaders, Proves::Stderr),
        3360 | 3364 | 3380 | 10_023 => is(Sign::StreamReset),
        3519 => is(Sign::GoAway),
        10_240 => is(Sign::UpgradeFailed),

        // -- mod_proxy: passing the response on ----------------------------------------------------
        1110 => within(ResponseBody, Proves::Read),
        // The HTTP filters read a client's body and an upstream's alike.
        1585 | 1587 | 1588 | 1590 | 1592..=1594 => {
            within(ResponseBody, Proves::Body(Sign::BodyMalformed))
        }
        2428..=2430 => within(ResponseHeaders, Proves::Is(Sign::Malformed)),
        1032 | 2537 | 10_293 | 10_294 => status(ResponseBody, Sign::Ended),
        887 | 888 | 891 | 893 => thereby(ResponseBody),
        2475 | 883 | 996..=1000 => is(Sign::BodyMalformed),
        2447 | 2605 | 3307 | 3308 | 10_220 | 10_221 => status(ResponseBody, Sign::Ended),
        10_213 | 10_224 | 10_225 => within(ResponseBody, Proves::Is(Sign::TimedOut)),

        // -- mod_proxy: itself -----------------------------------------------------------------------
        898 => within(ResponseHeaders, Proves::Reason),
        961 | 1112 | 1144 | 3252 | 1961 | 10_272 => is(Sign::Misconfigured),
        1135 | 10_241 => is(Sign::Misconfigured),
        918 | 2432 | 2433 | 1177 | 2230 | 2477 | 3262 | 2002 | 3309 => is(Sign::Misconfigured),
        // A packet of AJP is smaller than what goes into it.
        968..=974 | 988 | 3229 => is(Sign::ClientTooLarge),
        975..=982 | 1082 | 2438 | 2646 | 2830 | 3228 => is(Sign::BufferTooSmall),
        869 | 922 | 928 | 929 | 987 | 991 | 1007 | 2443 | 10_474 => is(Sign::Exhausted),
        1089..=1091 => status(Phase::Gateway, Sign::OutOfDisk),
        919..=921 | 923 | 960 | 963 | 965 | 966 | 2478..=2480 | 3304 => is(Sign::InternalError),
        874 | 990 | 1008 | 1010 | 1011 | 1015 | 1108 => is(Sign::InternalError),
        1163 | 1164 | 1166 | 1168 | 1169 | 1173 | 1175 | 1179..=1183 => is(Sign::InternalError),
        1185..=1203 | 1205 | 1206 | 2408 | 2409 | 10_163 | 10_164 => is(Sign::InternalError),
        3250 | 3257 | 3263 | 3264 => event(Sign::InternalError),
        2444 | 2449 | 2543 | 3346 | 3379 | 3514 | 10_208 | 10_211 => is(Sign::InternalError),
        10_214 | 10_222 | 10_295 | 10_296 => is(Sign::InternalError),
        // A file that the application names and that cannot be sent.
        864 => within(ResponseHeaders, Proves::Is(Sign::ApplicationFailed)),

        // -- mod_proxy: said, and harmless -------------------------------------------------------
        932 | 936 | 937 | 944 | 947 | 948 | 951 | 953..=955 | 2642 | 3408 => is(Sign::Harmless),
        886 | 890 | 892 | 1033 | 1092 | 1100 | 1101 | 1107 | 1109 | 1111 | 1113 => {
            is(Sign::Harmless)
        }
        1136 | 1138 | 1143 | 1145 | 1146 | 1149 | 1150 | 1165 | 1172 | 2808 => is(Sign::Harmless),
        3306 | 10_153 | 10_187 | 10_366 | 10_400 | 10_479..=10_482 => is(Sign::Harmless),

        // -- mod_ssl -------------------------------------------------------------------------------
        2003 | 1997 => within(Tls, Proves::Is(Sign::HandshakeFailed)),
        2004 => is(Sign::CertificateExpired),
        2005 | 2411 => is(Sign::CertificateNameMismatch),
        2039 | 2276 => within(Tls, Proves::Verify),
        1964 | 1998 | 2000 | 2041 | 2275 | 2277 => is(Sign::Harmless),
        2040 => is(Sign::ChainTooLong),
        2268 | 2269 => is(Sign::ClientCertificateRejected),
        // Told of the side that the line's address is on.
        2006 | 2008 => within(Tls, Proves::Status(Sign::HandshakeFailed)),
        1992 => status(ResponseHeaders, Sign::Ended),
        1994 => status(Request, Sign::Failed),
        2007 | 10_373 => is(Sign::ClientGone),
        2252 | 2208 => event(Sign::Misconfigured),
        2206 => event(Sign::Harmless),
        1996 | 2011 | 2032 | 2033 | 2261 => is(Sign::ClientHandshakeFailed),

        // -- the server ------------------------------------------------------------------------------
        161 | 286..=288 | 484 | 485 | 10_159 | 3490 | 3268 | 3269 => event(Sign::OutOfConnections),
        159 | 283 | 481 | 3104 | 3142 => event(Sign::Exhausted),
        1 | 23 => Code { event: true, ..status(Phase::Gateway, Sign::Exhausted) },
        51 | 52 => Code { proves: Proves::Signal, phase: None, event: true },
        60 => event(Sign::WorkerCrashed),
        45 | 163 | 169 | 171 | 292 | 295 | 489 | 491 | 493 | 494 => event(Sign::Reloading),
        162 | 94 | 2 | 558 => event(Sign::Harmless),
        // It may not read an .htaccess file of its own; what a module keeps in memory is not there.
        529 => is(Sign::FileForbidden),
        1762 => event(Sign::Misconfigured),
        2042 => is(Sign::ClientInvalid),
        // Its socket is taken, or it may not use it.
        72 => event(Sign::Misconfigured),
        124 | 125 => is(Sign::RedirectCycle),
        561 | 563 | 564 | 565 | 566 | 126 | 127 | 135 | 1382 => is(Sign::ClientInvalid),
        1630 | 1797 | 2219 | 1623 | 1276 | 1617 | 1618 => is(Sign::Denied),
        // A file that is not there is an answer of 404.
        128 | 1264 | 35 => is(Sign::Harmless),
        // mod_cgi, mod_cgid.
        1215 => within(ResponseHeaders, Proves::Stderr),
        1220 | 2550 => within(ResponseHeaders, Proves::Is(Sign::TimedOut)),
        1222 => within(ResponseHeaders, Proves::Is(Sign::ScriptMissing)),

        // -- said without a number ---------------------------------------------------------------
        SSL_LIBRARY => within(Tls, Proves::Tls),
        NOT_PASSED_ON => is(Sign::ClientGone),
        SCRIPT_ENDED => within(ResponseHeaders, Proves::Is(Sign::Closed)),
        WSGI_FAILED => within(ResponseHeaders, Proves::Is(Sign::ApplicationFailed)),
        _ => return None,
    })
}

/// Whether a number is of a module that speaks to upstreams, so that an unknown one tells of a
/// failure there.
pub(super) fn is_proxys(module: &[u8]) -> bool {
    module.starts_with(b"proxy")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_or_it_is_not() {
        assert_eq!(of(957).and_then(|code| code.phase), Some(Phase::Connect));
        assert_eq!(of(1102).and_then(|code| code.phase), Some(Phase::ResponseHeaders));
        assert_eq!(of(1110).and_then(|code| code.phase), Some(Phase::ResponseBody));
        assert!(of(161).is_some_and(|code| code.event));
        assert_eq!(of(0), None);
        assert_eq!(of(99_999), None);
    }
}
