//! Whole logs of one kind of line: bytes and records a second.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use why502_benches::{LOGS, read};

/// Some megabytes each.
const LINES: usize = 20_000;

fn logs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("line");
    group.sample_size(10);
    for log in LOGS {
        let text = log.lines(LINES);
        for (unit, throughput) in [
            ("bytes", Throughput::Bytes(text.len() as u64)),
            ("records", Throughput::Elements(LINES as u64)),
        ] {
            group.throughput(throughput);
            group.bench_function(BenchmarkId::new(log.name, unit), |bencher| {
                bencher.iter(|| read(black_box(&text)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, logs);
criterion_main!(benches);
