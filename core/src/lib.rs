#![doc = include_str!("tour.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod builder;
pub mod causes;
pub mod classify;
pub mod diagnosis;
pub mod dialects;
pub mod evidence;
pub mod incident;
pub mod infer;
pub mod reader;
pub mod report;
mod scan;
pub mod vocabulary;

pub use diagnosis::{Diagnosis, Outcome, diagnose};
pub use evidence::Evidence;
pub use vocabulary::{Category, Cause, Confidence, Fault, Gateway, Phase};
