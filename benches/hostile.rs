//! Input that is made to be slow, in two sizes: what is linear has the same throughput in both.
//! (`instructions.rs` counts, and fails where it is not.)
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use why502_benches::{HOSTILE, read};

fn attacks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10);
    for hostile in HOSTILE {
        for size in [1 << 16, 1 << 18] {
            let text = (hostile.text)(size);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(hostile.name, size), |bencher| {
                bencher.iter(|| read(black_box(&text)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, attacks);
criterion_main!(benches);
