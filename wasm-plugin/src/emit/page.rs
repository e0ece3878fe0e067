//! The body of an error response: for everybody what happened and whether trying again makes sense;
//! for trusted sources the diagnosis.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use why502::report::escape;
use why502::{Diagnosis, Fault, Outcome, Phase};
use why502_proxy_wasm::{Facts, Failure};

use super::accept::Kind;
use super::line;
use super::template::{Place, Template};
use crate::json::write_text;
use crate::settings::Settings;

/// A body with its media type.
pub(crate) struct Page {
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

/// What is said to everybody.
struct Said {
    title: &'static str,
    detail: &'static str,
    advice: String,
}

/// The body for a response that failed. `trusted` readers get the diagnosis.
pub(crate) fn build(failure: &Failure, settings: &Settings, trusted: bool) -> Page {
    let (facts, diagnosis) = (&failure.facts, failure.diagnosis());
    let kind = Kind::liked_by(facts.request.accept.as_deref());
    let said = Said {
        title: title(facts.status.unwrap_or(502)),
        detail: detail(diagnosis),
        advice: advice(facts, diagnosis),
    };
    let template = match kind {
        Kind::Problem => settings.templates.problem.as_ref(),
        Kind::Html => settings.templates.html.as_ref(),
        Kind::Text => settings.templates.text.as_ref(),
    };
    let context = Context { failure, facts, diagnosis, said, trusted };
    let body = match (template, kind) {
        (Some(template), kind) => context.fill(template, kind),
        (None, Kind::Problem) => context.problem(),
        (None, Kind::Html) => context.html(),
        (None, Kind::Text) => context.text(),
    };
    Page { content_type: kind.content_type(), body: body.into_bytes() }
}

struct Context<'a> {
    failure: &'a Failure,
    facts: &'a Facts,
    diagnosis: &'a Diagnosis,
    said: Said,
    trusted: bool,
}

impl Context<'_> {
    fn request_id(&self) -> Option<&[u8]> {
        self.facts.request.id.as_deref().filter(|id| !id.is_empty())
    }

    fn fill(&self, template: &Template, kind: Kind) -> String {
        template.fill(|to, place| {
            let value = match place {
                Place::Status => self.facts.status.unwrap_or(502).to_string(),
                Place::Title => self.said.title.into(),
                Place::Detail => self.said.detail.into(),
                Place::Advice => self.said.advice.clone(),
                Place::RequestId => {
                    String::from_utf8_lossy(self.request_id().unwrap_or(b"")).into_owned()
                }
                // Only what everybody may know, for everybody.
                Place::Fault if self.trusted => self.diagnosis.fault().to_string(),
                Place::Cause if self.trusted => self.diagnosis.cause().to_string(),
                Place::Fault | Place::Cause => String::new(),
            };
            match kind {
                Kind::Problem => {
                    // Within a JSON string: without its quotes.
                    let mut quoted = String::new();
                    write_text(&mut quoted, value.as_bytes());
                    let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                    to.push_str(inner.unwrap_or(""));
                }
                Kind::Html => {
                    let _ = write!(to, "{}", escape::html(&value));
                }
                Kind::Text => {
                    let _ = write!(to, "{}", escape::terminal(&value));
                }
            }
        })
    }

    fn problem(&self) -> String {
        let mut body = format!(
            "{{\"type\":\"about:blank\",\"title\":\"{}\",\"status\":{},\"detail\":\"{} {}\"",
            self.said.title,
            self.facts.status.unwrap_or(502),
            self.said.detail,
            self.said.advice
        );
        if let Some(id) = self.request_id() {
            body.push_str(",\"request_id\":");
            write_text(&mut body, id);
        }
        if self.trusted {
            body.push_str(",\"diagnosis\":");
            body.push_str(&line::write(self.failure, 0));
        }
        body.push_str("}\n");
        body
    }

    fn html(&self) -> String {
        let status = self.facts.status.unwrap_or(502);
        let Said { title, detail, advice } = &self.said;
        let mut body = format!(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{status} {title}</title>\n\
             <style>body{{font:1.1em/1.5 system-ui,sans-serif;max-width:36em;margin:15vh auto;\
             padding:0 1em}}small{{color:#666}}</style>\n\
             <h1>{title}</h1>\n<p>{detail}</p>\n<p>{advice}</p>\n"
        );
        if let Some(id) = self.request_id() {
            let id = String::from_utf8_lossy(id);
            let _ = writeln!(body, "<p><small>Request {}</small></p>", escape::html(&id));
        }
        for line in self.diagnosis_lines() {
            let _ = writeln!(body, "<p>{}</p>", escape::html(&line));
        }
        body.push_str("</html>\n");
        body
    }

    fn text(&self) -> String {
        let status = self.facts.status.unwrap_or(502);
        let Said { title, detail, advice } = &self.said;
        let mut body = format!("{status} {title}\n{detail}\n{advice}\n");
        if let Some(id) = self.request_id() {
            let id = String::from_utf8_lossy(id);
            let _ = writeln!(body, "Request {}", escape::terminal(&id));
        }
        for line in self.diagnosis_lines() {
            let _ = writeln!(body, "{}", escape::terminal(&line));
        }
        body
    }

    /// For trusted readers: fault, causes, what proves them.
    fn diagnosis_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.trusted {
            return lines;
        }
        let (fault, certainty) = (self.diagnosis.fault(), self.diagnosis.certainty());
        lines.push(format!("Fault: {fault} ({certainty})"));
        for ranked in self.diagnosis.causes().iter().take(3) {
            lines.push(format!("Cause: {} ({})", ranked.cause, ranked.confidence));
        }
        let evidence = self.facts.evidence();
        for seen in evidence.signs.iter().filter(|seen| !seen.quote.is_empty()) {
            lines.push(format!("Seen: {}", String::from_utf8_lossy(seen.quote)));
        }
        if let Some(upstream) = self.facts.upstream.as_deref() {
            lines.push(format!("Upstream: {}", String::from_utf8_lossy(upstream)));
        }
        lines
    }
}

/// The words that RFC 9110 has for a status; 52x are those of proxies in front.
const fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        413 => "Content Too Large",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        507 => "Insufficient Storage",
        status if status < 500 => "Request Refused",
        _ => "Server Error",
    }
}

/// What happened, for somebody who only wanted the page.
fn detail(diagnosis: &Diagnosis) -> &'static str {
    match diagnosis.outcome() {
        Outcome::Client => return "The request could not be read.",
        Outcome::Denied => return "The request is not allowed.",
        _ => {}
    }
    match diagnosis.phase() {
        Some(Phase::Select) => match diagnosis.fault() {
            Fault::NoUpstream => "There is no service at this address.",
            _ => "No server is free to answer at the moment.",
        },
        Some(Phase::Resolve | Phase::Connect) => "The server that answers here cannot be reached.",
        Some(Phase::Tls) => "No secure connection could be made to the server that answers here.",
        Some(Phase::ResponseHeaders | Phase::ResponseBody) => match diagnosis.fault() {
            Fault::ResponseTimeout | Fault::UpstreamGatewayTimeout | Fault::BodyTimeout => {
                "The server that answers here took too long."
            }
            Fault::UpstreamUnavailable => "The server that answers here is busy or under repair.",
            _ => "The server that answers here broke off, or its answer could not be read.",
        },
        _ => "The request could not be answered.",
    }
}

/// Whether trying again makes sense.
fn advice(facts: &Facts, diagnosis: &Diagnosis) -> String {
    let useless = match diagnosis.outcome() {
        Outcome::Client | Outcome::Denied => true,
        _ => matches!(
            diagnosis.fault(),
            Fault::NoUpstream | Fault::ConnectInvalid | Fault::ConnectDenied | Fault::GatewayLoop
        ),
    };
    if useless {
        return "Trying again will not help.".into();
    }
    if let Some(seconds) = facts.retry_after().filter(|seconds| *seconds <= 86_400) {
        return format!("Try again in {seconds} seconds.");
    }
    let safe = matches!(
        facts.request.method.as_deref(),
        Some(b"GET" | b"HEAD" | b"OPTIONS" | b"PUT" | b"DELETE") | None
    );
    // From when the request was sent it may have been carried out.
    let sent = diagnosis.phase().is_none_or(|phase| {
        matches!(phase, Phase::Request | Phase::ResponseHeaders | Phase::ResponseBody)
    });
    if sent && !safe {
        "It may have been carried out: look before you try again.".into()
    } else if diagnosis.phase() == Some(Phase::Tls) {
        "Trying again at once will hardly help.".into()
    } else {
        "Trying again in a moment may help.".into()
    }
}
