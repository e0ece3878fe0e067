//! Says inside a [proxy-wasm](https://github.com/proxy-wasm/spec) filter why an exchange failed.
//!
//! For filters of your own, written with the Rust SDK ([`proxy_wasm`]). `why502.wasm`, the filter that
//! is ready to use, is made of the same code. An [`Exchange`] is told what goes by and asks the host
//! for the rest; on a healthy exchange that is one call.
//!
//! ```no_run
//! use proxy_wasm::traits::{Context, HttpContext};
//! use proxy_wasm::types::Action;
//! use why502_proxy_wasm::{Exchange, Known, Sdk};
//!
//! #[derive(Default)]
//! struct Filter {
//!     exchange: Exchange,
//!     known: Known,
//! }
//!
//! impl Context for Filter {}
//!
//! impl HttpContext for Filter {
//!     fn on_http_response_headers(&mut self, _: usize, end: bool) -> Action {
//!         let failure = self.exchange.on_response_headers(&Sdk, &mut self.known, end);
//!         if let Some(fault) = failure.map(|failure| failure.diagnosis().fault()) {
//!             self.add_http_response_header("x-fault", fault.id());
//!         }
//!         Action::Continue
//!     }
//! }
//! ```
//!
//! `examples/hints.rs` is a whole filter.
#![no_std]
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
#[cfg(feature = "sdk")]
extern crate std;

mod exchange;
mod facts;
mod host;
mod pairs;
#[cfg(feature = "sdk")]
mod sdk;

pub use exchange::{Exchange, Failure, Known};
pub use facts::{Facts, Request};
pub use host::{Absent, Answer, Ask, Map};
pub use pairs::{Pairs, pack};
#[cfg(feature = "sdk")]
pub use sdk::Sdk;
