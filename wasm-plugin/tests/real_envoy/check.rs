//! Whether what the filter says of an exchange is what was staged.

use serde_json::Value;

use crate::comparison::members;
use crate::gateway::Response;
use crate::stage::{Body, Case, Told};

impl Case {
    /// What is wrong with a response and its record in the access log.
    pub(crate) fn check(&self, response: &Response, record: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        let mut check = |what: &str, holds: bool| {
            if !holds {
                errors.push(what.to_owned());
            }
        };
        let fault = record["fault"].as_str().unwrap_or("-");
        let header = response.header("x-why502");
        let body = String::from_utf8_lossy(&response.body).into_owned();
        for (what, holds) in &self.also {
            check(what, holds(response));
        }
        if !matches!(self.body, Body::Diagnosis) {
            let whole = format!("{}{body}", response.head);
            let hidden = !whole.contains("hidden-") && !whole.contains("127.0.0.1");
            check("no name or address from inside is disclosed", hidden);
        }
        let (ours, _) = members(response);
        if matches!(self.told, Told::Nothing | Told::Unseen) {
            check("nothing is told", fault == "-" && header.is_empty() && ours.is_empty());
            return errors;
        }
        check(&format!("the fault is {}", self.faults.join(" or ")), self.faults.contains(&fault));
        let kept = said(record["proxy_status"].as_str().unwrap_or("-"));
        check(&format!("Proxy-Status is {}", self.proxy_status), kept == self.proxy_status);
        if self.in_headers {
            let in_header = header.split(';').next().unwrap_or("");
            check("the header names the fault", in_header == fault);
            let cause = record["cause"].as_str().map(|cause| format!("; cause={cause};"));
            // Of these, what took more than a moment has another cause, and may pass that in between.
            let told =
                fault == "response-terminated" || cause.is_some_and(|it| header.contains(&it));
            check("and the cause", told);
            check("the header has the same member", said(&ours) == self.proxy_status);
        } else {
            check("the response has no header of ours", header.is_empty() && ours.is_empty());
        }
        let length = response.header("content-length");
        let whole =
            length == response.body.len().to_string() || response.head.starts_with("HTTP/2");
        let mut made = |kind: &str| {
            check(kind, response.header("content-type") == kind);
            check("its length", whole);
        };
        match self.body {
            Body::Any => {}
            Body::Problem => {
                made("application/problem+json");
                let problem: Result<Value, _> = serde_json::from_str(&body);
                let status = problem.as_ref().map(|problem| problem["status"].clone());
                check("its status", status.ok() == Some(response.status.into()));
                check("a problem for everybody", !body.contains(fault));
            }
            Body::Page => {
                made("text/html; charset=utf-8");
                check("a page for everybody", !body.contains(fault));
            }
            Body::Text => {
                made("text/plain; charset=utf-8");
                check("words for everybody", !body.contains(fault) && !body.contains('<'));
            }
            Body::Diagnosis => {
                let problem: Result<Value, _> = serde_json::from_str(&body);
                let named = problem.is_ok_and(|problem| problem["diagnosis"]["fault"] == fault);
                check("the diagnosis", named && body.contains("127.0.0.1"));
            }
            Body::None => check("no body", body.is_empty()),
            Body::Own(own) => check("its own body", body == own),
        }
        errors
    }
}

/// The error type of a member or, where it has none, what was received.
pub(crate) fn said(member: &str) -> String {
    let parameters = member.split(';').map(str::trim);
    let error = parameters.clone().find_map(|each| each.strip_prefix("error="));
    let received = || parameters.clone().find(|each| each.starts_with("received-status="));
    error.or_else(received).unwrap_or("-").to_owned()
}
