//! What a sign means in the phase it was seen in.

use crate::evidence::Sign;
use crate::vocabulary::{Fault, Phase};

/// The fault that a sign means; `None` where it means none by itself.
///
/// `number` is what came with the sign: for [`Sign::ServerError`] the upstream's status.
pub(super) fn meaning(sign: Sign, phase: Option<Phase>, number: Option<u32>) -> Option<Fault> {
    match sign {
        Sign::TimedOut
        | Sign::Reset
        | Sign::Closed
        | Sign::Ended
        | Sign::Refused
        | Sign::Unreachable
        | Sign::Forbidden
        | Sign::BrokenPipe
        | Sign::Failed
        | Sign::Missing
        | Sign::Busy
        | Sign::Thereby
        | Sign::Malformed => outcome(sign, phase?),

        Sign::NoUpstream => Some(Fault::NoUpstream),
        Sign::NoneHealthy | Sign::OutOfTurn => Some(Fault::NoHealthyUpstream),
        Sign::LimitReached => Some(Fault::ConnectionLimit),

        Sign::NameNotFound => Some(Fault::DnsNotFound),
        Sign::ResolverTimedOut => Some(Fault::DnsTimeout),
        Sign::ResolverFailed | Sign::NoResolver => Some(Fault::DnsFailed),

        Sign::AddressInvalid => Some(Fault::ConnectInvalid),

        Sign::CertificateExpired => Some(Fault::TlsCertificateExpired),
        Sign::CertificateUntrusted | Sign::ChainTooLong => Some(Fault::TlsCertificateUntrusted),
        Sign::CertificateNameMismatch => Some(Fault::TlsCertificateNameMismatch),
        Sign::CertificateInvalid => Some(Fault::TlsCertificateInvalid),
        Sign::HandshakeFailed | Sign::NameUnrecognized | Sign::NothingInCommon => {
            Some(Fault::TlsHandshakeFailed)
        }
        Sign::ClientCertificateRejected => Some(Fault::TlsClientCertificateRejected),
        Sign::TlsNotSpoken => Some(Fault::TlsNotSpoken),

        // Once the headers were read, what breaks the protocol breaks the body.
        Sign::NoStatusLine | Sign::ProtocolMismatch | Sign::HeaderTooLarge
            if phase == Some(Phase::ResponseBody) =>
        {
            Some(Fault::BodyMalformed)
        }
        Sign::StreamReset | Sign::GoAway if phase == Some(Phase::ResponseBody) => {
            Some(Fault::BodyTruncated)
        }
        // What came is larger than a filter may hold.
        Sign::BufferTooSmall if phase == Some(Phase::ResponseBody) => Some(Fault::BodyMalformed),
        // Without a status line it may be another protocol, or HTTP that is broken.
        Sign::NoStatusLine => Some(Fault::ResponseMalformed),
        Sign::ProtocolMismatch | Sign::PlainToTls => Some(Fault::ResponseProtocolMismatch),
        Sign::HeaderTooLarge => Some(Fault::ResponseHeaderTooLarge),
        Sign::UpgradeFailed => Some(Fault::ResponseUpgradeFailed),
        Sign::StreamReset | Sign::GoAway => Some(Fault::ResponseReset),
        Sign::ServerError => server_error(number.and_then(|status| u16::try_from(status).ok())),
        Sign::ApplicationFailed | Sign::ApplicationOutOfMemory | Sign::ApplicationTimedOut => {
            Some(Fault::UpstreamError)
        }
        // An answer that the check does not take may be a well one.
        Sign::CheckFailed if number.is_some_and(|status| (100..500).contains(&status)) => {
            Some(Fault::NoHealthyUpstream)
        }
        Sign::CheckFailed => Some(Fault::UpstreamError),
        // The answer to a missing script is a 404, and what is written to stderr may come with
        // any answer.
        Sign::ScriptMissing | Sign::ApplicationWrote => None,

        Sign::BodyMalformed | Sign::Surplus => Some(Fault::BodyMalformed),

        Sign::OutOfDescriptors
        | Sign::OutOfPorts
        | Sign::OutOfMemory
        | Sign::OutOfConnections
        | Sign::OutOfDisk
        | Sign::Exhausted => Some(Fault::GatewayExhausted),
        Sign::FileForbidden
        | Sign::InternalError
        | Sign::ScriptFailed
        | Sign::WorkerCrashed
        | Sign::Misconfigured
        | Sign::RedirectCycle
        | Sign::BufferTooSmall
        | Sign::AuthorizationFailed => Some(Fault::GatewayInternal),
        Sign::Denied | Sign::RateLimited => Some(Fault::GatewayDenied),
        Sign::Loop => Some(Fault::GatewayLoop),

        Sign::ClientGone => Some(Fault::ClientClosed),
        Sign::ClientInvalid
        | Sign::ClientTooLarge
        | Sign::ClientHandshakeFailed
        | Sign::ClientProtocolMismatch => Some(Fault::ClientInvalid),

        Sign::MemberDisabled
        | Sign::BufferedToDisk
        | Sign::Reloading
        | Sign::StaleServed
        | Sign::Unrecognized
        | Sign::Harmless => None,
    }
}

/// The upstream's own server errors.
pub(super) fn server_error(status: Option<u16>) -> Option<Fault> {
    match status? {
        502 => Some(Fault::UpstreamBadGateway),
        503 | 529 => Some(Fault::UpstreamUnavailable),
        504 => Some(Fault::UpstreamGatewayTimeout),
        500..=599 => Some(Fault::UpstreamError),
        _ => None,
    }
}

/// What an outcome means, by phase.
fn outcome(sign: Sign, phase: Phase) -> Option<Fault> {
    match phase {
        Phase::Select => (sign == Sign::TimedOut).then_some(Fault::ConnectionLimit),
        Phase::Resolve => Some(match sign {
            Sign::TimedOut => Fault::DnsTimeout,
            _ => Fault::DnsFailed,
        }),
        Phase::Connect => Some(match sign {
            Sign::Refused => Fault::ConnectRefused,
            Sign::TimedOut => Fault::ConnectTimeout,
            Sign::Unreachable => Fault::ConnectUnreachable,
            Sign::Forbidden => Fault::ConnectDenied,
            Sign::Missing => Fault::ConnectInvalid,
            // A peer can only close what stood already.
            Sign::Closed => Fault::ResponseClosed,
            // A full backlog is no refusal, and a RST here has many senders.
            _ => Fault::ConnectFailed,
        }),
        Phase::Tls => Some(Fault::TlsHandshakeFailed),
        Phase::Request => Some(match sign {
            Sign::Closed => Fault::ResponseClosed,
            Sign::Malformed => Fault::ResponseMalformed,
            _ => Fault::RequestWriteFailed,
        }),
        Phase::ResponseHeaders => Some(match sign {
            Sign::TimedOut => Fault::ResponseTimeout,
            Sign::Reset => Fault::ResponseReset,
            Sign::Closed => Fault::ResponseClosed,
            Sign::Malformed => Fault::ResponseMalformed,
            _ => Fault::ResponseTerminated,
        }),
        Phase::ResponseBody => Some(match sign {
            Sign::TimedOut => Fault::BodyTimeout,
            Sign::Malformed => Fault::BodyMalformed,
            Sign::Failed => Fault::BodyFailed,
            _ => Fault::BodyTruncated,
        }),
        Phase::Gateway => Some(Fault::GatewayInternal),
        Phase::Client => Some(match sign {
            Sign::Malformed | Sign::TimedOut => Fault::ClientInvalid,
            _ => Fault::ClientClosed,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_of_one_phase_means_a_fault_of_that_phase_or_none() {
        for sign in Sign::ALL {
            let (Some(phase), Some(fault)) = (sign.phase(), meaning(*sign, None, Some(500))) else {
                continue;
            };
            assert_eq!(fault.phase(), phase, "{}", sign.id());
        }
    }

    #[test]
    fn the_phase_decides_what_an_outcome_means() {
        for (sign, phase, fault) in [
            (Sign::TimedOut, Phase::Connect, Fault::ConnectTimeout),
            (Sign::TimedOut, Phase::Tls, Fault::TlsHandshakeFailed),
            (Sign::TimedOut, Phase::ResponseHeaders, Fault::ResponseTimeout),
            (Sign::Reset, Phase::Connect, Fault::ConnectFailed),
            (Sign::Reset, Phase::Request, Fault::RequestWriteFailed),
            (Sign::Closed, Phase::ResponseBody, Fault::BodyTruncated),
            (Sign::HeaderTooLarge, Phase::ResponseBody, Fault::BodyMalformed),
        ] {
            assert_eq!(meaning(sign, Some(phase), None), Some(fault));
        }
        assert_eq!(meaning(Sign::TimedOut, None, None), None);
    }
}
