//! One exchange of each kind, from structured facts to ranked causes.
#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use why502_benches::EXCHANGES;

fn exchanges(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evidence");
    for exchange in EXCHANGES {
        group.bench_function(exchange.name, |bencher| {
            bencher.iter(|| why502::diagnose(&black_box(exchange.evidence)()));
        });
    }
    group.finish();
}

criterion_group!(benches, exchanges);
criterion_main!(benches);
