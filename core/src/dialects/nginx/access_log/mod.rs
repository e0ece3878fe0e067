//! One record of nginx's access log, in any format whose parts can be told.
//!
//! ```text
//! combined = client " - " user " [" time "] " quoted-request " " status " " bytes [ " " tail ]
//! tail     = *( element " " )
//! element  = [ key "=" ] ( word / "[" text "]" / quoted ) / key ":" word
//! list     = item *( ( ", " / " : " ) item )
//! ```
//!
//! A format that is not `combined` with something behind it is a tail alone, or a JSON object. An
//! element is known by its key, else by its shape and its place: an address and a port is an
//! upstream, three decimals are seconds. nginx writes `\x22` for a quote inside a value, so that a
//! quote always ends it.

mod elements;
mod fields;
mod head;
mod json;
mod list;
mod nameless;

pub(crate) use head::glance;
pub(crate) use json::is_unfinished;

use self::fields::Fields;
use self::head::{Head, client};
use crate::evidence::{Bytes, Evidence, Origin, Source};
use crate::scan::{self, time};
use crate::vocabulary::Gateway;

/// Whether a record is nginx's where the one before it was: `combined` with something behind its bytes,
/// which Apache's `common` has not, or JSON with nginx's own names.
pub(crate) fn is_likely(line: &[u8]) -> bool {
    match line.first() {
        Some(b'{') => {
            memchr::memmem::find(line, b"\"upstream_addr\"").is_some()
                && memchr::memmem::find(line, b"response_flags").is_none()
        }
        _ => {
            Head::read(line).is_some_and(|(head, tail)| head.body_sent.is_some() && tail.len() > 1)
        }
    }
}

/// Reads a record. False, and nothing read, where the line is none.
pub(crate) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    match parsed(line, origin) {
        Some(read) => {
            *evidence = read;
            true
        }
        None => false,
    }
}

fn parsed(line: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let mut fields = Fields::default();
    let head = Head::read(line);
    if let Some((head, tail)) = head {
        fields.client = Some(client(head.who)?);
        fields.time = time::common(head.time);
        fields.request_line = Some(head.request);
        fields.status = Some(head.status);
        nameless::read_elements(tail, true, &mut fields);
    } else if line.first() == Some(&b'{') {
        json::read(line, &mut fields);
    } else {
        nameless::read_elements(line, false, &mut fields);
    }
    fields.upstream_address = fields.upstream_address.or_else(|| fields.upstream_or_agent());
    let asked = head.is_some()
        || fields.request_line.and_then(scan::request_line).is_some()
        || (fields.method.is_some() && fields.path.is_some())
        || fields.upstream_status.is_some()
        || fields.upstream_address.is_some();
    (asked && fields.status.is_some()).then_some(())?;
    let mut evidence = fields.gather()?;
    if let Some((head, _)) = head {
        evidence.body_sent = head.body_sent.map(Bytes::new);
    }
    Some(finish(evidence, line, origin))
}

fn finish<'a>(mut evidence: Evidence<'a>, line: &'a [u8], origin: Origin) -> Evidence<'a> {
    evidence.gateway = Some(Gateway::Nginx);
    evidence.sources.add(Source::AccessLog);
    evidence.records.push((origin, line));
    for seen in evidence.signs.iter_mut() {
        seen.origin = origin;
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::list::List;
    use super::*;
    use crate::classify::classify;
    use crate::dialects::Told;
    use crate::evidence::Millis;
    use crate::vocabulary::Fault;
    use alloc::string::String;
    use alloc::vec::Vec;

    fn origin() -> Origin {
        Origin::new(Source::AccessLog, 0, 1)
    }

    fn read(line: &[u8], origin: Origin) -> Option<Evidence<'_>> {
        parsed(line, origin)
    }

    fn line(tail: &str) -> String {
        alloc::format!(
            "198.51.100.7 - - [22/Nov/2026:07:38:39 +0000] \"GET /cart HTTP/1.1\" 502 157 \"-\" \
             \"curl/8.5.0\"{tail}"
        )
    }

    #[test]
    fn upstream_fields_are_found_under_every_name_and_shape() {
        for tail in [
            " rt=0.004 uct=\"0.001, -\" uht=\"-, -\" urt=\"0.003, 0.001\" ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 502\"",
            " request_time=0.004 upstream_addr=10.0.0.1:80, 10.0.0.2:80 upstream_status=502, 502 upstream_response_time=0.003, 0.001 upstream_connect_time=0.001, - upstream_header_time=-, -",
            " 0.004 10.0.0.1:80, 10.0.0.2:80 502, 502 0.001, - -, - 0.003, 0.001",
            " 1570 0.004 [default-shop-80] [] 10.0.0.1:80, 10.0.0.2:80 0, 0 0.003, 0.001 502, 502 7518a3f78e7cc86696e3996e6382a42a",
            " \"10.0.0.1:80, 10.0.0.2:80\" \"502, 502\" 0.004 \"0.003, 0.001\"",
            " |0.004|10.0.0.1:80 : 10.0.0.2:80|502 : 502|0.003 : 0.001",
        ] {
            let line = line(tail);
            let evidence = read(line.as_bytes(), origin()).unwrap();
            assert_eq!(evidence.status, Some(502), "{tail}");
            assert!(evidence.upstream_told, "{tail}");
            assert_eq!(evidence.attempts.len(), 2, "{tail}");
            let last = evidence.last_attempt().unwrap();
            assert_eq!(last.address, Some(&b"10.0.0.2:80"[..]), "{tail}");
            assert_eq!(last.status, Some(502), "{tail}");
            assert_eq!(last.total, Some(Millis::new(1)), "{tail}");
            assert_eq!(last.connect, None, "{tail}");
        }
    }

    proptest::proptest! {
        #[test]
        fn lists_are_split_where_a_plain_search_splits_them(text in "[a,: ]{0,16}") {
            let mut naive = Vec::new();
            let mut rest = text.as_str();
            loop {
                let places = [(", ", rest.find(", ")), (" : ", rest.find(" : "))];
                let first = places.iter().filter_map(|(by, at)| Some((at.as_ref()?, by))).min();
                let Some((at, by)) = first else { break };
                naive.push(&rest.as_bytes()[..*at]);
                rest = &rest[at + by.len()..];
            }
            naive.push(rest.as_bytes());
            proptest::prop_assert_eq!(List::of(text.as_bytes()).collect::<Vec<_>>(), naive);
        }
    }

    #[test]
    fn other_formats_are_read() {
        for text in [
            r#"{"time":"2026-11-22T07:38:39+00:00","remote_addr":"198.51.100.7","request_method":"GET","request_uri":"/cart","status":"502","upstream_addr":"10.0.0.2:80","upstream_status":"502","upstream_connect_time":"-","request_time":"0.004"}"#,
            r#"{"timeIso8601":"2026-11-22T07:38:39Z","remoteAddr":"198.51.100.7","requestMethod":"GET","requestUri":"/cart","status":502,"upstream-addr":"10.0.0.2:80","upstream-status":"502","upstream-connect-time":"-"}"#,
            r#"{"@timestamp":"2026-11-22T07:38:39Z","client":"198.51.100.7","request":{"method":"GET","uri":"/cart"},"response":{"status":502},"upstream":{"addr":"10.0.0.2:80","status":"502","connect_time":"-"}}"#,
            "time:22/Nov/2026:07:38:39 +0000\tclient:198.51.100.7\tmethod:GET\turi:/cart\tstatus:502\tupstream_addr:10.0.0.2:80\tupstream_status:502\tupstream_connect_time:-",
            r#"time="2026-11-22T07:38:39+00:00" client=198.51.100.7 method=GET uri=/cart status=502 upstream_addr="10.0.0.2:80" upstream_status=502 upstream_connect_time=-"#,
            r#"2026-11-22T07:38:39+00:00 198.51.100.7 "GET /cart HTTP/1.1" 502 0.004 upstream_addr=10.0.0.2:80 us=502 uct=-"#,
        ] {
            let evidence = read(text.as_bytes(), origin()).expect(text);
            assert_eq!(evidence.status, Some(502), "{text}");
            assert!(evidence.at.is_some(), "{text}");
            assert_eq!(evidence.client, Some(&b"198.51.100.7"[..]), "{text}");
            assert_eq!(evidence.request.path, Some(&b"/cart"[..]), "{text}");
            assert_eq!(classify(&evidence).fault, Fault::ConnectFailed, "{text}");
        }
    }

    #[test]
    fn the_times_that_are_missing_tell_how_far_it_got() {
        let told = |status, uct, uht, ubr| {
            line(&alloc::format!(
                " rt=0.1 uct=\"{uct}\" uht=\"{uht}\" urt=\"0.1\" ua=\"10.0.0.2:80\" us=\"{status}\" ubr=\"{ubr}\""
            ))
        };
        for (text, fault) in [
            (told(502, "-", "-", "0"), Fault::ConnectFailed),
            (told(504, "-", "-", "0"), Fault::ConnectTimeout),
            (told(504, "0.001", "-", "0"), Fault::ResponseTimeout),
            (told(502, "0.001", "-", "0"), Fault::ResponseTerminated),
            (told(502, "0.001", "-", "4096"), Fault::ResponseMalformed),
            (told(502, "0.001", "0.002", "300"), Fault::UpstreamBadGateway),
            (line(" ua=\"shop\" us=\"502\" uct=\"-\" uht=\"-\""), Fault::NoHealthyUpstream),
            (line(""), Fault::Unknown),
            (line("").replace(" 502 ", " 504 "), Fault::ResponseTimeout),
            (line("").replace(" 502 ", " 499 "), Fault::ClientClosed),
            (
                line(" ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 502\" urt=\"0.001, 0.001\""),
                Fault::ConnectFailed,
            ),
            (
                line(" ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 502\" urt=\"0.001, 0.100\""),
                Fault::Unknown,
            ),
            (line(" ua=\"10.0.0.1:80\" us=\"502\" urt=\"0.001\""), Fault::Unknown),
            (line(" request_completion=\"\"").replace(" 502 ", " 200 "), Fault::ClientClosed),
            (line(" request_completion=\"OK\"").replace(" 502 ", " 200 "), Fault::None),
        ] {
            let evidence = read(text.as_bytes(), origin()).unwrap();
            assert_eq!(classify(&evidence).fault, fault, "{text}");
        }
    }

    #[test]
    fn the_client_is_found_behind_what_others_put_in_front() {
        let record = line("");
        for (prefix, client) in [
            ("", "198.51.100.7"),
            ("shop.example:443 ", "198.51.100.7"),
            ("shop.example ", "198.51.100.7"),
            ("nginx-1  | ", "198.51.100.7"),
            ("Mar 14 02:11:09 gw nginx: ", "198.51.100.7"),
            ("2026-11-22T07:38:39.123Z stdout F ", "198.51.100.7"),
            ("> ", "198.51.100.7"),
        ] {
            let text = alloc::format!("{prefix}{record}");
            let evidence = read(text.as_bytes(), origin()).expect(&text);
            assert_eq!(evidence.client, Some(client.as_bytes()), "{text}");
        }
        for client in ["2001:db8::7", "::1", "::ffff:10.0.0.9", "unix:", "client.example"] {
            let text = record.replace("198.51.100.7", client);
            let evidence = read(text.as_bytes(), origin()).expect(&text);
            assert_eq!(evidence.client, Some(client.as_bytes()), "{text}");
        }
        // These are opened by whoever knows the carrier.
        for prefix in ["12:", "access.log:12:", "access.log:"] {
            let text = alloc::format!("{prefix}{record}");
            assert!(read(text.as_bytes(), origin()).is_none(), "{text}");
        }
    }

    #[test]
    fn what_a_client_writes_is_no_upstream() {
        let combined = |referer: &str, agent: &str, tail: &str| {
            line(tail).replace("\"-\" \"curl/8.5.0\"", &alloc::format!("\"{referer}\" \"{agent}\""))
        };
        for text in [
            combined("10.0.0.1:80", "502", ""),
            combined("10.0.0.1:80, 10.0.0.2:80", "502, 503", ""),
            combined("10.0.0.1:80", "0.001", " \"198.51.100.7\""),
            combined("10.0.0.1:80", "502", " 0.004"),
            combined("-", "curl", " ua=\"node\""),
            combined("-", "curl", " rt=0.004 us=\"502\" uct=\"0.001\" ua=\"node\""),
            combined("-", "curl", " rt=0.004 ua=\"Mozilla/5.0 (10.0.0.1:80)\""),
        ] {
            let evidence = read(text.as_bytes(), origin()).unwrap();
            let address = evidence.last_attempt().and_then(|attempt| attempt.address);
            assert_eq!(address, None, "{text}");
        }
        let text = combined("10.0.0.1:80", "503", " 0.004 \"10.9.9.9:80\" \"502\" \"0.003\"");
        let evidence = read(text.as_bytes(), origin()).unwrap();
        let last = evidence.last_attempt().unwrap();
        assert_eq!((last.address, last.status), (Some(&b"10.9.9.9:80"[..]), Some(502)));
    }

    #[test]
    fn a_status_that_was_not_told_is_no_time() {
        for tail in [
            " 480 60.001 [default-users-svc-8080] [] 10.244.1.17:8080 0 60.001 - f00d7518a3f78e7c",
            " 60.001 10.244.1.17:8080 60.001 -",
        ] {
            let text = line(tail).replace("\" 502 157", "\" 499 0");
            let evidence = read(text.as_bytes(), origin()).unwrap();
            let last = evidence.last_attempt().unwrap();
            assert_eq!(last.total, Some(Millis::new(60_001)), "{tail}");
            assert_eq!((last.connect, last.status), (None, None), "{tail}");
            assert_eq!(evidence.timings.total, Some(Millis::new(60_001)), "{tail}");
        }
    }

    #[test]
    fn near_misses_are_healthy() {
        for text in [
            line("").replace(" 502 ", " 200 "),
            line("").replace(" 502 ", " 404 "),
            line("").replace(" 502 ", " 429 "),
            line("").replace(" 502 ", " 301 "),
            line("").replace("/cart", "/502/504").replace("\" 502 ", "\" 200 "),
            line(" rt=0.1 ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 200\" uct=\"-, 0.000\" uht=\"-, 0.001\"")
                .replace("\" 502 157", "\" 200 157"),
            line(" ua=\"10.0.0.1:80\" us=\"413\"").replace("\" 502 157", "\" 413 157"),
        ] {
            let evidence = read(text.as_bytes(), origin()).unwrap();
            assert_eq!(classify(&evidence).fault, Fault::None, "{text}");
        }
    }

    #[test]
    fn a_glance_agrees_with_a_reading() {
        for tail in
            ["", " rt=0.104 ua=\"-\"", " 0.104 0.100", " 12 0.104 [a] [] 10.0.0.1:80 0 0.1 502 x"]
        {
            let line = line(tail);
            let glance = glance(line.as_bytes(), Told { times: true, whole: true }).unwrap();
            let evidence = read(line.as_bytes(), origin()).unwrap();
            assert_eq!(Some(glance.status), evidence.status);
            assert_eq!(Some(glance.client), evidence.client);
            assert_eq!(glance.total, evidence.timings.total, "{tail}");
            assert_eq!(glance.body_sent.map(Bytes::new), evidence.body_sent);
            assert_eq!(time::common(glance.time), evidence.at);
        }
    }

    #[test]
    fn a_glance_agrees_with_a_reading_of_json() {
        let usual = r#"{"time_iso8601":"2026-11-22T07:38:34+00:00","remote_addr":"10.0.0.9","request":"GET /cart HTTP/1.1","status":"200","body_bytes_sent":"157","request_time":"0.104","upstream_addr":"10.0.0.1:80","upstream_status":"200","http_user_agent":"a \"status\":\"502\""}"#;
        let apart = usual.replace(
            r#""request":"GET /cart HTTP/1.1""#,
            r#""request_method":"GET","request_uri":"/cart""#,
        );
        for text in [usual.replace("cart", "basket"), apart, usual.replace("\"200\"", "\"404\"")] {
            let told = Told { times: false, whole: false };
            let glance = glance(text.as_bytes(), told).unwrap();
            let evidence = read(text.as_bytes(), origin()).unwrap();
            let path = scan::request_line(glance.request).map_or(glance.path, |(_, path)| path);
            assert_eq!(Some(path), evidence.request.path, "{text}");
            assert_eq!(Some(glance.status), evidence.status, "{text}");
            assert_eq!(Some(glance.client), evidence.client);
            assert_eq!(glance.total, evidence.timings.total);
            assert_eq!(time::any(glance.time), evidence.at);
            assert!(evidence.signs.is_empty(), "{text}");
        }
        // Envoy's, one that is cut, one without a time.
        for (this, that) in [
            (r#""status""#, r#""response_flags":"DC","status""#),
            ("\"}", ""),
            (r#""request_time":"0.104","#, ""),
        ] {
            let text = usual.replace(this, that);
            assert_eq!(
                glance(text.as_bytes(), Told { times: false, whole: false }),
                None,
                "{that}"
            );
        }
    }

    #[test]
    fn cut_lines_keep_what_was_read() {
        let whole =
            line(" rt=0.004 uct=\"0.001, -\" ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 502\"");
        for end in 0..whole.len() {
            if let Some(evidence) = read(&whole.as_bytes()[..end], origin()) {
                assert_eq!(evidence.status, Some(502));
            }
        }
        let lines: Vec<_> = (80..whole.len())
            .filter(|end| read(&whole.as_bytes()[..*end], origin()).is_some())
            .collect();
        assert_eq!(lines.len(), whole.len() - 80);
    }
}
