//! Envoy, and what Istio adds: collected from their sources.

use super::{Row, Table};
use why502::Fault;

/// Envoy's table.
pub const TABLE: Table = Table {
    name: "envoy",
    text: include_str!("../../vocabulary/envoy.tsv"),
    record,
    differs: DIFFERS,
    left_out: LEFT_OUT,
};

/// Istio's table.
pub const ISTIO: Table = Table {
    name: "istio",
    text: include_str!("../../vocabulary/istio.tsv"),
    record: istio_record,
    differs: ISTIO_DIFFERS,
    left_out: ISTIO_LEFT_OUT,
};

/// Envoy has one word for a connection that was closed and for one that was reset.
const ONE_WORD: &str = "The word stands for a close and for a reset, so the parent is said.";
const NO_REASON: &str = "The reason is a placeholder here: without one the connection had ended.";
const NO_TRANSPORT: &str = "The placeholder's place holds no words of a transport.";
const NO_MEMBER: &str = "One member was taken out, and others may be there: that is no failure.";
const STANDARD: &str =
    "The header is RFC 9209's, and read as such; Envoy's types lose what its flags say.";

const DIFFERS: &[(&str, Fault, &str)] = &[
    ("UC", Fault::ResponseTerminated, ONE_WORD),
    ("UpstreamConnectionTermination", Fault::ResponseTerminated, ONE_WORD),
    ("reason=connection termination", Fault::ResponseTerminated, ONE_WORD),
    ("upstream_reset_before_response_started", Fault::ResponseTerminated, ONE_WORD),
    ("upstream_reset_before_response_started{{reason}}", Fault::ResponseTerminated, NO_REASON),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: {reason}",
        Fault::ResponseTerminated,
        NO_REASON,
    ),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: {reason}, \
         transport failure reason: {text}",
        Fault::ResponseTerminated,
        NO_REASON,
    ),
    (
        "upstream connect error or disconnect/reset before headers. retried and the latest reset \
         reason: {reason}",
        Fault::ResponseTerminated,
        NO_REASON,
    ),
    (
        "upstream connect error or disconnect/reset before headers. retried and the latest reset \
         reason: {reason}, transport failure reason: {text}",
        Fault::ResponseTerminated,
        NO_REASON,
    ),
    (
        "upstream reset: reset reason: {reason}, transport failure reason: {text}",
        Fault::ResponseTerminated,
        NO_REASON,
    ),
    (
        "upstream connect error or disconnect/reset before headers",
        Fault::Unknown,
        "Without a reason, connecting may have failed as well as the response.",
    ),
    (
        "delayed connect error: {errno}",
        Fault::ConnectRefused,
        "The number that stands for the placeholder is that of a refusal.",
    ),
    (
        ":TLS_error_end",
        Fault::ConnectFailed,
        "The mark ends a reason; the flag beside it here says that connecting failed.",
    ),
    ("EJECT", Fault::None, NO_MEMBER),
    ("eject_unhealthy_event", Fault::None, NO_MEMBER),
];

const LEFT_OUT: &[(&str, &str)] = &[
    (
        "Proxy-Status: {name}; error={type}; details=\"{code_details}; {termination_details}; {flags}\"",
        STANDARD,
    ),
    ("Proxy-Status error=destination_unavailable", STANDARD),
    ("Proxy-Status error=http_response_timeout", STANDARD),
    ("Proxy-Status error=connection_timeout", STANDARD),
    ("Proxy-Status error=connection_terminated", STANDARD),
    ("Proxy-Status error=connection_refused", STANDARD),
    ("Proxy-Status error=connection_limit_reached", STANDARD),
    ("Proxy-Status error=destination_not_found", STANDARD),
    ("Proxy-Status error=http_request_error", STANDARD),
    ("Proxy-Status error=proxy_configuration_error", STANDARD),
    ("Proxy-Status error=http_protocol_error", STANDARD),
    ("Proxy-Status error=dns_error", STANDARD),
];

const ISTIO_DIFFERS: &[(&str, Fault, &str)] = &[(
    "UC upstream_reset_before_response_started{connection_termination}",
    Fault::ResponseTerminated,
    ONE_WORD,
)];
const ISTIO_LEFT_OUT: &[(&str, &str)] = &[];

/// The status that Envoy sends with a fault of its own.
fn status(fault: Option<Fault>) -> u16 {
    match fault {
        None | Some(Fault::None) => 200,
        Some(Fault::ClientClosed) => 0,
        Some(Fault::ClientInvalid) => 400,
        Some(Fault::GatewayDenied) => 403,
        Some(Fault::ResponseTimeout) => 504,
        Some(Fault::ResponseMalformed | Fault::ResponseHeaderTooLarge) => 502,
        Some(fault) if fault.phase() == why502::Phase::ResponseBody => 200,
        Some(_) => 503,
    }
}

fn record(row: &Row<'_>) -> String {
    let token = values(row.token);
    match row.place {
        "error-log" => format!(
            "[2026-11-22 07:40:30.778][12][debug][router] [source/common/router/router.cc:1531] \
             [Tags: \"ConnectionId\":\"0\",\"StreamId\":\"157\"] {token}"
        ),
        "attribute" if token.contains('.') => {
            format!("{{\"response_flags\":\"-\",\"response_code\":200,\"{token}\":\"-\"}}")
        }
        "attribute" => json(status(row.fault), &token, "-", "-"),
        "body" => token,
        "header" => format!("< HTTP/1.1 {} x\r\n< {token}\r\n", status(row.fault)),
        "json-field" => event(&token),
        "access-log" => access_record(row, &token),
        place => panic!("no record for {place}"),
    }
}

/// An access record whose flags, details or transport failure reason are the row's.
fn access_record(row: &Row<'_>, token: &str) -> String {
    let status = status(row.fault);
    let blamed = ["http1.", "http2.", "http3.", "uhv.http1.", "grpc_bridge"];
    let upstream = row.fault.is_some_and(|fault| {
        use why502::Phase::{Connect, ResponseBody, ResponseHeaders, Tls};
        matches!(fault.phase(), Connect | Tls | ResponseHeaders | ResponseBody)
    });
    // The mark of an end has no flag of its own.
    let flag = if upstream || token == ":TLS_error_end" { "UF" } else { "-" };
    if token == "-" || token.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return text(status, token, "", "-");
    }
    if let Some(reason) = token.strip_prefix("reason=") {
        let details =
            format!("upstream_reset_before_response_started{{{}}}", reason.replace(' ', "_"));
        return json(status, "-", &details, "-");
    }
    if is_transport(token) {
        return json(
            status,
            flag,
            "upstream_reset_before_response_started{remote_connection_failure}",
            token,
        );
    }
    // A codec's detail is the upstream's where the flags blame it.
    let blamed = upstream && blamed.iter().any(|begins| token.starts_with(begins));
    json(status, if blamed { "UPE" } else { "-" }, token, "-")
}

fn is_transport(token: &str) -> bool {
    [
        "delayed",
        "immediate",
        "TLS",
        ":",
        "verify cert",
        "QUIC",
        "TCP: ",
        "failed to bind",
        "socket creation",
        "connect timeout",
        "transport socket",
        "tsi_",
    ]
    .iter()
    .any(|begins| token.starts_with(begins))
}

fn text(status: u16, flags: &str, details: &str, transport: &str) -> String {
    let details = match details {
        "" => String::new(),
        details => format!(" {details} - \"{transport}\""),
    };
    format!(
        "[2026-11-22T07:40:30.778Z] \"GET /cart HTTP/1.1\" {status} {flags}{details} 0 91 12 - \"-\" \
         \"curl/8.5.0\" \"34e1c227-1646-4592-ac9f-695dbd7ceecf\" \"shop.example\" \"192.0.2.10:8080\""
    )
}

fn json(status: u16, flags: &str, details: &str, transport: &str) -> String {
    format!(
        "{{\"start_time\":\"2026-11-22T07:40:30.778Z\",\"method\":\"GET\",\"path\":\"/cart\",\
         \"response_code\":{status},\"response_flags\":\"{flags}\",\"response_code_details\":\
         \"{details}\",\"upstream_transport_failure_reason\":\"{transport}\",\"upstream_host\":\
         \"192.0.2.10:8080\"}}"
    )
}

/// An event of outlier detection or of a health check.
fn event(token: &str) -> String {
    match token {
        "EJECT" | "UNEJECT" => format!(
            "{{\"type\":\"CONSECUTIVE_5XX\",\"cluster_name\":\"shop\",\"upstream_url\":\
             \"192.0.2.10:8080\",\"action\":\"{token}\",\"num_ejections\":1,\"enforced\":true}}"
        ),
        _ if token.ends_with("_event") => format!(
            "{{\"health_checker_type\":\"HTTP\",\"host\":{{\"socket_address\":{{\"address\":\
             \"192.0.2.10\"}}}},\"cluster_name\":\"shop\",\"{token}\":{{}},\"timestamp\":\
             \"2026-11-22T07:40:30.778Z\"}}"
        ),
        "ACTIVE" | "PASSIVE" | "NETWORK" | "NETWORK_TIMEOUT" => format!(
            "{{\"health_checker_type\":\"HTTP\",\"cluster_name\":\"shop\",\"health_check_failure_event\"\
             :{{\"failure_type\":\"{token}\",\"first_check\":false}},\"timestamp\":\
             \"2026-11-22T07:40:30.778Z\"}}"
        ),
        _ => format!(
            "{{\"type\":\"{token}\",\"cluster_name\":\"shop\",\"upstream_url\":\
             \"192.0.2.10:8080\",\"action\":\"EJECT\",\"num_ejections\":1,\"enforced\":true}}"
        ),
    }
}

fn istio_record(row: &Row<'_>) -> String {
    let token = values(row.token);
    match row.place {
        "error-log" => format!(
            "2026-11-22T07:40:30.778Z\twarning\tenvoy config external/envoy/source/a.cc:152\t{token}\tthread=21"
        ),
        "json-field" => {
            format!("{{\"response_flags\":\"-\",\"response_code\":200,\"{token}\":\"-\"}}")
        }
        _ => istio_line(row, &token),
    }
}

fn istio_line(row: &Row<'_>, token: &str) -> String {
    let mut status = status(row.fault);
    let (mut flags, mut details, mut cluster, mut route) =
        ("-", "via_upstream", "outbound|80||shop", "default");
    match token {
        "BlackHoleCluster" => (status, flags, details, cluster) = (0, "UH", "-", token),
        "PassthroughCluster" | "InboundPassthroughCluster" => cluster = token,
        "block_all" => (status, details, route) = (502, "direct_response", token),
        "allow_any" | "default" => route = token,
        "- (route name)" => (status, flags, details, route) = (404, "NR", "route_not_found", "-"),
        _ if token.contains('|') && !token.contains('{') => cluster = token,
        _ => {
            if let Some((first, second)) = token.split_once(' ') {
                (flags, details) = (first, second);
            }
        }
    }
    format!(
        "[2026-11-22T07:40:30.778Z] \"GET /cart HTTP/1.1\" {status} {flags} {details} - \"-\" 0 91 12 - \"-\" \
         \"curl/8.5.0\" \"34e1c227-1646-4592-ac9f-695dbd7ceecf\" \"shop.example\" \"192.0.2.10:8080\" \
         {cluster} - 192.0.2.1:80 192.0.2.9:40000 - {route}"
    )
}

/// The token with values for its placeholders: the `|` in details stands for itself.
fn values(token: &str) -> String {
    // Istio's details are written out, and their braces stand for themselves.
    let mut text = match token.split_once("_started{") {
        Some((_, inside)) if !inside.starts_with('{') => {
            token.replace('{', "\u{1}").replace('}', "\u{2}")
        }
        _ => token
            .replace(
                "after_response_started{{reason}|{transport_failure_reason}}",
                "after_response_started\u{1}connection_termination\u{2}",
            )
            .replace(
                "{{reason}|{transport_failure_reason}}",
                "\u{1}remote_connection_failure|delayed_connect_error:_999\u{2}",
            )
            .replace("{{", "\u{1}")
            .replace("}}", "\u{2}"),
    };
    for (name, value) in [
        ("{a|b}", "a"),
        ("{ms}", "12"),
        ("{n}", "2"),
        ("{errno}", "111"),
        ("{code}", "268435610"),
        ("{QUIC_ERROR_NAME}", "QUIC_PEER_GOING_AWAY"),
        ("{addr}", "192.0.2.10:8080"),
        ("{ares_strerror}", "Domain name not found"),
    ] {
        text = text.replace(name, value);
    }
    while let Some(from) = text.find('{') {
        let Some(length) = text[from..].find('}') else { break };
        text.replace_range(from..=from + length, "shop");
    }
    text.replace('\u{1}', "{").replace('\u{2}', "}")
}
