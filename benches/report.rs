//! One diagnosis as text, JSON, Markdown and HTML, and the summary of a log.
#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use why502::report::{self, DiagnosisView, Look, SummaryView};
use why502_benches::{EXCHANGES, LOGS, read};

fn one(criterion: &mut Criterion) {
    let Some(exchange) = EXCHANGES.iter().find(|exchange| exchange.name == "response timeout")
    else {
        return;
    };
    let evidence = (exchange.evidence)();
    let diagnosis = why502::diagnose(&evidence);
    let view = || DiagnosisView::new(black_box(&evidence), &diagnosis, &[]);
    let mut group = criterion.benchmark_group("report");
    group.bench_function("view", |bencher| bencher.iter(view));
    group.bench_function("text", |bencher| {
        bencher.iter(|| report::diagnosis_text(&view(), Look::default()));
    });
    group.bench_function("JSON", |bencher| bencher.iter(|| report::diagnosis_json(&view())));
    group.bench_function("Markdown", |bencher| {
        bencher.iter(|| report::diagnosis_markdown(&view()));
    });
    group.bench_function("HTML", |bencher| bencher.iter(|| report::diagnosis_html(&view())));
    group.finish();
}

fn summary(criterion: &mut Criterion) {
    let Some(log) = LOGS.iter().find(|log| log.name == "error log") else { return };
    let (session, _) = read(&log.lines(2_000));
    let view = || SummaryView::new(black_box(&session), Vec::new(), 0);
    let mut group = criterion.benchmark_group("summary");
    group.bench_function("text", |bencher| {
        bencher.iter(|| report::summary_text(&view(), session.summary(), Look::default()));
    });
    group.bench_function("JSON", |bencher| bencher.iter(|| report::summary_json(&view())));
    group.bench_function("Markdown", |bencher| {
        bencher.iter(|| report::summary_markdown(&view()));
    });
    group.finish();
}

criterion_group!(benches, one, summary);
criterion_main!(benches);
