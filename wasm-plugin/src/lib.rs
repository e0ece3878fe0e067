//! A [proxy-wasm](https://github.com/proxy-wasm/spec) filter that runs [`why502`] on every exchange
//! inside Envoy, and says of each that fails what failed and why: in response headers, filter state,
//! metrics, log lines and error bodies.
//!
//! On a healthy exchange it makes one call to its host, at the response's headers, and changes nothing;
//! a response that breaks off is asked about at the log phase. It never holds an exchange up, and never
//! panics: whatever a host answers, or does not, is an [`host::Answer`].
//!
//! - [`host`] is the seam: all that the filter asks of its host.
//! - [`Filter`] has the callbacks, over any [`host::Host`].
//! - [`Settings`] is the configuration.
// In a module of its own; what is built for tests has std.
#![cfg_attr(target_arch = "wasm32", no_std)]
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

mod by_id;
mod cidr;
mod emit;
#[cfg(target_arch = "wasm32")]
mod entry;
mod filter;
pub mod host;
mod json;
mod root;
mod settings;

pub use cidr::Cidr;
pub use emit::Template;
pub use filter::Filter;
pub use settings::{Replace, Settings, SettingsError, Templates, Trusted};
