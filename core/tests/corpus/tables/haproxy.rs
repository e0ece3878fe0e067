//! HAProxy: collected from its sources and its manual.

use super::{Row, Table};
use why502::Fault;

/// The table.
pub const TABLE: Table = Table {
    name: "haproxy",
    text: include_str!("../../vocabulary/haproxy.tsv"),
    record,
    differs: DIFFERS,
    left_out: LEFT_OUT,
};

const DIFFERS: &[(&str, Fault, &str)] = &[
    ("SR", Fault::ResponseTerminated, ENDED),
    ("SH", Fault::ResponseTerminated, ENDED),
    ("502 SH", Fault::ResponseTerminated, ENDED),
    (
        "503 SC with server name",
        Fault::ConnectFailed,
        "Refused, unreachable and a failed handshake have the same letters.",
    ),
    ("L4CON", Fault::ConnectFailed, NOT_ONLY_REFUSED),
    ("Layer4 connection problem", Fault::ConnectFailed, NOT_ONLY_REFUSED),
    (
        "Server {backend}/{server} is DOWN, reason: {check}, code: {n}, info: \"{text}\", check \
         duration: {n}ms. {a} active and {b} backup servers left. {s} sessions active, {r} \
         requeued, {q} remaining in queue.",
        Fault::ConnectRefused,
        "The reason that is told is the fault.",
    ),
    (
        "Backup Server {backend}/{server} is DOWN, reason: {check}",
        Fault::ConnectFailed,
        "The reason that is told is the fault.",
    ),
    (
        "Health check for server {backend}/{server} failed, reason: {check}, code: {n}, info: \
         \"{text}\", check duration: {n}ms, status: {h}/{n} DOWN.",
        Fault::ConnectRefused,
        "The reason that is told is the fault; as an event it counts among no exchanges.",
    ),
];

const ENDED: &str = "A close and a reset have the same letters, so the parent is said.";
const NOT_ONLY_REFUSED: &str = "Refused and unreachable are one result; the info tells them apart.";

const LEFT_OUT: &[(&str, &str)] = &[
    ("via agent : {text}", PART),
    ("at initial connection step of tcp-check", PART),
    ("at step {n} of tcp-check ({rule})", PART),
    ("Running on backup.", PART),
    ("'disable' on stats page", PART),
    ("'stop' on stats page", PART),
];

const PART: &str = "Stands within other messages, and adds nothing to what they prove.";

fn record(row: &Row<'_>) -> String {
    match row.place {
        "access-log" => traffic(row.token, row.fault),
        "error-log" => error_log(row.token, row.fault),
        "attribute" => attribute(row.token),
        "body" => page(row.token),
        place => panic!("no record for {place}"),
    }
}

/// What differs between lines of traffic.
#[derive(Clone, Copy)]
struct Shape<'a> {
    target: &'a str,
    timers: &'a str,
    status: &'a str,
    state: &'a str,
    retries: &'a str,
    queues: &'a str,
    request: &'a str,
    added: &'a str,
}

const USUAL: Shape<'_> = Shape {
    target: "shop/app1",
    timers: "0/0/1/12/13",
    status: "200",
    state: "----",
    retries: "0",
    queues: "0/0",
    request: "\"GET /cart/81 HTTP/1.1\"",
    added: "",
};

impl Shape<'_> {
    fn line(self) -> String {
        let Self { target, timers, status, state, retries, queues, request, added } = self;
        format!(
            "Sep 14 08:11:02 lb1 haproxy[417]: 203.0.113.24:51022 [14/Sep/2026:08:11:02.101] \
             shop_in {target} {timers} {status} 217 - - {state} 3/3/1/1/{retries} {queues} {request}\
             {added}\n"
        )
    }
}

/// A line as HAProxy writes it at the end of an exchange with this state.
fn with_state(state: &str, fault: Option<Fault>) -> Shape<'static> {
    let (timers, status) = match state {
        "CR" => ("-1/-1/-1/-1/81", "400"),
        "cR" => ("-1/-1/-1/-1/5001", "408"),
        "CQ" | "cQ" | "SQ" | "sQ" | "PQ" | "RQ" | "DQ" | "KQ" | "UQ" | "IQ" => {
            ("0/-1/-1/-1/2001", "503")
        }
        "cH" => ("0/0/1/-1/10001", "408"),
        "PR" => ("0/-1/-1/-1/0", "403"),
        "PT" | "-T" | "ST" | "sT" => ("0/10001/-1/-1/10001", "500"),
        "PH" => ("0/0/1/-1/12", "502"),
        "sH" | "sR" => ("0/0/1/-1/50002", "504"),
        "SH" | "SR" | "DH" | "UH" | "KH" | "IH" | "RH" => ("0/0/1/-1/12", "502"),
        state if state.ends_with(['D', 'L']) => ("0/0/1/12/50014", "200"),
        state if state.starts_with('L') || state.starts_with("-") => ("0/0/1/12/13", "200"),
        _ => ("0/0/-1/-1/3005", "503"),
    };
    // In the middle of its phase: what tells no fault has no status of one either.
    let status = if fault.is_none() && status == "200" { "200" } else { status };
    Shape { timers, status, ..USUAL }
}

fn traffic(token: &str, fault: Option<Fault>) -> String {
    let refused = Shape { timers: "0/0/-1/-1/3005", status: "503", state: "SC--", ..USUAL };
    let no_server = Shape { target: "shop/<NOSRV>", timers: "0/-1/-1/-1/0", ..refused };
    let (status, state) = token.split_once(' ').unwrap_or(("", ""));
    match token {
        "<NOSRV>" | "503 SC NOSRV" => no_server.line(),
        "<BADREQ>" => Shape {
            target: "shop_in/<NOSRV>",
            timers: "-1/-1/-1/-1/0",
            status: "400",
            state: "PR--",
            request: "\"<BADREQ>\"",
            ..USUAL
        }
        .line(),
        "503 SC with server name" => Shape { retries: "3", ..refused }.line(),
        "{frontend}~" => USUAL.line().replace("shop_in", "shop_in~"),
        _ if token.starts_with('<') => {
            let target = format!("shop/{}", token.replace("{service}", "cart"));
            Shape { target: &target, state: "LR--", ..USUAL }.line()
        }
        "TR=-1" => {
            Shape { timers: "-1/-1/-1/-1/5001", status: "408", state: "cR--", ..USUAL }.line()
        }
        "Tw=-1" => Shape { timers: "0/-1/-1/-1/0", status: "403", state: "PR--", ..USUAL }.line(),
        "Tc=-1" => refused.line(),
        "Tr=-1" => Shape { timers: "0/0/1/-1/50002", status: "504", state: "sH--", ..USUAL }.line(),
        "Ta=-1" => Shape { timers: "-1/-1/-1/-1/-1", status: "400", state: "CR--", ..USUAL }.line(),
        "Td=-1" | "Tw={large}" => Shape { timers: "0/4000/1/12/4013", ..USUAL }.line(),
        "+{Ta}" => Shape { timers: "0/0/1/12/+13", ..USUAL }.line(),
        "status=-1" => {
            Shape { timers: "0/0/-1/-1/81", status: "-1", state: "CC--", ..USUAL }.line()
        }
        "retries={n}" => Shape { retries: "2", ..USUAL }.line(),
        "retries=+{n}" => Shape { retries: "+2", ..USUAL }.line(),
        "srv_queue/backend_queue={n}/{n}" => Shape {
            timers: "0/-1/-1/-1/2001",
            status: "503",
            state: "sQ--",
            queues: "3/4",
            ..USUAL
        }
        .line(),
        "NI" => Shape { state: "--NI", ..USUAL }.line(),
        _ if status.len() == 3 => {
            let shape = with_state(state, fault);
            Shape { status, state: &format!("{state}--"), ..shape }.line()
        }
        state => Shape { state: &format!("{state}--"), ..with_state(state, fault) }.line(),
    }
}

/// Fields that operators add to the format.
fn attribute(token: &str) -> String {
    let failed = Shape { timers: "0/0/-1/-1/3005", status: "503", state: "SC--", ..USUAL };
    match token {
        "0 Success" => Shape { added: " bc_err=0 bc_err_str=\"Success\"", ..USUAL }.line(),
        // About the client's connection.
        _ if token.starts_with("PRX_") || token.starts_with("CIP_") => message_of(token),
        "SSL_RENEG" | "SSL_KEYUPDATE" => message_of(token),
        "SSL_FATAL" | "POLLERR" | "ERESET" | "ENCONN" | "EPIPE" => {
            let added = format!(" bc_err_name={token}");
            Shape { timers: "0/0/1/-1/9", status: "502", state: "SH--", added: &added, ..USUAL }
                .line()
        }
        _ if token.chars().all(|letter| letter.is_ascii_uppercase() || "_4".contains(letter)) => {
            Shape { added: &format!(" bc_err_name={token}"), ..failed }.line()
        }
        // A name of a field, with a value that tells nothing.
        name => Shape { added: &format!(" {name}=0"), ..USUAL }.line(),
    }
}

/// The error format's line for a name.
fn message_of(name: &str) -> String {
    let message = match name {
        "PRX_EMPTY" => "Connection closed while waiting for PROXY protocol header",
        "PRX_ABORT" => "Connection error while waiting for PROXY protocol header",
        "PRX_TIMEOUT" => "Timeout while waiting for PROXY protocol header",
        "PRX_TRUNCATED" => "Truncated PROXY protocol header received",
        "PRX_NOT_HDR" => "Received something which does not look like a PROXY protocol header",
        "PRX_BAD_HDR" => "Received an invalid PROXY protocol header",
        "PRX_BAD_PROTO" => "Received an unhandled protocol in the PROXY protocol header",
        "CIP_EMPTY" => "Connection closed while waiting for NetScaler Client IP header",
        "CIP_ABORT" => "Connection error while waiting for NetScaler Client IP header",
        "CIP_TIMEOUT" => "Timeout while waiting for a NetScaler Client IP header",
        "CIP_TRUNCATED" => "Truncated NetScaler Client IP header received",
        "CIP_BAD_MAGIC" => "Received an invalid NetScaler Client IP magic number",
        "CIP_BAD_PROTO" => "Received an unhandled protocol in the NetScaler Client IP header",
        "SSL_RENEG" => "Rejected a client-initiated SSL renegotiation attempt",
        _ => "Aborted connection after a TLS 1.3 KeyUpdate flood",
    };
    client_error(message)
}

fn client_error(message: &str) -> String {
    format!(
        "Sep 14 08:11:02 lb1 haproxy[417]: 203.0.113.24:51022 [14/Sep/2026:08:11:02.101] \
         shop_in/1: {message}\n"
    )
}

fn page(token: &str) -> String {
    let (head, words) = token.split_once("</h1> ").expect("a page of HAProxy's");
    format!("<html><body>{head}</h1>\n{words}\n</body></html>\n")
}

const SYSLOG: &str = "Sep 14 08:11:02 lb1 haproxy[417]: ";

fn error_log(token: &str, fault: Option<Fault>) -> String {
    let down = |reason: &str| {
        format!(
            "{SYSLOG}Server shop/app1 is DOWN, reason: {reason}, check duration: 12ms. 1 active \
             and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.\n"
        )
    };
    let code = token.trim_start_matches("* ");
    if code.len() < 9
        && code.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
    {
        return stat_row(token);
    }
    // Results of checks, and what their info says.
    if token.starts_with("Layer") || token.starts_with("External check") {
        return match token.contains("passed") {
            true => format!(
                "{SYSLOG}Server shop/app1 is UP, reason: {token}, check duration: 1ms. 2 active \
                 and 0 backup servers online. 0 sessions requeued, 0 total in queue.\n"
            ),
            false => down(token),
        };
    }
    match token {
        "Socket error" | "Health analyze" | "Initializing" | "No status change" => {
            return down(token);
        }
        "Connection refused" | "No route to host" | "Network is unreachable" => {
            return down(&format!("Layer4 connection problem, info: \"{token}\""));
        }
        "Connection reset by peer" => {
            return down(&format!("Layer7 invalid response, info: \"{token}\""));
        }
        _ => {}
    }
    if token.starts_with("TCPCHK") || token.starts_with("HTTP ") {
        let info = token.replace("{n}", "2").replace("{code}", "3C404");
        let result = match fault {
            Some(Fault::GatewayExhausted) => "Socket error",
            Some(Fault::UpstreamError) => "Layer7 wrong status",
            _ => "Layer7 invalid response",
        };
        return down(&format!("{result}, info: \"{info}\""));
    }
    const OBSERVED: &[&str] = &[
        "L4 unsuccessful connection",
        "Wrong http response",
        "Invalid http response",
        "Invalid http response (headers)",
        "Read error (http)",
        "Read timeout (http)",
        "Close from server (http)",
    ];
    if OBSERVED.contains(&token) || token.starts_with("Detected ") {
        let last = if token.starts_with("Detected") { "Health analyze" } else { token };
        return down(&format!(
            "Health analyze, info: \"Detected 10 consecutive errors, last one was: {last}\""
        ));
    }
    let filled = token
        .replace("{check}", "Layer4 connection problem")
        .replace("{backend}/{server}", "shop/app1")
        .replace("{UP|DOWN}/{READY|DRAIN}", "UP/READY")
        .replace("{UP|DOWN}", "UP")
        .replace("{h}/{n} UP", "3/3 UP")
        .replace("{h}/{n} DOWN", "0/2 DOWN")
        .replace("{a} active", "0 active")
        .replace("{b} backup", "0 backup")
        .replace("{name}", "shop")
        .replace("{text}", "Connection refused")
        .replace("({cause})", "")
        .replace("{fqdn}", "app.internal")
        .replace("{from}", "a.internal")
        .replace("{ip}", "192.0.2.10")
        .replace("{resolver}", "dns/r1")
        .replace("{pid}", "431")
        .replace("code {n} ({signal})", "code 139 (Segmentation fault)")
        .replace("{type}", "frontend");
    let filled = ["{a}", "{b}", "{n}", "{s}", "{r}", "{q}", "{p}"]
        .iter()
        .fold(filled, |text, place| text.replace(place, "1"));
    // Errors of connections: to a server as the operator logs them, else the error format's.
    let of_client = token.contains("PROXY protocol")
        || token.contains("NetScaler")
        || token.contains("renegotiation")
        || token.contains("KeyUpdate");
    if of_client {
        return client_error(&filled);
    }
    let is_state =
        ["Server ", "Backup Server", "Health check", "Agent check", "backend ", "proxy "]
            .iter()
            .chain(&[
                "Proxy ",
                "shop/app1",
                "soft-stop",
                "Current worker",
                "Former worker",
                "Paused",
            ])
            .any(|begins| filled.starts_with(begins));
    if is_state && !filled.starts_with("Server presented") && !filled.starts_with("Server refused")
    {
        return format!("{SYSLOG}{filled}\n");
    }
    let (timers, state) = match fault.map(Fault::phase) {
        Some(why502::Phase::ResponseHeaders | why502::Phase::Request) => ("0/0/1/-1/9", "SH--"),
        _ => ("0/0/-1/-1/3005", "SC--"),
    };
    let (status, timers, state) = match fault {
        Some(Fault::None) => ("200", "0/0/1/12/13", "----"),
        _ => ("503", timers, state),
    };
    Shape { timers, status, state, added: &format!(" bc_err_str=\"{filled}\""), ..USUAL }.line()
}

/// A server's row of `show stat`, as HAProxy 2.6 has it.
fn stat_row(check: &str) -> String {
    let down = check.contains("TOUT") || check.contains("RSP") || check.contains("STS");
    let down =
        down || ["L4CON", "SOCKERR", "HANA", "PROCERR"].iter().any(|code| check.ends_with(code));
    let status = if down { "DOWN" } else { "UP" };
    format!(
        "shop,app1,0,0,0,1,,9,810,1530,,0,,0,0,0,0,{status},1,1,0,2,1,40,40,,1,3,1,,9,,2,0,,1,\
         {check},,0,0,9,0,0,0,0,,,,,0,0,,,,,40,,,0,1,2,4,\n"
    )
}
