//! The callbacks. Each returns to the host at once: no exchange is held up.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use why502::evidence::BodySignature;
use why502::{Diagnosis, Evidence, Outcome, diagnose};

use crate::by_id::ById;
use crate::emit;
use crate::host::{Absent, Host, Level, Map};
use crate::observe::{self, Facts, Request};
use crate::root::Root;
use crate::settings::{Replace, Settings};

/// More exchanges than this are never under way in one worker: a host that does not say when they
/// end must not fill the memory.
const MOST_STREAMS: usize = 100_000;

/// The filter in one worker: its configurations and the exchanges under way.
#[derive(Debug)]
pub struct Filter<H> {
    host: H,
    roots: ById<Root, 1>,
    streams: ById<Stream, 256>,
}

/// One exchange.
#[derive(Debug)]
struct Stream {
    root: u32,
    /// Whether response headers came by.
    seen: bool,
    /// Whether it was counted.
    counted: bool,
    /// Whether all of the response came by.
    ended: bool,
    /// Whether it was answered with a status of the 400s.
    refused: bool,
    /// The request, where the configuration needs it when the response comes.
    request: Option<Box<Request>>,
    failure: Option<Box<Failure>>,
    body: Body,
}

/// What is known of an exchange that did not end well.
#[derive(Debug)]
struct Failure {
    facts: Facts,
    diagnosis: Diagnosis,
}

/// What to do with the response's body.
#[derive(Debug, Default)]
enum Body {
    /// It stays as it is.
    #[default]
    Keep,
    /// It stays, and its beginning is looked at.
    Look,
    /// This takes its place.
    Replace(Vec<u8>),
    /// The rest of a body that was replaced goes.
    Drop,
}

/// What the first look at a response says.
enum Glance {
    Healthy,
    /// A refusal: it may be the gateway's, or an upgrade that failed.
    Refused,
    Failed,
}

impl<H: Host> Filter<H> {
    /// A filter that knows nothing yet.
    pub const fn new(host: H) -> Self {
        Self { host, roots: ById::new(), streams: ById::new() }
    }

    /// The host that it runs in.
    pub const fn host(&self) -> &H {
        &self.host
    }

    /// A configuration or, under `root`, an exchange begins.
    pub fn on_context_create(&mut self, context: u32, root: u32) {
        if root == 0 {
            self.root(context);
            return;
        }
        if self.streams.len() >= MOST_STREAMS {
            // The oldest: its end was never told.
            if let Some(oldest) = self.streams.least() {
                self.on_delete(oldest);
            }
        }
        let Some(known) = self.roots.get_mut(root) else { return };
        if self.streams.insert(context, Stream::under(root)).is_none() {
            known.streams = known.streams.saturating_add(1);
        }
    }

    /// A configuration comes. Whether it is a good one.
    pub fn on_configure(&mut self, context: u32) -> bool {
        self.root(context);
        let Some(root) = self.roots.get_mut(context) else { return false };
        match root.configure(&self.host) {
            Ok(()) => true,
            Err(error) => {
                self.host.log(Level::Error, &format!("why502: configuration: {error}"));
                false
            }
        }
    }

    /// The timer of a configuration.
    pub fn on_tick(&mut self, context: u32) {
        if let Some(root) = self.roots.get_mut(context) {
            root.tick(&self.host);
        }
    }

    /// The request's headers. They are read, in one call, only where error bodies are replaced: Envoy
    /// does not show them any more when the response comes.
    pub fn on_request_headers(&mut self, context: u32) {
        let Some((host, stream, root)) = self.parts(context) else { return };
        if root.settings.replace != Replace::Nothing {
            stream.request = Some(Box::new(Request::read(host, &root.settings)));
        }
    }

    /// The response's headers. `end` says that neither body nor trailers follow.
    pub fn on_response_headers(&mut self, context: u32, end: bool) {
        let Some((host, stream, root)) = self.parts(context) else { return };
        stream.seen = true;
        stream.ended = end;
        let failed = match glance(host, end) {
            Glance::Healthy => false,
            Glance::Refused => {
                stream.refused = true;
                refused_here(host)
            }
            Glance::Failed => true,
        };
        if !failed {
            return;
        }
        let request = stream.request.take().map(|request| *request);
        let facts = Facts::gather(host, &root.settings, request);
        let evidence = facts.evidence();
        let diagnosis = diagnose(&evidence);
        if facts.is_wanted() || diagnosis.outcome() == Outcome::Healthy {
            return;
        }
        show(host, root, stream, (&facts, &evidence), &diagnosis, end);
        stream.failure = Some(Box::new(Failure { facts, diagnosis }));
    }

    /// A part of the response's body. `end` says that nothing follows.
    pub fn on_response_body(&mut self, context: u32, size: usize, end: bool) {
        let Some((host, stream, root)) = self.parts(context) else { return };
        stream.ended = end;
        match core::mem::take(&mut stream.body) {
            Body::Keep => {}
            Body::Look if size == 0 => stream.body = Body::Look,
            Body::Look => {
                let start = host.body(LONGEST_LOOK).unwrap_or_default();
                if let Some(failure) = stream.failure.as_mut().filter(|_| !start.is_empty()) {
                    failure.facts.body = Some(BodySignature::of(&start));
                }
            }
            Body::Replace(page) => {
                stream.body = Body::Drop;
                if host.replace_body(&page).is_err() {
                    root.trouble(host, "the host did not let a body be replaced");
                }
            }
            Body::Drop => {
                stream.body = Body::Drop;
                if size > 0 {
                    let _ = host.replace_body(b"");
                }
            }
        }
    }

    /// The response's trailers: where gRPC says how a call ended.
    pub fn on_response_trailers(&mut self, context: u32) {
        let Some((host, stream, root)) = self.parts(context) else { return };
        stream.ended = true;
        if stream.failure.is_some() {
            return;
        }
        let Ok(code) = host.header(Map::ResponseTrailers, b"grpc-status") else { return };
        if !is_failure_of_grpc(&code) {
            return;
        }
        let request = stream.request.take().map(|request| *request);
        let mut facts = Facts::gather(host, &root.settings, request);
        facts.grpc_status = Some(code);
        let evidence = facts.evidence();
        let diagnosis = diagnose(&evidence);
        if diagnosis.outcome() != Outcome::Healthy {
            if root.settings.filter_state {
                let _ = emit::set_state(host, &evidence, &diagnosis);
            }
            stream.failure = Some(Box::new(Failure { facts, diagnosis }));
        }
    }

    /// The exchange is over.
    pub fn on_log(&mut self, context: u32) {
        let Some((host, stream, root)) = self.parts(context) else { return };
        if core::mem::replace(&mut stream.counted, true) {
            return;
        }
        let before = match stream.failure.take() {
            Some(mut failure) => {
                failure.facts.complete(host, &root.settings);
                Some(*failure)
            }
            // What came by whole came whole from the upstream: what happens afterwards happens between
            // the client and the gateway. What did not come by at all, Envoy answered before any filter
            // was asked.
            None if (stream.ended || (stream.seen && !ended_badly(host, root)))
                && !upgrade_failed(host, stream) =>
            {
                root.healthy(host);
                return;
            }
            None => None,
        };
        let shown = before.as_ref().map(|failure| failure.diagnosis);
        let facts = before.map_or_else(
            || {
                let request = stream.request.take().map(|request| *request);
                let mut facts = Facts::gather(host, &root.settings, request);
                facts.complete(host, &root.settings);
                // What came by at the headers was the upstream's, and no failure.
                facts.begun = stream.seen;
                facts
            },
            |failure| failure.facts,
        );
        let evidence = facts.evidence();
        let diagnosis = diagnose(&evidence);
        if facts.is_wanted() || diagnosis.outcome() == Outcome::Healthy {
            root.healthy(host);
            return;
        }
        // Of a verdict that changed with what is known at the end, the access log gets the last.
        let changed = shown.is_none_or(|shown| {
            (shown.fault(), shown.cause()) != (diagnosis.fault(), diagnosis.cause())
        });
        if changed && root.settings.filter_state {
            let _ = emit::set_state(host, &evidence, &diagnosis);
        }
        root.failed(host, &facts, &evidence, &diagnosis);
    }

    /// The host is about to end a context. It may.
    pub fn on_done(&mut self, context: u32) -> bool {
        if let Some(root) = self.roots.get_mut(context) {
            root.finish(&self.host);
        }
        true
    }

    /// A context is gone. An exchange that no log phase told of is counted now.
    pub fn on_delete(&mut self, context: u32) {
        if let Some(stream) = self.streams.remove(context) {
            let Some(root) = self.roots.get_mut(stream.root) else { return };
            root.streams = root.streams.saturating_sub(1);
            match stream.failure {
                _ if stream.counted => {}
                Some(failure) => {
                    let evidence = failure.facts.evidence();
                    root.failed(&self.host, &failure.facts, &evidence, &failure.diagnosis);
                }
                None if stream.seen => root.healthy(&self.host),
                None => {}
            }
            if root.retired && root.streams == 0 {
                root.finish(&self.host);
                self.roots.remove(stream.root);
            }
        } else if let Some(root) = self.roots.get_mut(context) {
            root.finish(&self.host);
            if root.streams == 0 {
                self.roots.remove(context);
            }
        }
    }

    /// Makes a configuration known.
    fn root(&mut self, context: u32) {
        if self.roots.get_mut(context).is_none() {
            self.roots.insert(context, Root::new(Settings::default()));
        }
    }

    /// What an exchange's callbacks work with.
    fn parts(&mut self, context: u32) -> Option<(&H, &mut Stream, &mut Root)> {
        let stream = self.streams.get_mut(context)?;
        let root = self.roots.get_mut(stream.root)?;
        Some((&self.host, stream, root))
    }
}

impl Stream {
    const fn under(root: u32) -> Self {
        Self {
            root,
            seen: false,
            counted: false,
            ended: false,
            refused: false,
            request: None,
            failure: None,
            body: Body::Keep,
        }
    }
}

/// How much of a body is looked at.
const LONGEST_LOOK: usize = 1024;

/// One call to the host: whether the response looks like a failure. Where headers are all of it, a
/// call of gRPC may have failed with status 200.
fn glance(host: &impl Host, end: bool) -> Glance {
    let (status, grpc) = if end {
        let headers = host.headers(Map::Response).unwrap_or_default();
        let code = headers.value(b"grpc-status").map(<[u8]>::to_vec);
        (headers.value(b":status").map(<[u8]>::to_vec), code)
    } else {
        (host.header(Map::Response, b":status").ok(), None)
    };
    match grpc.as_deref() {
        None | Some(b"0") => {}
        Some(code) if is_failure_of_grpc(code) => return Glance::Failed,
        // Refusals of the gateway look like those of the application.
        Some(_) => return Glance::Refused,
    }
    let status = status.and_then(|status| observe::decimal(&status));
    match status.or_else(|| observe::number(host, b"response\0code")) {
        Some(100..400) | None => Glance::Healthy,
        Some(400..500) => Glance::Refused,
        Some(_) => Glance::Failed,
    }
}

/// Codes of gRPC that speak of the server, not of what was asked of it: UNKNOWN, DEADLINE_EXCEEDED,
/// INTERNAL, UNAVAILABLE, DATA_LOSS.
fn is_failure_of_grpc(code: &[u8]) -> bool {
    matches!(code, b"2" | b"4" | b"13" | b"14" | b"15")
}

/// Whether a refusal needs a closer look: the gateway's own, or one of an upgrade.
fn refused_here(host: &impl Host) -> bool {
    match host.property(b"response\0code_details") {
        Ok(details) => !details.is_empty() && !details.starts_with(b"via_upstream"),
        // Other hosts show the request's headers now, and may have no log phase.
        Err(_) => asks_to_upgrade(host),
    }
}

/// Whether what was refused was an upgrade.
fn upgrade_failed(host: &impl Host, stream: &Stream) -> bool {
    stream.refused && asks_to_upgrade(host)
}

fn asks_to_upgrade(host: &impl Host) -> bool {
    let protocol = host.header(Map::Request, b"upgrade");
    protocol.is_ok_and(|protocol| observe::is_websocket(&protocol))
}

/// One call to the host: whether an exchange that began well ended otherwise.
fn ended_badly(host: &impl Host, root: &mut Root) -> bool {
    if !root.flags.worth_it() {
        return false;
    }
    let flags = observe::number(host, b"response\0flags");
    root.flags.answered(flags.is_some());
    flags.is_some_and(|flags| flags != 0)
}

/// Shows a diagnosis while the response's headers are at hand, in every way that is switched on.
fn show(
    host: &impl Host,
    root: &mut Root,
    stream: &mut Stream,
    (facts, evidence): (&Facts, &Evidence<'_>),
    diagnosis: &Diagnosis,
    end: bool,
) {
    let settings = &root.settings;
    let mut done = Ok(());
    if settings.proxy_status {
        if let Some(member) = emit::proxy_status(evidence, diagnosis, settings) {
            done = done.and(host.add_header(b"proxy-status", member.as_bytes()));
        }
    }
    if let Some(name) = settings.fault_header.as_deref() {
        let value = emit::fault_header(diagnosis);
        done = done.and(host.add_header(name.as_bytes(), value.as_bytes()));
    }
    if settings.filter_state {
        done = done.and(emit::set_state(host, evidence, diagnosis));
    }
    if !end && replaces(settings, facts, diagnosis) {
        let trusted = is_trusted(settings, facts);
        let page = emit::build_page(facts, diagnosis, settings, trusted);
        match head_for(host, &page) {
            Ok(()) => stream.body = Body::Replace(page.body),
            Err(absent) => done = Err(absent),
        }
    } else if !end && !facts.is_envoys() {
        stream.body = Body::Look;
    }
    if let Err(Absent::Failed(status)) = done {
        root.trouble(host, &format!("the host refused to show a diagnosis (status {status})"));
    }
}

/// Whether the configuration wants this body replaced, and HTTP lets it be.
fn replaces(settings: &Settings, facts: &Facts, diagnosis: &Diagnosis) -> bool {
    let asked = match settings.replace {
        Replace::Nothing => false,
        Replace::Local => facts.is_local(),
        Replace::All => true,
    };
    let has_body = facts.status.is_some_and(|status| status >= 400)
        && !matches!(facts.request.method.as_deref(), Some(b"HEAD" | b"CONNECT"));
    asked && has_body && !facts.is_grpc() && diagnosis.outcome() == Outcome::Failed
}

/// Whether the configuration lets this client see the diagnosis.
fn is_trusted(settings: &Settings, facts: &Facts) -> bool {
    // Port 0 is that of an address which Envoy took from `x-forwarded-for`: a client's mere claim.
    let near = |client: &[u8]| {
        !client.ends_with(b":0")
            && settings.trusted.cidrs.iter().any(|network| network.holds(client))
    };
    facts.request.trusted || facts.client.as_deref().is_some_and(near)
}

/// Makes the headers those of the page. What described the old body goes; caching stays as it was.
fn head_for(host: &impl Host, page: &emit::Page) -> Result<(), Absent> {
    // A response without a length may have no body at all: it keeps having none.
    let length = host.header(Map::Response, b"content-length");
    host.replace_header(b"content-type", page.content_type.as_bytes())?;
    if length.is_ok() {
        host.replace_header(b"content-length", page.body.len().to_string().as_bytes())?;
    }
    host.add_header(b"vary", b"accept")?;
    for name in OF_THE_OLD_BODY {
        match host.remove_header(name) {
            Ok(()) | Err(Absent::Missing | Absent::Unavailable) => {}
            Err(absent) => return Err(absent),
        }
    }
    Ok(())
}

/// Headers that speak of the bytes that are replaced.
const OF_THE_OLD_BODY: &[&[u8]] = &[
    b"accept-ranges",
    b"content-digest",
    b"content-disposition",
    b"content-encoding",
    b"content-language",
    b"content-md5",
    b"content-range",
    b"digest",
    b"etag",
    b"last-modified",
    b"repr-digest",
];
