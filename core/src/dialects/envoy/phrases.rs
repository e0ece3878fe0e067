//! What Envoy's own log says of failures. From the log calls of Envoy 1.36, with the words of older
//! releases; hosts, clusters and types stand in it as Envoy knows them.

use crate::evidence::Sign;
use crate::vocabulary::Phase;

/// One way a message can begin, or what stands in it.
pub(super) struct Phrase {
    /// The words.
    pub(super) text: &'static str,
    /// What they prove.
    pub(super) proves: Proves,
    /// A message that holds them.
    #[cfg(test)]
    pub(super) example: &'static str,
}

/// How a phrase proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proves {
    /// By itself.
    Is(Sign, Option<Phase>),
    /// By the reason of the reset behind it.
    Reset,
    /// By the response code details behind it.
    Details,
    /// By the words of the transport.
    Transport,
    /// By the codec's words behind it.
    Codec,
    /// By the status among the headers below it.
    Headers,
    /// By the words with which the stream that brings the configuration ended.
    ConfigStream,
}

/// The table, with the examples left out of other builds than tests.
macro_rules! phrases {
    ($( $text:literal, $proves:expr, $example:literal; )+) => {
        &[ $( Phrase { text: $text, proves: $proves, #[cfg(test)] example: $example }, )+ ]
    };
}

const TIMED_OUT: Proves = Proves::Is(Sign::TimedOut, Some(Phase::ResponseHeaders));
const REJECTED: Proves = Proves::Is(Sign::Misconfigured, None);
const NO_ROUTE: Proves = Proves::Is(Sign::NoUpstream, None);
const NOTE: Proves = Proves::Is(Sign::Harmless, None);

/// The beginnings of messages, sorted.
pub(super) const PHRASES: &[Phrase] = phrases! {
    "Caught Segmentation fault", Proves::Is(Sign::WorkerCrashed, None),
        "Caught Segmentation fault, suspect faulting address 0x0";
    "Closing connection due to keepalive timeout", NOTE,
        "Closing connection due to keepalive timeout";
    "Config for ", REJECTED,
        "Config for type.googleapis.com/envoy.config.cluster.v3.Cluster rejected: no such field";
    "DNS resolution for ", Proves::Is(Sign::ResolverFailed, None),
        "DNS resolution for shop.example failed";
    "DNS resolver is initializing", NOTE, "DNS resolver is initializing";
    "Didn't find a registered factory for the optional http filter", NOTE,
        "Didn't find a registered factory for the optional http filter a.b with type URL: c";
    "Envoy proxy is NOT ready: ", NOTE,
        "Envoy proxy is NOT ready: config not received from XDS server (is Istiod running?): cds updates: 0";
    "Envoy proxy is NOT ready: config not received", NO_ROUTE,
        "Envoy proxy is NOT ready: config not received from XDS server (is Istiod running?): cds updates: 0";
    "Error dispatching received data: ", Proves::Codec,
        "Error dispatching received data: http/1.1 protocol error: headers size exceeds limit";
    "Failed to process DNS response for ", Proves::Is(Sign::ResolverFailed, None),
        "Failed to process DNS response for shop.example with error: no addresses";
    "Preparing local reply with details ", Proves::Details,
        "Preparing local reply with details maintenance_mode";
    "SSL error: ", Proves::Transport,
        "SSL error: 268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER";
    "Sending local reply with details ", Proves::Details,
        "Sending local reply with details no_healthy_upstream";
    "TLS error: ", Proves::Transport,
        "TLS error: 268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER";
    "TLS_error:", Proves::Transport,
        "TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end";
    "client disconnected, failure reason: ", Proves::Transport,
        "client disconnected, failure reason: delayed connect error: Connection refused";
    "cluster '", NOTE, "cluster 'shop' match for URL '/cart'";
    "config not received from XDS server", NO_ROUTE,
        "config not received from XDS server (is Istiod running?): cds updates: 0 successful, 0 rejected";
    "connect timeout", Proves::Is(Sign::TimedOut, Some(Phase::Connect)), "connect timeout";
    "delayed connect error: ", Proves::Transport, "delayed connect error: Connection refused";
    "delayed connection error: ", Proves::Transport, "delayed connection error: 111";
    "delta config for ", REJECTED,
        "delta config for type.googleapis.com/envoy.config.route.v3.RouteConfiguration rejected: twice";
    "dns resolution for ", Proves::Is(Sign::ResolverFailed, None),
        "dns resolution for shop.example failed with c-ares status 0xb: \"Could not contact DNS servers\"";
    "dns resolution without records for ", Proves::Is(Sign::NameNotFound, None),
        "dns resolution without records for shop.example c-ares status 0x4: \"Domain name not found\"";
    "encoding headers via codec (end_stream=", NOTE,
        "encoding headers via codec (end_stream=false):";
    "enforced denied", Proves::Is(Sign::Denied, None), "enforced denied, matched policy none";
    "ext_authz filter rejected the request", Proves::Is(Sign::Denied, None),
        "ext_authz filter rejected the request. Response status code: '403'";
    "extraneous bytes after response complete: ", Proves::Is(Sign::Surplus, None),
        "extraneous bytes after response complete: 12";
    "gRPC config for ", REJECTED,
        "gRPC config for type.googleapis.com/envoy.config.listener.v3.Listener rejected: no such filter";
    "gRPC config: initial fetch timed out for ", NO_ROUTE,
        "gRPC config: initial fetch timed out for type.googleapis.com/envoy.config.cluster.v3.Cluster";
    "header validation failed: ", Proves::Is(Sign::ClientInvalid, None),
        "header validation failed: missing required header: :authority";
    "host='", Proves::Is(Sign::ResolverTimedOut, None), "host='shop.example' resolution timeout";
    "http/1.1 protocol error: ", Proves::Codec,
        "http/1.1 protocol error: header value contains invalid chars";
    "immediate connect error: ", Proves::Transport,
        "immediate connect error: Network is unreachable|remote address:10.0.0.1:80";
    "no cluster match for URL ", NO_ROUTE, "no cluster match for URL '/cart'";
    "no healthy host", Proves::Is(Sign::NoneHealthy, None),
        "no healthy host for HTTP connection pool";
    "no route match for URL ", NO_ROUTE, "no route match for URL '/cart'";
    "protocol error: ", Proves::Codec, "protocol error: headers size exceeds limit";
    "remote address:", Proves::Transport,
        "remote address:10.0.0.1:443,TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end";
    "stream reset: reset reason: local reset, response details: ", Proves::Details,
        "stream reset: reset reason: local reset, response details: http1.codec_error";
    "unknown cluster '", NO_ROUTE, "unknown cluster 'shop'";
    "upstream headers complete: end_stream=", Proves::Headers,
        "upstream headers complete: end_stream=false\n':status', '503'\n'content-length', '0'";
    "upstream per try timeout", TIMED_OUT, "upstream per try timeout";
    "upstream reset: reset reason: ", Proves::Reset,
        "upstream reset: reset reason: connection termination, transport failure reason: ";
    "upstream timeout", TIMED_OUT, "upstream timeout";
    "verify cert failed: ", Proves::Transport, "verify cert failed: verify SAN list";
    "workload certificate: ", Proves::Is(Sign::HandshakeFailed, None),
        "workload certificate: failed to sign";
};

/// What stands behind a name of a stranger's choice.
pub(super) const INFIXES: &[Phrase] = phrases! {
    "gRPC config stream ", Proves::ConfigStream,
        "StreamAggregatedResources gRPC config stream closed: 14, no healthy upstream";
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialects::envoy::log;

    #[test]
    fn the_table_is_sorted_and_each_phrase_is_read_from_its_example() {
        assert!(PHRASES.windows(2).all(|pair| pair[0].text < pair[1].text));
        for phrase in PHRASES.iter().chain(INFIXES) {
            assert!(phrase.example.contains(phrase.text), "{}", phrase.text);
            let proofs = log::message(phrase.example.as_bytes()).expect(phrase.text);
            let sign = proofs.iter().flatten().next_back().map(|proof| proof.sign);
            match phrase.proves {
                // A longer phrase with the same beginning may decide.
                Proves::Is(Sign::Harmless, _) => {}
                Proves::Is(wanted, _) => assert_eq!(sign, Some(wanted), "{}", phrase.text),
                _ => assert!(sign.is_some(), "{}", phrase.text),
            }
        }
    }
}
