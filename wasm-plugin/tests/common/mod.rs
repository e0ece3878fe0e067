//! A host that is a table: it answers from what a test put in, keeps what the filter did, and
//! counts the calls.
#![allow(clippy::disallowed_methods, reason = "a test may panic")]
#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]

use std::cell::RefCell;
use std::collections::BTreeMap;

use why502_filter::Filter;
use why502_filter::host::{Absent, Answer, Ask, Host, Level, Map, Metric, Pairs, pack};

/// What a kind of host has.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Which properties it knows, by the beginning of their paths.
    pub properties: &'static [&'static str],
    pub set_property: bool,
    pub metrics: bool,
    pub timers: bool,
    pub clock: bool,
    pub log_phase: bool,
    pub trailers: bool,
    /// Whether the request is shown only when its headers come and at the log phase.
    pub hides_request: bool,
    /// Whether bodies and headers can be changed.
    pub changes: bool,
}

/// All that proxy-wasm has.
pub const ENVOY: Profile = Profile {
    properties: &[""],
    set_property: true,
    metrics: true,
    timers: true,
    clock: true,
    log_phase: true,
    trailers: true,
    hides_request: true,
    changes: true,
};
/// ngx_wasm_module, which Kong builds on: nginx's variables, some attributes by Envoy's names.
pub const KONG: Profile = Profile {
    hides_request: false,
    properties: &["ngx", "request", "response.code", "upstream.address", "source"],
    set_property: true,
    ..ENVOY
};
/// wasm-nginx-module, which APISIX builds on.
pub const APISIX: Profile = Profile {
    hides_request: false,
    properties: &["request", "host", "method"],
    set_property: false,
    metrics: false,
    timers: false,
    log_phase: false,
    trailers: false,
    ..ENVOY
};
/// Google Cloud's Service Extensions.
pub const GOOGLE: Profile = Profile {
    hides_request: false,
    properties: &["request", "response.code", "source"],
    set_property: false,
    metrics: false,
    timers: false,
    log_phase: false,
    ..ENVOY
};
/// A host that has the calls of 0.2.1 and offers nothing by them.
pub const STRICT: Profile = Profile {
    properties: &[],
    set_property: false,
    metrics: false,
    timers: false,
    clock: false,
    log_phase: true,
    trailers: true,
    hides_request: false,
    changes: false,
};

pub type Headers = Vec<(Vec<u8>, Vec<u8>)>;

/// What the host holds and what was done to it.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub properties: BTreeMap<String, Vec<u8>>,
    pub request: Headers,
    pub response: Headers,
    pub trailers: Headers,
    pub body: Vec<u8>,
    pub configuration: String,
    pub now: u64,

    pub calls: Vec<&'static str>,
    pub state: BTreeMap<String, String>,
    pub names: Vec<String>,
    pub counters: BTreeMap<String, u64>,
    pub histograms: BTreeMap<String, Vec<u64>>,
    pub lines: Vec<(Level, String)>,
    pub tick: Option<u32>,
    /// Whether the request is shown in this phase.
    pub hidden: bool,
}

pub struct Fake {
    pub profile: Profile,
    pub table: RefCell<Table>,
}

impl Fake {
    pub fn new(profile: Profile) -> Self {
        let now = 1_795_000_000_000_000_000;
        Self { profile, table: RefCell::new(Table { now, ..Table::default() }) }
    }

    fn called(&self, what: &'static str) -> std::cell::RefMut<'_, Table> {
        let mut table = self.table.borrow_mut();
        table.calls.push(what);
        table
    }
}

fn find(headers: &Headers, name: &[u8]) -> Option<Vec<u8>> {
    headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.clone())
}

impl Ask for Fake {
    fn property(&self, path: &[u8]) -> Answer<Vec<u8>> {
        let table = self.called("property");
        let path = String::from_utf8_lossy(path).replace('\0', ".");
        if !self.profile.properties.iter().any(|known| path.starts_with(known)) {
            return Err(Absent::Unavailable);
        }
        table.properties.get(&path).cloned().ok_or(Absent::Missing)
    }

    fn header(&self, map: Map, name: &[u8]) -> Answer<Vec<u8>> {
        let table = self.called("header");
        let headers = match map {
            Map::Request if table.hidden => return Err(Absent::Unavailable),
            Map::Request => &table.request,
            Map::Response => &table.response,
            Map::ResponseTrailers => &table.trailers,
        };
        find(headers, name).ok_or(Absent::Missing)
    }

    fn headers(&self, map: Map) -> Answer<Pairs> {
        let table = self.called("headers");
        let headers = match map {
            Map::Request if table.hidden => return Err(Absent::Unavailable),
            Map::Request => &table.request,
            Map::Response => &table.response,
            Map::ResponseTrailers => &table.trailers,
        };
        Ok(Pairs::new(pack(headers)))
    }

    fn now(&self) -> Answer<u64> {
        let table = self.called("now");
        if self.profile.clock { Ok(table.now) } else { Err(Absent::Unavailable) }
    }
}

impl Host for Fake {
    fn set_property(&self, path: &[u8], value: &[u8]) -> Answer<()> {
        let mut table = self.called("set_property");
        if !self.profile.set_property {
            return Err(Absent::Unavailable);
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        table.state.insert(text(path), text(value));
        Ok(())
    }

    fn add_header(&self, name: &[u8], value: &[u8]) -> Answer<()> {
        let mut table = self.called("add_header");
        if !self.profile.changes {
            return Err(Absent::Unavailable);
        }
        table.response.push((name.to_vec(), value.to_vec()));
        Ok(())
    }

    fn replace_header(&self, name: &[u8], value: &[u8]) -> Answer<()> {
        let mut table = self.called("replace_header");
        if !self.profile.changes {
            return Err(Absent::Unavailable);
        }
        table.response.retain(|(each, _)| each != name);
        table.response.push((name.to_vec(), value.to_vec()));
        Ok(())
    }

    fn remove_header(&self, name: &[u8]) -> Answer<()> {
        let mut table = self.called("remove_header");
        if !self.profile.changes {
            return Err(Absent::Unavailable);
        }
        table.response.retain(|(each, _)| each != name);
        Ok(())
    }

    fn body(&self, most: usize) -> Answer<Vec<u8>> {
        let table = self.called("body");
        Ok(table.body.iter().copied().take(most).collect())
    }

    fn replace_body(&self, bytes: &[u8]) -> Answer<()> {
        let mut table = self.called("replace_body");
        if !self.profile.changes {
            return Err(Absent::Unavailable);
        }
        table.body = bytes.to_vec();
        Ok(())
    }

    fn define_metric(&self, _: Metric, name: &[u8]) -> Answer<u32> {
        let mut table = self.called("define_metric");
        if !self.profile.metrics {
            return Err(Absent::Unavailable);
        }
        table.names.push(String::from_utf8_lossy(name).into_owned());
        Ok(u32::try_from(table.names.len() - 1).expect("few metrics"))
    }

    fn add_to_metric(&self, metric: u32, amount: u64) -> Answer<()> {
        let mut table = self.called("add_to_metric");
        let name = table.names.get(metric as usize).cloned().ok_or(Absent::Missing)?;
        *table.counters.entry(name).or_default() += amount;
        Ok(())
    }

    fn record_metric(&self, metric: u32, value: u64) -> Answer<()> {
        let mut table = self.called("record_metric");
        let name = table.names.get(metric as usize).cloned().ok_or(Absent::Missing)?;
        table.histograms.entry(name).or_default().push(value);
        Ok(())
    }

    fn tick_every(&self, millis: u32) -> Answer<()> {
        let mut table = self.called("tick_every");
        if !self.profile.timers {
            return Err(Absent::Unavailable);
        }
        table.tick = Some(millis);
        Ok(())
    }

    fn configuration(&self) -> Answer<Vec<u8>> {
        Ok(self.called("configuration").configuration.clone().into_bytes())
    }

    fn log(&self, level: Level, line: &str) {
        self.called("log").lines.push((level, line.to_owned()));
    }
}

/// One exchange as a host plays it.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    pub request: Headers,
    pub response: Headers,
    /// Parts of the body; none: the headers end the response.
    pub body: Vec<Vec<u8>>,
    pub trailers: Option<Headers>,
    /// Whether it breaks off.
    pub cut: bool,
    /// Attributes as they are when the headers come.
    pub properties: BTreeMap<String, Vec<u8>>,
    /// What changed when all is over.
    pub at_end: BTreeMap<String, Vec<u8>>,
}

fn headers(pairs: &[(&str, &str)]) -> Headers {
    pairs
        .iter()
        .map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()))
        .collect()
}

impl Exchange {
    /// A GET that is answered with this status and a short body.
    pub fn answered(status: u16) -> Self {
        let mut exchange = Self {
            request: headers(&[
                (":method", "GET"),
                (":path", "/cart?id=7"),
                (":authority", "shop.example"),
                ("x-request-id", "4bf92f35"),
            ]),
            response: headers(&[(":status", &status.to_string()), ("content-type", "text/plain")]),
            body: vec![b"hello\n".to_vec()],
            ..Self::default()
        };
        exchange.has("request.time", 1_795_000_000_000_000_000 - 12_000_000);
        exchange.has("response.code", i64::from(status));
        exchange.has("response.flags", 0);
        exchange.says("response.code_details", "via_upstream");
        exchange.says("xds.cluster_name", "cart");
        exchange.says("upstream.address", "10.0.0.3:8080");
        exchange.says("source.address", "192.0.2.7:5123");
        exchange
    }

    /// A local reply of Envoy's, with its flags and details.
    pub fn local(status: u16, flags: i64, details: &str) -> Self {
        let mut exchange = Self::answered(status);
        let text = b"upstream connect error or disconnect/reset before headers.".to_vec();
        exchange.header("content-length", &text.len().to_string());
        exchange.body = vec![text];
        exchange.has("response.flags", flags);
        exchange.says("response.code_details", details);
        exchange
    }

    /// The same refused, as Envoy tells it.
    pub fn refused() -> Self {
        let details = "upstream_reset_before_response_started{remote_connection_failure\
                       |delayed_connect_error:_Connection_refused}";
        let mut exchange = Self::local(503, 32, details);
        exchange
            .says("upstream.transport_failure_reason", "delayed connect error: Connection refused");
        exchange.at_end.insert("request.duration".into(), 12_000_000_i64.to_le_bytes().to_vec());
        exchange
    }

    pub fn has(&mut self, path: &str, number: i64) {
        self.properties.insert(path.into(), number.to_le_bytes().to_vec());
    }

    pub fn says(&mut self, path: &str, text: &str) {
        self.properties.insert(path.into(), text.as_bytes().to_vec());
    }

    pub fn header(&mut self, name: &str, value: &str) {
        self.response.push((name.as_bytes().to_vec(), value.as_bytes().to_vec()));
    }

    pub fn asks(&mut self, name: &str, value: &str) {
        self.request.retain(|(each, _)| each != name.as_bytes());
        self.request.push((name.as_bytes().to_vec(), value.as_bytes().to_vec()));
    }
}

/// A filter in a fake host, configured.
pub struct Run {
    pub filter: Filter<Fake>,
    next: u32,
    /// How many calls each callback of the last exchange made.
    pub calls: BTreeMap<&'static str, usize>,
}

pub const ROOT: u32 = 1;

impl Run {
    pub fn new(profile: Profile, configuration: &str) -> Self {
        let fake = Fake::new(profile);
        fake.table.borrow_mut().configuration = configuration.into();
        let mut filter = Filter::new(fake);
        filter.on_context_create(ROOT, 0);
        assert!(filter.on_configure(ROOT), "{:?}", filter.host().table.borrow().lines);
        Self { filter, next: 2, calls: BTreeMap::new() }
    }

    pub fn table(&self) -> std::cell::RefMut<'_, Table> {
        self.filter.host().table.borrow_mut()
    }

    /// Plays an exchange; returns the response that the client gets.
    pub fn play(&mut self, exchange: &Exchange) -> (Headers, Vec<u8>) {
        let context = self.next;
        self.next += 1;
        let profile = self.filter.host().profile;
        {
            let mut table = self.table();
            table.request = exchange.request.clone();
            table.response = exchange.response.clone();
            table.trailers = exchange.trailers.clone().unwrap_or_default();
            table.properties = exchange.properties.clone();
            table.state.clear();
        }
        self.calls.clear();
        self.step("create", |filter| filter.on_context_create(context, ROOT));
        self.step("request", |filter| filter.on_request_headers(context));
        self.table().hidden = profile.hides_request;
        let end = exchange.body.is_empty() && exchange.trailers.is_none();
        if !exchange.response.is_empty() {
            self.step("headers", |filter| filter.on_response_headers(context, end));
        }
        let mut sent = Vec::new();
        for (at, part) in exchange.body.iter().enumerate() {
            self.table().body = part.clone();
            let last =
                at + 1 == exchange.body.len() && exchange.trailers.is_none() && !exchange.cut;
            self.step("body", |filter| filter.on_response_body(context, part.len(), last));
            sent.extend_from_slice(&self.table().body);
        }
        if exchange.trailers.is_some() && profile.trailers {
            self.step("trailers", |filter| filter.on_response_trailers(context));
        }
        self.table().properties.extend(exchange.at_end.clone());
        let response = self.table().response.clone();
        self.table().hidden = false;
        if profile.log_phase {
            self.step("log", |filter| filter.on_log(context));
        }
        self.step("done", |filter| {
            filter.on_done(context);
        });
        self.step("delete", |filter| filter.on_delete(context));
        (response, sent)
    }

    fn step(&mut self, name: &'static str, callback: impl FnOnce(&mut Filter<Fake>)) {
        let before = self.table().calls.len();
        callback(&mut self.filter);
        let made = self.table().calls.len() - before;
        if made > 0 {
            *self.calls.entry(name).or_default() += made;
        }
    }

    pub fn tick(&mut self) {
        self.filter.on_tick(ROOT);
    }

    pub fn counter(&self, name: &str) -> u64 {
        self.table().counters.get(name).copied().unwrap_or(0)
    }

    pub fn lines(&self) -> Vec<serde_json::Value> {
        let table = self.table();
        table.lines.iter().map(|(_, line)| serde_json::from_str(line).expect("JSON")).collect()
    }
}

/// All values of a header, in order.
pub fn values(headers: &Headers, name: &str) -> Vec<String> {
    let named = headers.iter().filter(|(each, _)| each == name.as_bytes());
    named.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect()
}
