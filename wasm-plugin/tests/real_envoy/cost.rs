//! What the filter costs in a real Envoy, against a filter that does nothing. Both run side by side, in
//! turns. By hand, on a quiet machine:
//!
//! ```text
//! cargo test -p why502-filter --release --test real_envoy cost -- --ignored --nocapture
//! ```

use std::path::Path;
use std::time::{Duration, Instant};

use crate::gateway::{self, Envoy};
use crate::soak::exchange;
use crate::stage;

const ROUNDS: usize = 12;
const REQUESTS: usize = 3000;

/// What one filter took for one kind of exchange.
#[derive(Default)]
struct Taken {
    ticks: u64,
    seconds: f64,
    latencies: Vec<Duration>,
}

#[test]
#[ignore = "a measurement, to be read"]
fn cost_against_an_empty_filter() {
    let Some((program, module)) = gateway::programs() else { return };
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let empty = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_envoy/empty.wasm");
    let settings = serde_json::json!({});
    let start = |module: &Path, folder: &Path| {
        Envoy::start(&program, module, folder, &stage::soak(), &settings, 1)
    };
    let envoys = [start(&empty, folders[0].path()), start(&module, folders[1].path())];
    for (kind, path) in [("healthy", "/well"), ("failing", "/empty")] {
        let mut taken = [Taken::default(), Taken::default()];
        for round in 0..ROUNDS {
            // Neither always comes first.
            for at in [round % 2, 1 - round % 2] {
                run(&envoys[at], path, &mut taken[at]);
            }
        }
        let requests = (ROUNDS * REQUESTS) as f64;
        let [empty, ours] = taken.map(|mut taken| {
            taken.latencies.sort();
            let at = |share: usize| taken.latencies[taken.latencies.len() * share / 100];
            let cpu = taken.ticks as f64 * 10_000.0 / requests;
            (cpu, requests / taken.seconds, at(50), at(99))
        });
        println!(
            "{kind}: CPU {:.1} against {:.1} µs a request (ratio {:.3}), {:.0} against {:.0} requests \
             a second (ratio {:.3}), p50 {:?} against {:?}, p99 {:?} against {:?}",
            ours.0,
            empty.0,
            empty.0 / ours.0,
            ours.1,
            empty.1,
            ours.1 / empty.1,
            ours.2,
            empty.2,
            ours.3,
            empty.3
        );
    }
}

/// What a worker more costs is the slope: the rest is paid once, most of it for compiling the module.
#[test]
#[ignore = "a measurement, to be read"]
fn memory_against_an_empty_filter() {
    let Some((program, module)) = gateway::programs() else { return };
    let empty = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_envoy/empty.wasm");
    let mut before: Option<(u8, i64)> = None;
    for workers in [1, 2, 4, 8] {
        let [empty, ours] = [&empty, &module].map(|module| {
            let folder = tempfile::tempdir().unwrap();
            let settings = serde_json::json!({});
            let envoy =
                Envoy::start(&program, module, folder.path(), &stage::soak(), &settings, workers);
            // Several connections, so that every worker has some.
            let mut connections: Vec<_> = (0..16 * workers).map(|_| None).collect();
            for path in ["/well", "/empty", "/busy", "/well"] {
                for _ in 0..100 {
                    for connection in &mut connections {
                        exchange(connection, envoy.port, path);
                    }
                }
            }
            i64::try_from(envoy.memory()).unwrap()
        });
        let more = ours - empty;
        print!("{workers} workers: {ours} against {empty} KiB: {more} more");
        if let Some((fewer, less)) = before.replace((workers, more)) {
            print!(", {} for each worker more", (more - less) / i64::from(workers - fewer));
        }
        println!();
    }
}

fn run(envoy: &Envoy, path: &str, taken: &mut Taken) {
    let mut connection = None;
    let (ticks, begun) = (envoy.ticks(), Instant::now());
    for _ in 0..REQUESTS {
        let asked = Instant::now();
        exchange(&mut connection, envoy.port, path);
        taken.latencies.push(asked.elapsed());
    }
    taken.seconds += begun.elapsed().as_secs_f64();
    taken.ticks += envoy.ticks() - ticks;
}
