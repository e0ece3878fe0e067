//! The engine of the npm package `why502`: the core behind a border of bytes.
//!
//! JavaScript writes an input, calls, and reads an output: text in, JSON or a report out. It knows no
//! gateway and words nothing; all that it says is the core's.
//!
//! - `entry` is the border: what the module exports.
//! - [`Engine`] answers calls.
//! - [`Log`] reads a log chunk by chunk.
// In a module of its own; what is built for tests has std.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

extern crate alloc;

mod engine;
#[cfg(target_arch = "wasm32")]
mod entry;
mod log;

pub use engine::{Engine, Form, Trouble};
pub use log::Log;
