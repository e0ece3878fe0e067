//! Many requests through several workers, some of which fail in each way: every one is counted, none
//! fails that should not, and memory stays as it is.
//!
//! `WHY502_SOAK=200000` says how many; a few thousand by default.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::gateway::{self, Envoy, Response};
use crate::stage;

/// Each with the status that it is answered with. `/nowhere` has no route.
const FAILING: &[(&str, u16)] = &[
    ("/refused", 503),
    ("/empty", 503),
    ("/closed", 503),
    ("/busy", 503),
    ("/cut", 200),
    ("/nowhere", 404),
];
const CLIENTS: usize = 8;
/// One of so many fails.
const EACH: usize = 20;

#[test]
fn many_requests_are_all_counted() {
    let Some((program, module)) = gateway::programs() else { return };
    let requests = std::env::var("WHY502_SOAK").ok().and_then(|count| count.parse().ok());
    let requests: usize = requests.unwrap_or(4000) / CLIENTS * CLIENTS;
    let folder = tempfile::tempdir().unwrap();
    let settings = serde_json::json!({"error_body": {"replace": "all"}});
    let envoy = Envoy::start(&program, &module, folder.path(), &stage::soak(), &settings, 3);

    let begun = Instant::now();
    let first = run(envoy.port, requests / 4 / CLIENTS);
    let before = envoy.memory();
    let rest = run(envoy.port, (requests - requests / 4) / CLIENTS);
    let after = envoy.memory();
    let seconds = begun.elapsed().as_secs_f64();

    let mut truth: BTreeMap<&str, u64> = BTreeMap::new();
    for (path, count) in first.into_iter().chain(rest) {
        *truth.entry(path).or_default() += count;
    }
    let metrics = envoy.metrics();
    let failed = |cluster: &str, fault: Option<&str>| -> u64 {
        let ours = metrics.iter().filter(|(name, ..)| name == "why502_failures");
        let ours = ours.filter(|(_, labels, _)| {
            labels["why502_cluster"] == cluster
                && fault.is_none_or(|fault| labels["why502_fault"] == fault)
        });
        ours.map(|(.., value)| value).sum()
    };
    for (path, fault) in [
        ("/refused", "connect-refused"),
        ("/empty", "no-healthy-upstream"),
        ("/closed", "response-terminated"),
        ("/busy", "upstream-unavailable"),
        ("/cut", "body-failed"),
        ("/nowhere", "no-upstream"),
    ] {
        let cluster = if path == "/nowhere" { "none".into() } else { stage::name(path) };
        let cluster = cluster.as_str();
        assert_eq!(failed(cluster, None), truth[path], "{path}: {metrics:#?}");
        // Now and then an upstream closes a connection just as Envoy writes on it: that is a failure
        // of its own.
        let others = truth[path] - failed(cluster, Some(fault));
        assert!(others <= truth[path] / 500 + 1, "{path}: {others} by another fault");
    }
    let total = |wanted: &str| -> u64 {
        metrics.iter().filter(|(name, ..)| name == wanted).map(|(.., value)| value).sum()
    };
    assert_eq!(total("why502_healthy"), truth["/well"]);
    assert_eq!(total("why502_failures"), truth.values().sum::<u64>() - truth["/well"]);
    assert_eq!(total("why502_errors"), 0);
    println!(
        "{} requests in {seconds:.1} s, memory {before} KiB after a quarter, {after} KiB at the end",
        truth.values().sum::<u64>()
    );
    assert!(after < before + before / 10, "{before} KiB grew to {after} KiB");
}

#[test]
fn a_new_configuration_under_load_loses_nothing() {
    let Some((program, module)) = gateway::programs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let settings = |burst: u8| serde_json::json!({"log": {"burst": burst}});
    let mut envoy = Envoy::start(&program, &module, folder.path(), &stage::soak(), &settings(1), 3);
    let port = envoy.port;
    let load = thread::spawn(move || run(port, 300));
    let mut changes = 0;
    while !load.is_finished() {
        thread::sleep(Duration::from_millis(400));
        changes += 1;
        envoy.reconfigure(&settings(changes % 50 + 2));
    }
    let truth = load.join().expect("a load that ends");
    let metrics = envoy.metrics();
    let total = |wanted: &str| -> u64 {
        metrics.iter().filter(|(name, ..)| name == wanted).map(|(.., value)| value).sum()
    };
    assert!(envoy.updates() > 1, "{} new configurations were taken", envoy.updates());
    assert_eq!(total("why502_healthy"), truth["/well"], "{:#?}", truth);
    assert_eq!(total("why502_failures"), truth.values().sum::<u64>() - truth["/well"]);
}

fn run(port: u16, each: usize) -> BTreeMap<&'static str, u64> {
    let clients: Vec<_> =
        (0..CLIENTS).map(|client| thread::spawn(move || ask(port, each, client))).collect();
    let mut counts = BTreeMap::new();
    for client in clients {
        for (path, count) in client.join().expect("a client that gets its answers") {
            *counts.entry(path).or_default() += count;
        }
    }
    counts
}

/// One client's requests, one after the other, on connections that stay open.
fn ask(port: u16, count: usize, client: usize) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    let mut connection = None;
    for at in 0..count {
        let failing = at % EACH == client % EACH;
        let (path, status) = match failing {
            true => FAILING[(at / EACH + client) % FAILING.len()],
            false => ("/well", 200),
        };
        let response = exchange(&mut connection, port, path);
        assert_eq!(response.status, status, "{path}: {}", response.head);
        *counts.entry(path).or_default() += 1;
    }
    counts
}

pub(crate) fn exchange(connection: &mut Option<TcpStream>, port: u16, path: &str) -> Response {
    let mut stream = connection.take().unwrap_or_else(|| {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    });
    let request = format!("GET {path} HTTP/1.1\r\nHost: shop.example\r\nAccept: */*\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let (mut seen, mut buffer) = (Vec::new(), [0; 16384]);
    loop {
        let count = stream.read(&mut buffer).expect("an answer in time");
        seen.extend_from_slice(&buffer[..count]);
        if count == 0 {
            return Response::read(&seen);
        }
        if seen.windows(4).any(|four| four == b"\r\n\r\n") {
            let response = Response::read(&seen);
            let length = response.header("content-length").parse().unwrap_or(0);
            if response.body.len() >= length {
                *connection = Some(stream);
                return response;
            }
        }
    }
}
