//! The callbacks. Each returns to the host at once: no exchange is held up.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use why502::{Cause, Fault, Outcome};
use why502_proxy_wasm::{Exchange, Failure, Request};

use crate::by_id::ById;
use crate::emit;
use crate::host::{Absent, Host, Level, Map};
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
    exchange: Exchange,
    /// Whether it was counted.
    counted: bool,
    /// Whether the request has the header of trusted sources.
    trusted: bool,
    /// What was shown while the response went by.
    shown: Option<(Fault, Cause)>,
    body: Body,
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
        if root.settings.replace == Replace::Nothing {
            return;
        }
        let headers = host.headers(Map::Request).unwrap_or_default();
        if let Some((name, secret)) = &root.settings.trusted.header {
            let sent = headers.value(name.as_bytes());
            stream.trusted = sent.is_some_and(|sent| same(sent, secret.as_bytes()));
        }
        stream.exchange.keep(Request::of(&headers));
    }

    /// The response's headers. `end` says that neither body nor trailers follow.
    pub fn on_response_headers(&mut self, context: u32, end: bool) {
        let Some((host, stream, root)) = self.parts(context) else { return };
        let Stream { exchange, trusted, shown, body, .. } = stream;
        let Some(failure) = exchange.on_response_headers(host, &mut root.known, end) else {
            return;
        };
        *shown = Some(failure.verdict());
        *body = show(host, root, failure, *trusted, end);
    }

    /// A part of the response's body. `end` says that nothing follows.
    pub fn on_response_body(&mut self, context: u32, size: usize, end: bool) {
        let Some((host, stream, root)) = self.parts(context) else { return };
        stream.exchange.on_response_body(end);
        match core::mem::take(&mut stream.body) {
            Body::Keep => {}
            Body::Look if size == 0 => stream.body = Body::Look,
            Body::Look => {
                stream.exchange.look_at_body(&host.body(LONGEST_LOOK).unwrap_or_default())
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
        let Some(failure) = stream.exchange.on_response_trailers(host, &mut root.known) else {
            return;
        };
        stream.shown = Some(failure.verdict());
        if root.settings.filter_state {
            let _ = emit::set_state(host, failure);
        }
    }

    /// The exchange is over.
    pub fn on_log(&mut self, context: u32) {
        let Some((host, stream, root)) = self.parts(context) else { return };
        if core::mem::replace(&mut stream.counted, true) {
            return;
        }
        let Some(mut failure) = stream.exchange.on_log(host, &mut root.known) else {
            root.healthy(host);
            return;
        };
        // Of a verdict that changed with what is known at the end, the access log gets the last.
        if root.settings.filter_state && stream.shown != Some(failure.verdict()) {
            let _ = emit::set_state(host, &failure);
        }
        root.failed(host, &mut failure);
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
        if let Some(mut stream) = self.streams.remove(context) {
            let Some(root) = self.roots.get_mut(stream.root) else { return };
            root.streams = root.streams.saturating_sub(1);
            match stream.exchange.take() {
                _ if stream.counted => {}
                Some(mut failure) => root.failed(&self.host, &mut failure),
                None if stream.exchange.seen() => root.healthy(&self.host),
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
            exchange: Exchange::new(),
            counted: false,
            trusted: false,
            shown: None,
            body: Body::Keep,
        }
    }
}

/// How much of a body is looked at.
const LONGEST_LOOK: usize = 1024;

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// Shows a diagnosis while the response's headers are at hand, in every way that is switched on; what to
/// do with the body.
fn show(
    host: &impl Host,
    root: &mut Root,
    failure: &mut Failure,
    trusted: bool,
    end: bool,
) -> Body {
    let settings = &root.settings;
    let mut body = Body::Keep;
    let mut done = Ok(());
    if settings.proxy_status {
        if let Some(member) = emit::proxy_status(failure, settings) {
            done = done.and(host.add_header(b"proxy-status", member.as_bytes()));
        }
    }
    if let Some(name) = settings.fault_header.as_deref() {
        let value = emit::fault_header(failure.diagnosis());
        done = done.and(host.add_header(name.as_bytes(), value.as_bytes()));
    }
    if settings.filter_state {
        done = done.and(emit::set_state(host, failure));
    }
    if !end && replaces(settings, failure) {
        let trusted = trusted || is_near(host, settings);
        if trusted {
            failure.facts.at = failure.facts.at.or_else(|| host.now().ok());
        }
        let page = emit::build_page(failure, settings, trusted);
        match head_for(host, &page) {
            Ok(()) => body = Body::Replace(page.body),
            Err(absent) => done = Err(absent),
        }
    } else if !end && !failure.facts.is_envoys() {
        body = Body::Look;
    }
    if let Err(Absent::Failed(status)) = done {
        root.trouble(host, &format!("the host refused to show a diagnosis (status {status})"));
    }
    body
}

/// Whether the configuration wants this body replaced, and HTTP lets it be.
fn replaces(settings: &Settings, failure: &Failure) -> bool {
    let facts = &failure.facts;
    let asked = match settings.replace {
        Replace::Nothing => false,
        Replace::Local => facts.is_local(),
        Replace::All => true,
    };
    let has_body = facts.status.is_some_and(|status| status >= 400)
        && !matches!(facts.request.method.as_deref(), Some(b"HEAD" | b"CONNECT"));
    asked && has_body && !facts.is_grpc() && failure.diagnosis().outcome() == Outcome::Failed
}

/// Whether the client is in one of the networks that see the diagnosis.
fn is_near(host: &impl Host, settings: &Settings) -> bool {
    let networks = &settings.trusted.cidrs;
    let client = (!networks.is_empty()).then(|| host.property(b"source\0address"));
    // Port 0 is that of an address which Envoy took from `x-forwarded-for`: a client's mere claim.
    client
        .and_then(Result::ok)
        .filter(|client| !client.ends_with(b":0"))
        .is_some_and(|client| networks.iter().any(|network| network.holds(&client)))
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
