//! The engine of the npm package `why502`: the core as JavaScript calls it, by wasm-bindgen.
//!
//! Text or bytes in, JSON or a report out. It knows no gateway and words nothing; all that it says is
//! the core's.
//!
//! - [`border`] is what JavaScript sees.
//! - [`calls`] answers at once.
//! - [`Log`] reads a log chunk by chunk.
//! - `runtime` is what std would bring.
// In a module of its own; what is built for tests has std.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

extern crate alloc;

pub mod border;
pub mod calls;
mod log;
#[cfg(target_arch = "wasm32")]
mod runtime;
mod trouble;

pub use log::Log;
pub use trouble::Trouble;
