//! The module itself, in a second engine: its size, its imports, what it costs.
//!
//! It is `target/why502.wasm`, from `wasm-plugin/build.sh`. Where it is missing the test passes idly,
//! but in CI.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wasmi::{Caller, Config, Engine, Extern, Func, Instance, Linker, Memory, Module, Store, Val};
use why502_filter::host::pack;

/// The most that it may be.
const BUDGET: usize = 160 * 1024;

fn module() -> Option<Vec<u8>> {
    built("why502.wasm")
}

fn built(name: &str) -> Option<Vec<u8>> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let module = std::fs::read(target.join(name)).ok();
    assert!(module.is_some() || std::env::var_os("CI").is_none(), "CI has built the module");
    module
}

/// What the host holds for one exchange.
#[derive(Clone, Default)]
struct Table {
    configuration: Vec<u8>,
    properties: BTreeMap<Vec<u8>, Vec<u8>>,
    status: Vec<u8>,
    added: Vec<(Vec<u8>, Vec<u8>)>,
    state: BTreeMap<Vec<u8>, Vec<u8>>,
    lines: Vec<String>,
    counters: BTreeMap<u32, i64>,
    metrics: Vec<String>,
    calls: u64,
}

struct Host {
    store: Store<Table>,
    instance: Instance,
    linked: Vec<String>,
}

fn memory(caller: &Caller<'_, Table>) -> Memory {
    caller.get_export("memory").and_then(Extern::into_memory).unwrap()
}

fn bytes(caller: &Caller<'_, Table>, at: i32, length: i32) -> Vec<u8> {
    let (at, length) = (at as usize, length as usize);
    memory(caller).data(caller)[at..at + length].to_vec()
}

/// Hands bytes to the module: it lends the memory.
fn hand(caller: &mut Caller<'_, Table>, value: &[u8], place: i32, length: i32) -> i32 {
    // The SDK has the older name.
    let named = ["proxy_on_memory_allocate", "malloc"];
    let lend = named.iter().find_map(|name| caller.get_export(name)?.into_func()).unwrap();
    let mut at = [Val::I32(0)];
    lend.call(&mut *caller, &[Val::I32(value.len() as i32)], &mut at).unwrap();
    let at = at[0].i32().unwrap();
    let memory = memory(caller);
    memory.write(&mut *caller, at as usize, value).unwrap();
    memory.write(&mut *caller, place as usize, &at.to_le_bytes()).unwrap();
    memory.write(&mut *caller, length as usize, &(value.len() as i32).to_le_bytes()).unwrap();
    0
}

impl Host {
    fn new(module: &[u8], configuration: &str) -> Self {
        let mut config = Config::default();
        config.consume_fuel(true);
        let engine = Engine::new(&config);
        let module = Module::new(&engine, module).unwrap();
        let table = Table { configuration: configuration.into(), ..Table::default() };
        let mut store = Store::new(&engine, table);
        store.set_fuel(u64::MAX).unwrap();
        let mut linker = Linker::new(&engine);
        let mut linked = Vec::new();
        for import in module.imports() {
            linked.push(import.name().to_owned());
            let ty = import.ty().func().unwrap().clone();
            let name = import.name().to_owned();
            let func = Func::new(&mut store, ty, move |caller, params, results| {
                let numbers: Vec<i64> = params
                    .iter()
                    .map(|value| value.i32().map_or_else(|| value.i64().unwrap(), i64::from))
                    .collect();
                results[0] = Val::I32(answer(caller, &name, &numbers));
                Ok(())
            });
            linker.define("env", import.name(), func).unwrap();
        }
        let instance = linker.instantiate_and_start(&mut store, &module).unwrap();
        let mut host = Self { store, instance, linked };
        host.call("_initialize", &[]);
        host.call("proxy_on_context_create", &[1, 0]);
        assert_eq!(host.call("proxy_on_vm_start", &[1, 0]), Some(1));
        let length = i32::try_from(configuration.len()).unwrap();
        assert_eq!(host.call("proxy_on_configure", &[1, length]), Some(1));
        host
    }

    fn call(&mut self, name: &str, params: &[i32]) -> Option<i32> {
        let func = self.instance.get_func(&self.store, name).unwrap();
        let params: Vec<Val> = params.iter().map(|value| Val::I32(*value)).collect();
        let mut results = vec![Val::I32(0); func.ty(&self.store).results().len()];
        func.call(&mut self.store, &params, &mut results).unwrap();
        results.first().and_then(Val::i32)
    }

    /// One exchange; the instructions that it took and the calls that it made.
    fn play(&mut self, context: i32, end: i32) -> (u64, u64) {
        let (fuel, calls) = (self.store.get_fuel().unwrap(), self.store.data().calls);
        self.call("proxy_on_context_create", &[context, 1]);
        self.call("proxy_on_request_headers", &[context, 8, 1]);
        assert_eq!(self.call("proxy_on_response_headers", &[context, 4, end]), Some(0));
        if end == 0 {
            assert_eq!(self.call("proxy_on_response_body", &[context, 90, 1]), Some(0));
        }
        self.call("proxy_on_log", &[context]);
        self.call("proxy_on_done", &[context]);
        self.call("proxy_on_delete", &[context]);
        (fuel - self.store.get_fuel().unwrap(), self.store.data().calls - calls)
    }
}

fn answer(mut caller: Caller<'_, Table>, name: &str, numbers: &[i64]) -> i32 {
    let number = |at: usize| numbers[at] as i32;
    caller.data_mut().calls += 1;
    match name {
        "proxy_get_property" => {
            let path = bytes(&caller, number(0), number(1));
            match caller.data().properties.get(&path).cloned() {
                Some(value) => hand(&mut caller, &value, number(2), number(3)),
                None => 1,
            }
        }
        "proxy_set_property" => {
            let path = bytes(&caller, number(0), number(1));
            let value = bytes(&caller, number(2), number(3));
            caller.data_mut().state.insert(path, value);
            0
        }
        "proxy_get_header_map_value" => {
            let name = bytes(&caller, number(1), number(2));
            let status = caller.data().status.clone();
            match (number(0), name.as_slice()) {
                (2, b":status") => hand(&mut caller, &status, number(3), number(4)),
                _ => 1,
            }
        }
        "proxy_get_header_map_pairs" => {
            let mut headers = Vec::new();
            if number(0) == 2 {
                headers.push((b":status".to_vec(), caller.data().status.clone()));
            }
            hand(&mut caller, &pack(&headers), number(1), number(2))
        }
        "proxy_add_header_map_value" => {
            let name = bytes(&caller, number(1), number(2));
            let value = bytes(&caller, number(3), number(4));
            caller.data_mut().added.push((name, value));
            0
        }
        "proxy_get_buffer_bytes" if number(0) == 7 => {
            let configuration = caller.data().configuration.clone();
            hand(&mut caller, &configuration, number(3), number(4))
        }
        "proxy_define_metric" => {
            let name = String::from_utf8(bytes(&caller, number(1), number(2))).unwrap();
            let id = caller.data().metrics.len() as i32;
            caller.data_mut().metrics.push(name);
            memory(&caller).write(&mut caller, number(3) as usize, &id.to_le_bytes()).unwrap();
            0
        }
        "proxy_increment_metric" => {
            *caller.data_mut().counters.entry(number(0) as u32).or_default() += numbers[1];
            0
        }
        "proxy_log" => {
            let line = String::from_utf8(bytes(&caller, number(1), number(2))).unwrap();
            caller.data_mut().lines.push(line);
            0
        }
        "proxy_get_current_time_nanoseconds" => {
            let now = 1_795_000_000_000_000_000_u64.to_le_bytes();
            memory(&caller).write(&mut caller, number(0) as usize, &now).unwrap();
            0
        }
        "proxy_record_metric" | "proxy_set_tick_period_milliseconds" => 0,
        // Not implemented, as hosts say it.
        _ => 12,
    }
}

fn healthy() -> Table {
    let properties = [(b"response\0flags".to_vec(), vec![0; 8])];
    Table { status: b"200".to_vec(), properties: properties.into(), ..Table::default() }
}

fn refused() -> Table {
    let number = |number: i64| number.to_le_bytes().to_vec();
    let details: &[u8] = b"upstream_reset_before_response_started{remote_connection_failure\
                           |delayed_connect_error:_Connection_refused}";
    let properties = [
        (b"response\0flags".to_vec(), number(32)),
        (b"request\0time".to_vec(), number(1_794_999_999_988_000_000)),
        (b"response\0code".to_vec(), number(503)),
        (b"response\0code_details".to_vec(), details.to_vec()),
        (b"xds\0cluster_name".to_vec(), b"cart".to_vec()),
        (b"upstream\0address".to_vec(), b"10.0.0.3:8080".to_vec()),
        (
            b"upstream\0transport_failure_reason".to_vec(),
            b"delayed connect error: Connection refused".to_vec(),
        ),
    ];
    Table { status: b"503".to_vec(), properties: properties.into(), ..Table::default() }
}

fn load(host: &mut Host, exchange: &Table) {
    let table = host.store.data_mut();
    table.properties = exchange.properties.clone();
    table.status = exchange.status.clone();
}

#[test]
fn it_keeps_its_budget() {
    let Some(module) = module() else { return };
    assert!(module.len() <= BUDGET, "{} of {BUDGET} bytes", module.len());
}

#[test]
fn it_asks_for_nothing_beyond_proxy_wasm() {
    const CALLS: &[&str] = &[
        "proxy_add_header_map_value",
        "proxy_define_metric",
        "proxy_get_buffer_bytes",
        "proxy_get_current_time_nanoseconds",
        "proxy_get_header_map_pairs",
        "proxy_get_header_map_value",
        "proxy_get_property",
        "proxy_increment_metric",
        "proxy_log",
        "proxy_record_metric",
        "proxy_remove_header_map_value",
        "proxy_replace_header_map_value",
        "proxy_set_buffer_bytes",
        "proxy_set_property",
        "proxy_set_tick_period_milliseconds",
    ];
    let Some(module) = module() else { return };
    let mut host = Host::new(&module, "{}");
    host.linked.sort();
    assert_eq!(host.linked, CALLS);
}

#[test]
fn it_diagnoses_in_a_second_engine() {
    let Some(module) = module() else { return };
    let mut host = Host::new(&module, "{}");
    load(&mut host, &refused());
    host.play(2, 0);
    // What was counted is told when the timer comes.
    host.call("proxy_on_tick", &[1]);
    let table = host.store.data();
    let added: Vec<_> = table.added.iter().map(|(name, _)| name.as_slice()).collect();
    assert_eq!(added, [&b"proxy-status"[..], b"x-why502"]);
    assert_eq!(table.added[0].1, b"envoy; error=connection_refused");
    assert_eq!(table.state[&b"why502.fault"[..]], b"connect-refused");
    let line: serde_json::Value = serde_json::from_str(&table.lines[0]).unwrap();
    assert_eq!(line["fault"], "connect-refused");
    let series = "why502_failures.fault.connect-refused.category.overload.cluster.cart";
    let id = table.metrics.iter().position(|name| name == series).unwrap();
    assert_eq!(table.counters[&u32::try_from(id).unwrap()], 1);
}

/// The same by a filter that is written with the SDK: `bindings/proxy-wasm/examples/hints.rs`.
#[test]
fn a_filter_of_the_sdk_diagnoses_too() {
    let Some(module) = built("hints.wasm") else { return };
    let mut host = Host::new(&module, "");
    load(&mut host, &healthy());
    let (_, calls) = host.play(2, 0);
    assert_eq!((calls, host.store.data().added.len()), (1, 0));
    load(&mut host, &refused());
    host.play(3, 0);
    let table = host.store.data();
    let added = |at: usize| String::from_utf8_lossy(&table.added[at].1).into_owned();
    assert_eq!(added(0), "connect-refused, perhaps upstream-not-running");
    assert_eq!(added(1), "envoy; error=connection_refused");
    assert_eq!(table.state[&b"hint"[..]], b"connect-refused, perhaps upstream-not-running");
}

/// Prints what exchanges cost: `cargo test -p why502-filter --test module cost -- --nocapture`.
#[test]
fn a_healthy_exchange_costs_little() {
    let Some(module) = module() else { return };
    let cost = |name: &str, settings: &str, exchange: &Table| {
        let mut host = Host::new(&module, settings);
        load(&mut host, exchange);
        // Once warm: what is kept for ever is there.
        host.play(2, 0);
        let (fuel, calls) = host.play(3, 0);
        println!("{name:<32} {fuel:>8} instructions {calls:>4} calls");
        (fuel, calls)
    };
    let (fuel, calls) = cost("healthy", "{}", &healthy());
    assert_eq!(calls, 1);
    assert!(fuel < 10_000, "{fuel}");
    let (fuel, calls) = cost("refused, with a line", "{}", &refused());
    assert!(fuel < 250_000 && calls <= 25, "{fuel} {calls}");
    let few = r#"{"log": {"per_second": 0, "burst": 0}}"#;
    let (fuel, calls) = cost("refused, beyond the limit of lines", few, &refused());
    assert!(fuel < 80_000 && calls <= 20, "{fuel} {calls}");
}

#[test]
fn memory_stays_as_it_is() {
    let Some(module) = module() else { return };
    let mut host = Host::new(&module, "{}");
    let size = |host: &Host| {
        let memory = host.instance.get_memory(&host.store, "memory").unwrap();
        memory.data_size(&host.store)
    };
    let play = |host: &mut Host, from: i32| {
        for context in from..from + 400 {
            let exchange = if context % 4 == 0 { refused() } else { healthy() };
            load(host, &exchange);
            host.store.data_mut().lines.clear();
            host.store.data_mut().added.clear();
            host.play(context, 0);
        }
    };
    play(&mut host, 10);
    let before = size(&host);
    play(&mut host, 600);
    assert_eq!(size(&host), before);
    assert!(before <= 4 << 20, "{before}");
}
