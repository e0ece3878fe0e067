//! A filter of one's own, written with the Rust SDK: it puts a hint for people into the headers of each
//! response that failed, and a word into the access log (`%FILTER_STATE(wasm.hint:PLAIN)%`).
//!
//! ```text
//! cargo build --example hints --release --target wasm32-unknown-unknown -p why502-proxy-wasm
//! ```
// The host that it calls is there in WebAssembly alone.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, reason = "the macro makes a function")]

use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, MapType};
use why502_proxy_wasm::{Exchange, Failure, Known, Sdk};

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> { Box::new(Root) });
}}

struct Root;

impl Context for Root {}

impl RootContext for Root {
    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Hints::default()))
    }
}

#[derive(Default)]
struct Hints {
    exchange: Exchange,
    known: Known,
}

impl Context for Hints {}

impl HttpContext for Hints {
    fn on_http_response_headers(&mut self, _: usize, end: bool) -> Action {
        if let Some(failure) = self.exchange.on_response_headers(&Sdk, &mut self.known, end) {
            // In bytes, as the host has them.
            let map = MapType::HttpResponseHeaders;
            let _ = hostcalls::add_map_value_bytes(map, "x-hint", hint(failure).as_bytes());
            if let Some(member) = failure.proxy_status(false) {
                let _ = hostcalls::add_map_value_bytes(map, "proxy-status", member.as_bytes());
            }
        }
        Action::Continue
    }

    fn on_http_response_body(&mut self, _: usize, end: bool) -> Action {
        self.exchange.on_response_body(end);
        Action::Continue
    }

    fn on_http_response_trailers(&mut self, _: usize) -> Action {
        let _ = self.exchange.on_response_trailers(&Sdk, &mut self.known);
        Action::Continue
    }

    fn on_log(&mut self) {
        // The last word: a body that was cut, a call of gRPC that failed in its trailers.
        if let Some(failure) = self.exchange.on_log(&Sdk, &mut self.known) {
            let _ = hostcalls::set_property(vec!["hint"], Some(hint(&failure).as_bytes()));
        }
    }
}

fn hint(failure: &Failure) -> String {
    let (fault, cause) = failure.verdict();
    format!("{fault}, perhaps {cause}")
}
