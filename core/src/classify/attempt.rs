//! What an access record shows of the deciding attempt when no error record explains it: which of
//! its times are there, and which are not.

use super::meaning::server_error;
use super::{Verdict, error_log_silent};
use crate::evidence::{Attempt, Bytes, Evidence, Millis};
use crate::vocabulary::{Fault, Gateway};

/// The verdict from status and upstream fields alone.
pub(super) fn by_outcome(evidence: &Evidence<'_>, status: u16) -> Verdict {
    match evidence.last_attempt() {
        Some(last) if evidence.upstream_told => tried(evidence, status, last),
        _ if evidence.upstream_told => untried(evidence, status),
        _ => bare(evidence, status),
    }
}

/// No upstream was chosen: the gateway answered by itself.
fn untried(evidence: &Evidence<'_>, status: u16) -> Verdict {
    match status {
        0 => Verdict::sure(Fault::ClientClosed, 80),
        // Envoy names what it fails with: a route answers by itself, because it is told to, or because
        // who wrote it found no upstream for it.
        _ if evidence.gateway == Some(Gateway::Envoy) => {
            Verdict::sure(Fault::Unknown, 50).or(Fault::GatewayDenied, 25).or(Fault::NoUpstream, 25)
        }
        500 => Verdict::sure(Fault::GatewayInternal, 60)
            .or(Fault::GatewayExhausted, 25)
            .or(Fault::Unknown, 15),
        502 => Verdict::sure(Fault::Unknown, 55).or(Fault::DnsFailed, 35).or(Fault::NoUpstream, 10),
        // The group is known, and none of it was asked: it may have no member.
        503 if evidence.cluster.is_some() => {
            Verdict::sure(Fault::Unknown, 45).or(Fault::NoUpstream, 40).or(Fault::GatewayDenied, 15)
        }
        503 => Verdict::sure(Fault::Unknown, 50)
            .or(Fault::GatewayDenied, 25)
            .or(Fault::ConnectionLimit, 25),
        _ => Verdict::sure(Fault::Unknown, 100),
    }
}

/// An upstream was tried; the record tells how far it got.
fn tried(evidence: &Evidence<'_>, status: u16, last: &Attempt<'_>) -> Verdict {
    let Some(answer) = last.status else {
        return match status {
            0 => Verdict::sure(Fault::ClientClosed, 80),
            500 => Verdict::sure(Fault::GatewayInternal, 55)
                .or(Fault::GatewayExhausted, 35)
                .or(Fault::Unknown, 10),
            _ => Verdict::sure(Fault::Unknown, 100),
        };
    };
    // nginx passed on bytes without a status line as HTTP/0.9.
    if status == 9 && super::writes_nginx_statuses(evidence) {
        return Verdict::sure(Fault::ResponseMalformed, 85).or(Fault::ResponseProtocolMismatch, 15);
    }
    if answer < 500 {
        // The upstream answered well, and the client got a failure: made by the gateway after it.
        return Verdict::sure(Fault::Unknown, 60).or(Fault::GatewayInternal, 40);
    }
    // Other gateways name servers so too.
    let names_groups = matches!(evidence.gateway, None | Some(Gateway::Nginx));
    if names_groups && last.address.is_some_and(is_group) {
        return Verdict::sure(Fault::NoHealthyUpstream, 90).or(Fault::ConnectFailed, 10);
    }
    // Only 502 and 504 are ever written for an upstream that did not answer.
    if last.header.is_some() || !matches!(answer, 502 | 504) {
        return match server_error(Some(answer)) {
            Some(fault) => Verdict::sure(fault, 95),
            None => Verdict::sure(Fault::Unknown, 100),
        };
    }
    if last.connect_told && last.connect.is_none() {
        return match answer {
            504 => Verdict::sure(Fault::ConnectTimeout, 85).or(Fault::TlsHandshakeFailed, 15),
            // nginx counts the TLS handshake as part of the connection.
            _ if evidence.protocol.is_some_and(|protocol| protocol.is_tls()) => {
                Verdict::sure(Fault::Unknown, 10)
                    .or(Fault::TlsHandshakeFailed, 55)
                    .or(Fault::ConnectFailed, 35)
            }
            _ => Verdict::sure(Fault::ConnectFailed, 75).or(Fault::TlsHandshakeFailed, 25),
        };
    }
    if last.header_told {
        return headless(answer, last.received);
    }
    match answer {
        504 => Verdict::sure(Fault::ResponseTimeout, 65)
            .or(Fault::ConnectTimeout, 20)
            .or(Fault::UpstreamGatewayTimeout, 15),
        _ if error_log_silent(evidence) => {
            Verdict::sure(Fault::UpstreamBadGateway, 75).or(Fault::Unknown, 25)
        }
        _ if all_at_once(evidence) => Verdict::sure(Fault::ConnectFailed, 60)
            .or(Fault::ResponseTerminated, 20)
            .or(Fault::Unknown, 20),
        _ => Verdict::sure(Fault::Unknown, 55)
            .or(Fault::ConnectFailed, 20)
            .or(Fault::ResponseTerminated, 15)
            .or(Fault::UpstreamBadGateway, 10),
    }
}

/// Whether one upstream after the other failed within a few milliseconds: a connection is refused in
/// such a time, and an answer is not tried again by default.
fn all_at_once(evidence: &Evidence<'_>) -> bool {
    const AT_ONCE: Millis = Millis::new(5);
    let failed = |attempt: &Attempt<'_>| {
        attempt.status == Some(502) && attempt.total.is_some_and(|total| total <= AT_ONCE)
    };
    evidence.attempts.len() > 1 && evidence.attempts.iter().all(failed)
}

/// The connection stood and no headers were read.
fn headless(answer: u16, received: Option<Bytes>) -> Verdict {
    match (answer, received.map(Bytes::get)) {
        (504, _) => Verdict::sure(Fault::ResponseTimeout, 90).or(Fault::RequestWriteFailed, 10),
        (_, Some(0)) => Verdict::sure(Fault::ResponseTerminated, 80)
            .or(Fault::RequestWriteFailed, 10)
            .or(Fault::TlsHandshakeFailed, 10),
        (_, Some(_)) => {
            Verdict::sure(Fault::ResponseMalformed, 70).or(Fault::ResponseTerminated, 30)
        }
        (_, None) => Verdict::sure(Fault::Unknown, 20)
            .or(Fault::ResponseTerminated, 50)
            .or(Fault::ResponseMalformed, 30),
    }
}

/// Nothing but a status is known.
fn bare(evidence: &Evidence<'_>, status: u16) -> Verdict {
    match status {
        0 => Verdict::sure(Fault::ClientClosed, 75).or(Fault::Unknown, 25),
        9 => Verdict::sure(Fault::ResponseMalformed, 80).or(Fault::ResponseProtocolMismatch, 20),
        // Whether an answer came is told, and none of 5xx did.
        500..=599 if evidence.answered == Some(true) => {
            Verdict::sure(Fault::Unknown, 60).or(Fault::GatewayInternal, 40)
        }
        500..=503 if evidence.answered == Some(false) => Verdict::sure(Fault::Unknown, 50)
            .or(Fault::ConnectFailed, 25)
            .or(Fault::ResponseTerminated, 25),
        // Apache's mod_proxy_http2 fails without a line at the usual level.
        502 | 503 if error_log_silent(evidence) && evidence.gateway == Some(Gateway::Apache) => {
            let passed_on = server_error(Some(status)).unwrap_or(Fault::Unknown);
            Verdict::sure(Fault::Unknown, 45).or(passed_on, 55)
        }
        // The gateway writes a line for each of its own failures: no line, not its own. Only what
        // its configuration answers by a plain `return` has none.
        500..=599 if error_log_silent(evidence) => match server_error(Some(status)) {
            Some(fault) => Verdict::sure(fault, 75).or(Fault::Unknown, 25),
            None => Verdict::sure(Fault::Unknown, 100),
        },
        504 => Verdict::sure(Fault::ResponseTimeout, 60)
            .or(Fault::ConnectTimeout, 20)
            .or(Fault::UpstreamGatewayTimeout, 20),
        _ => Verdict::sure(Fault::Unknown, 100),
    }
}

/// A name alone, without a port: a group of which no member was chosen.
fn is_group(address: &[u8]) -> bool {
    !address.is_empty() && !address.contains(&b':')
}
