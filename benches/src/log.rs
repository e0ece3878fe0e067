//! Logs of any length: one kind of line each, with what differs from line to line in real ones.

use std::fmt::Write;

/// One kind of log.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// What it holds.
    pub name: &'static str,
    /// Whether no exchange in it failed.
    pub healthy: bool,
    write: fn(&mut String, &mut Traffic),
}

impl Log {
    /// A log of so many lines.
    #[must_use]
    pub fn lines(&self, count: usize) -> Vec<u8> {
        let mut traffic = Traffic::default();
        let mut text = String::new();
        for _ in 0..count {
            traffic.next();
            (self.write)(&mut text, &mut traffic);
            text.push('\n');
        }
        text.into_bytes()
    }
}

/// Every kind.
pub const LOGS: &[Log] = &[
    Log { name: "healthy, combined", healthy: true, write: |text, at| at.combined(text, 200) },
    Log {
        name: "healthy, upstream fields",
        healthy: true,
        write: |text, at| at.with_upstream(text, 200),
    },
    Log { name: "healthy, JSON", healthy: true, write: |text, at| at.json(text, 200) },
    Log {
        name: "failing, upstream fields",
        healthy: false,
        write: |text, at| at.with_upstream(text, 502),
    },
    Log { name: "failing, JSON", healthy: false, write: |text, at| at.json(text, 502) },
    Log { name: "envoy, healthy", healthy: true, write: |text, at| at.envoy(text, "200 -", "3") },
    Log {
        name: "envoy, failing",
        healthy: false,
        write: |text, at| at.envoy(text, "503 UF,URX", "-"),
    },
    Log { name: "istio, healthy", healthy: true, write: |text, at| at.istio(text, 200) },
    Log { name: "istio, failing", healthy: false, write: |text, at| at.istio(text, 503) },
    Log {
        name: "envoy, healthy, JSON",
        healthy: true,
        write: |text, at| at.envoy_json(text, 200, "-", "via_upstream", "null"),
    },
    Log {
        name: "envoy, failing, JSON",
        healthy: false,
        write: |text, at| {
            at.envoy_json(
                text,
                503,
                "UF",
                "upstream_reset_before_response_started{remote_connection_failure|\
                 delayed_connect_error:_Connection_refused}",
                "\"delayed_connect_error:_Connection_refused\"",
            );
        },
    },
    Log { name: "haproxy, healthy", healthy: true, write: |text, at| at.haproxy(text, 200) },
    Log { name: "haproxy, failing", healthy: false, write: |text, at| at.haproxy(text, 503) },
    Log { name: "error log", healthy: false, write: |text, at| at.error(text, "\"") },
    Log {
        name: "apache, healthy",
        healthy: true,
        write: |text, at| {
            at.combined(text, 200);
            text.push_str(" D=2417 X=+");
        },
    },
    Log {
        name: "apache, failing",
        healthy: false,
        write: |text, at| {
            at.combined(text, 503);
            text.push_str(" D=2417 X=-");
        },
    },
    Log { name: "apache, error log", healthy: false, write: |text, at| at.apache_error(text) },
    Log { name: "error log in JSON", healthy: false, write: |text, at| at.wrapped(text) },
    Log { name: "archive, healthy", healthy: true, write: |text, at| at.archive(text, 200) },
    Log { name: "archive, failing", healthy: false, write: |text, at| at.archive(text, 502) },
];

/// The error log's messages, with their actions.
const MESSAGES: [&str; 6] = [
    "connect() failed (111: Connection refused) while connecting to upstream",
    "upstream timed out (110: Connection timed out) while reading response header from upstream",
    "upstream prematurely closed connection while reading response header from upstream",
    "upstream sent too big header while reading response header from upstream",
    "recv() failed (104: Connection reset by peer) while reading response header from upstream",
    "upstream timed out (110: Connection timed out) while connecting to upstream",
];

/// What stands in front of Apache's messages.
const STATUSES: [&str; 3] = [
    "(70007)The timeout specified has expired",
    "(104)Connection reset by peer",
    "(70014)End of file found",
];

const PATHS: [&str; 5] = [
    "/",
    "/cart/items?page=2",
    "/api/v1/orders",
    "/static/css/main.7d5f0.css",
    "/search?q=red+shoes",
];

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// What differs from line to line.
#[derive(Default)]
struct Traffic {
    count: u32,
    random: u32,
}

impl Traffic {
    fn next(&mut self) {
        self.count += 1;
        // A linear congruence: enough to keep neighbours apart, the same in every run.
        self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    }

    fn pick<T: Copy>(&self, from: &[T], otherwise: T) -> T {
        let at = (self.random >> 16) as usize % from.len().max(1);
        from.get(at).copied().unwrap_or(otherwise)
    }

    /// A number below a limit.
    fn below(&self, limit: u32) -> u32 {
        (self.random >> 8) % limit
    }

    fn path(&self) -> &'static str {
        self.pick(&PATHS, "/")
    }

    /// Each exchange has a client of its own, so that none is taken for another's.
    fn client(&self) -> String {
        format!("10.{}.{}.{}", self.count >> 16 & 255, self.count >> 8 & 255, self.count & 255)
    }

    fn upstream(&self) -> String {
        format!("10.200.0.{}:8080", 2 + self.below(6))
    }

    /// Hours, minutes and seconds at a hundred lines a second.
    fn clock(&self) -> String {
        let seconds = self.count / 100 % 86_400;
        format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = text.write_fmt(line);
    }

    fn combined(&self, text: &mut String, status: u16) {
        Self::put(
            text,
            format_args!(
                "{} - - [22/Nov/2026:{} +0000] \"GET {} HTTP/1.1\" {status} {} \"-\" \"{AGENT}\"",
                self.client(),
                self.clock(),
                self.path(),
                self.below(40_000),
            ),
        );
    }

    fn with_upstream(&self, text: &mut String, status: u16) {
        self.combined(text, status);
        let (total, upstream) = (self.below(400), self.upstream());
        if status < 500 {
            Self::put(
                text,
                format_args!(
                    " rt=0.{total:03} uct=\"0.001\" uht=\"0.{total:03}\" urt=\"0.{total:03}\" \
                     ua=\"{upstream}\" us=\"{status}\" host=\"shop.example\""
                ),
            );
        } else {
            Self::put(
                text,
                format_args!(
                    " rt=0.{total:03} uct=\"-\" uht=\"-\" urt=\"0.{total:03}\" ua=\"{upstream}\" \
                     us=\"{status}\" host=\"shop.example\""
                ),
            );
        }
    }

    fn json(&self, text: &mut String, status: u16) {
        let connect = if status < 500 { "0.001" } else { "-" };
        Self::put(
            text,
            format_args!(
                "{{\"time_iso8601\":\"2026-11-22T{}+00:00\",\"remote_addr\":\"{}\",\
                 \"request\":\"GET {} HTTP/1.1\",\"status\":\"{status}\",\
                 \"body_bytes_sent\":\"{}\",\"request_time\":\"0.{:03}\",\
                 \"upstream_addr\":\"{}\",\"upstream_status\":\"{status}\",\
                 \"upstream_connect_time\":\"{connect}\",\"http_user_agent\":\"{AGENT}\"}}",
                self.clock(),
                self.client(),
                self.path(),
                self.below(40_000),
                self.below(400),
                self.upstream(),
            ),
        );
    }

    /// Envoy's head of a record, up to the fields that differ.
    fn envoy_head(&self, text: &mut String) {
        let (clock, path) = (self.clock(), self.path());
        Self::put(text, format_args!("[2026-11-22T{clock}.778Z] \"GET {path} HTTP/1.1\" "));
    }

    /// From the number of bytes to the upstream's address.
    fn envoy_tail(&self, text: &mut String, service_time: &str) {
        Self::put(
            text,
            format_args!(
                " 0 {} {} {service_time} \"{}\" \"{AGENT}\" \
                 \"34e1c227-1646-4592-ac9f-{:012x}\" \"shop.example\" \"{}\"",
                self.below(40_000),
                self.below(400),
                self.client(),
                self.count,
                self.upstream(),
            ),
        );
    }

    /// Envoy's default format.
    fn envoy(&self, text: &mut String, outcome: &str, service_time: &str) {
        self.envoy_head(text);
        text.push_str(outcome);
        self.envoy_tail(text, service_time);
    }

    /// Istio's.
    fn istio(&self, text: &mut String, status: u16) {
        self.envoy_head(text);
        if status < 500 {
            Self::put(text, format_args!("{status} - via_upstream - \"-\""));
        } else {
            Self::put(
                text,
                format_args!(
                    "{status} UF,URX upstream_reset_before_response_started{{remote_connection_failure|\
                     delayed_connect_error:_111}} - \"delayed_connect_error:_111\""
                ),
            );
        }
        self.envoy_tail(text, if status < 500 { "3" } else { "-" });
        text.push_str(
            " outbound|80||shop.default.svc.cluster.local 10.200.0.1:40100 10.96.0.5:80 \
             10.200.0.9:40000 - default",
        );
    }

    /// Envoy's fields as JSON; the reason as it stands there, `null` or in quotes.
    fn envoy_json(&self, text: &mut String, status: u16, flags: &str, details: &str, reason: &str) {
        Self::put(
            text,
            format_args!(
                "{{\"start_time\":\"2026-11-22T{}.778Z\",\"method\":\"GET\",\"path\":\"{}\",\
                 \"protocol\":\"HTTP/1.1\",\"response_code\":{status},\"response_flags\":\"{flags}\",\
                 \"response_code_details\":\"{details}\",\"upstream_transport_failure_reason\":\
                 {reason},\"duration\":{},\"x_forwarded_for\":\"{}\",\
                 \"user_agent\":\"{AGENT}\",\"upstream_host\":\"{}\"}}",
                self.clock(),
                self.path(),
                self.below(400),
                self.client(),
                self.upstream(),
            ),
        );
    }

    /// An archive of one entry, as Chromium exports it, with a page of some length.
    fn archive(&self, text: &mut String, status: u16) {
        let header = r#"{"name":"x-frame-options","value":"SAMEORIGIN"},"#.repeat(12);
        let page = "<p>Shoes, red and blue, in every size.</p>".repeat(100);
        Self::put(
            text,
            format_args!(
                "{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"WebInspector\"}},\"entries\":[{{\
                 \"_initiator\":{{\"type\":\"script\",\"stack\":{{\"callFrames\":[{{\"lineNumber\":7}}]}}}},\
                 \"request\":{{\"method\":\"GET\",\"url\":\"https://shop.example{}\",\"headers\":[{header}\
                 {{\"name\":\"user-agent\",\"value\":\"{AGENT}\"}}]}},\"response\":{{\"status\":{status},\
                 \"headers\":[{header}{{\"name\":\"server\",\"value\":\"nginx\"}}],\"content\":{{\"text\":\"{page}\"}},\
                 \"_error\":null}},\"serverIPAddress\":\"192.0.2.7\",\"startedDateTime\":\
                 \"2026-11-22T{}.123Z\",\"time\":{}.25,\"timings\":{{\"blocked\":1.5,\"dns\":-1,\"connect\":-1,\
                 \"ssl\":-1,\"send\":0.1,\"wait\":{}.25,\"receive\":1.25}}}}]}}}}",
                self.path(),
                self.clock(),
                self.below(400) + 3,
                self.below(400),
            ),
        );
    }

    /// A line of HAProxy's, as syslog puts it into a file.
    fn haproxy(&self, text: &mut String, status: u16) {
        let (total, server) = (self.below(400), self.below(6));
        let (timers, state) = match status {
            503 => (format!("0/0/-1/-1/{}", 3000 + total % 9), "SC--"),
            _ => (format!("0/0/1/{total}/{}", total + 1), "----"),
        };
        Self::put(
            text,
            format_args!(
                "Nov 22 {} lb1 haproxy[417]: {}:{} [22/Nov/2026:{}.{:03}] shop_in shop/app{server} \
                 {timers} {status} {} - - {state} 41/40/3/1/0 0/0 {{shop.example}} \"GET {} \
                 HTTP/1.1\"",
                self.clock(),
                self.client(),
                1024 + self.below(60_000),
                self.clock(),
                self.below(1000),
                self.below(40_000),
                self.path(),
            ),
        );
    }

    /// A line of the error log, with the quotes that its carrier wants.
    fn error(&self, text: &mut String, quote: &str) {
        let (path, upstream) = (self.path(), self.upstream());
        Self::put(
            text,
            format_args!(
                "2026/11/22 {} [error] 31#31: *{} {}, client: {}, server: shop.example, request: \
                 {quote}GET {path} HTTP/1.1{quote}, upstream: {quote}http://{upstream}{path}{quote}, \
                 host: {quote}shop.example{quote}",
                self.clock(),
                self.count,
                self.pick(&MESSAGES, ""),
                self.client(),
            ),
        );
    }

    /// A line of Apache's error log.
    fn apache_error(&self, text: &mut String) {
        Self::put(
            text,
            format_args!(
                "[Sun Nov 22 {}.417301 2026] [proxy_http:error] [pid 31:tid {}] {}: [client {}:40112] \
                 AH01102: error reading status line from remote server {}",
                self.clock(),
                140_000 + self.count,
                self.pick(&STATUSES, ""),
                self.client(),
                self.upstream(),
            ),
        );
    }

    /// The same as Docker keeps it.
    fn wrapped(&self, text: &mut String) {
        text.push_str("{\"log\":\"");
        self.error(text, "\\\"");
        Self::put(
            text,
            format_args!(
                "\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T{}.123456789Z\"}}",
                self.clock()
            ),
        );
    }
}
