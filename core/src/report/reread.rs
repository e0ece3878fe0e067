//! A diagnosis that was written as JSON, as a view again.

use super::view::{
    AttemptView, CandidateView, CauseView, CheckView, DiagnosisView, EvidenceView, RemedyView,
    RequestView, SettingView, TimingsView, UpstreamView,
};
use crate::scan::tree::{Fields, Wrong, id, list, number, text, whole, yes};
use crate::vocabulary::Confidence;
use alloc::borrow::Cow;
use serde_json::Value;

/// Unknown fields are passed over: a later version may have more.
pub(super) fn diagnosis(value: Value) -> Result<DiagnosisView, Wrong> {
    let mut it = Fields::of(value)?;
    let fault = it.need("fault", id)?;
    let certainty = it.need("certainty", confidence)?;
    let category = it.need("category", id)?;
    let view = DiagnosisView {
        schema: it.must("schema", words),
        gateway: it.take("gateway", id),
        at: it.take("at", text),
        status: it.take("status", whole),
        fault,
        phase: it.take("phase", id),
        certainty,
        candidates: it.part("candidates", |all| list(all, candidate)),
        category,
        causes: it.must("causes", |all| list(all, cause)),
        evidence: it.must("evidence", |all| list(all, evidence)),
        remedies: it.part("remedies", |all| list(all, remedy)),
        checks: it.part("checks", |all| list(all, check)),
        prevention: it.part("prevention", |all| list(all, words)),
        request: it.take("request", request),
        upstream: it.take("upstream", upstream),
        timings_ms: it.take("timings_ms", timings),
        proxy_status: it.take("proxy_status", text),
    };
    it.finish(view)
}

fn words(value: Value) -> Result<Cow<'static, str>, Wrong> {
    text(value).map(Cow::Owned)
}

fn confidence(value: Value) -> Result<Confidence, Wrong> {
    let share = Confidence::of_share(number(value)?);
    share.ok_or_else(|| Wrong::new("expected a share from 0 to 1"))
}

fn candidate(value: Value) -> Result<CandidateView, Wrong> {
    let mut it = Fields::of(value)?;
    let id = it.need("id", id)?;
    let certainty = it.need("certainty", confidence)?;
    let view = CandidateView { id, certainty };
    it.finish(view)
}

fn cause(value: Value) -> Result<CauseView, Wrong> {
    let mut it = Fields::of(value)?;
    let category = it.need("category", id)?;
    let confidence = it.need("confidence", confidence)?;
    let id = it.need("id", id)?;
    let view =
        CauseView { id, category, confidence, because: it.must("because", |all| list(all, text)) };
    it.finish(view)
}

fn evidence(value: Value) -> Result<EvidenceView, Wrong> {
    let mut it = Fields::of(value)?;
    let view = EvidenceView {
        source: it.must("source", words),
        file: it.take("file", text),
        line: it.take("line", whole),
        quote: it.must("quote", text),
        says: it.must("says", words),
    };
    it.finish(view)
}

fn remedy(value: Value) -> Result<RemedyView, Wrong> {
    let mut it = Fields::of(value)?;
    let cause = it.need("cause", id)?;
    let view = RemedyView {
        cause,
        does: it.must("do", text),
        stopgap: it.part("stopgap", yes),
        setting: it.take("setting", setting),
    };
    it.finish(view)
}

fn setting(value: Value) -> Result<SettingView, Wrong> {
    let mut it = Fields::of(value)?;
    let gateway = it.need("gateway", id)?;
    let view = SettingView {
        gateway,
        name: it.must("name", text),
        default: it.part("default", words),
        advice: it.must("advice", text),
        value: it.take("value", text),
        link: it.part("link", words),
    };
    it.finish(view)
}

fn check(value: Value) -> Result<CheckView, Wrong> {
    let mut it = Fields::of(value)?;
    let view = CheckView {
        run: it.must("run", text),
        outcome: it.part("outcome", text),
        tells: it.must("tells", |all| list(all, id)).into(),
    };
    it.finish(view)
}

fn request(value: Value) -> Result<RequestView, Wrong> {
    let mut it = Fields::of(value)?;
    let view = RequestView {
        method: it.take("method", text),
        authority: it.take("authority", text),
        path: it.take("path", text),
        id: it.take("id", text),
    };
    it.finish(view)
}

fn upstream(value: Value) -> Result<UpstreamView, Wrong> {
    let mut it = Fields::of(value)?;
    let view = UpstreamView {
        address: it.take("address", text),
        cluster: it.take("cluster", text),
        attempts: it.part("attempts", |all| list(all, attempt)),
    };
    it.finish(view)
}

fn attempt(value: Value) -> Result<AttemptView, Wrong> {
    let mut it = Fields::of(value)?;
    let view = AttemptView {
        address: it.take("address", text),
        status: it.take("status", whole),
        seconds: it.take("seconds", number),
    };
    it.finish(view)
}

fn timings(value: Value) -> Result<TimingsView, Wrong> {
    let mut it = Fields::of(value)?;
    let view = TimingsView {
        dns: it.take("dns", number),
        connect: it.take("connect", number),
        tls: it.take("tls", number),
        first_byte: it.take("first_byte", number),
        total: it.take("total", number),
    };
    it.finish(view)
}

#[cfg(test)]
mod tests {
    use super::diagnosis;
    use serde_json::json;
    use std::format;

    #[test]
    fn what_is_wrong_is_named() {
        let good = json!({"schema": "why502/1", "fault": "connect-refused", "certainty": 1,
            "category": "overload", "causes": [], "evidence": [], "later": 7});
        assert!(diagnosis(good.clone()).is_ok());
        for (field, value, wrong) in [
            ("fault", json!(null), "fault: expected a text, found null"),
            ("fault", json!(7), "fault: expected a text, found 7"),
            ("certainty", json!(1.5), "certainty: expected a share from 0 to 1"),
            (
                "status",
                json!(70000),
                "status: expected a whole number of at most 16 bits, found 70000",
            ),
            ("checks", json!("none"), "checks: expected an array, found \"none\""),
            (
                "upstream",
                json!({"attempts": [{}, 1]}),
                "upstream.attempts[1]: expected an object, found 1",
            ),
            ("remedies", json!([{"cause": "unknown"}]), "remedies[0]: missing field `do`"),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            let error = diagnosis(bad).unwrap_err();
            assert_eq!(format!("{}: {}", error.path(), error.what), wrong);
        }
    }
}
