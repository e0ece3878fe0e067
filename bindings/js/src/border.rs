//! What JavaScript sees: bytes in, text out. Text comes in as bytes, answers go out as strings of
//! JavaScript's own, and troubles as its errors, which `js/engine.js` throws: so the glue that
//! wasm-bindgen writes is half as large as for `&str` and `Result`.

use alloc::string::{String, ToString};
use wasm_bindgen::prelude::*;

use crate::calls;
use crate::log::Log;
use crate::trouble::Trouble;

#[wasm_bindgen]
extern "C" {
    /// `js/error.js`.
    type Why502Error;

    #[wasm_bindgen(constructor)]
    fn new(code: &str, message: &str) -> Why502Error;
}

/// What a call says: its answer, or the error to throw.
fn told(answer: Result<String, Trouble>) -> JsValue {
    match answer {
        Ok(text) => text.into(),
        Err(trouble) => Why502Error::new(trouble.code(), &trouble.to_string()).into(),
    }
}

/// The diagnosis of text about one exchange, as JSON; a year of 0 is none, and so is an empty name.
#[wasm_bindgen]
#[must_use]
pub fn diagnose(text: &[u8], year: u32, name: &[u8]) -> JsValue {
    told(calls::diagnose(text, year_of(year), text_of(name)))
}

/// The diagnosis of facts, which are JSON, as JSON.
#[wasm_bindgen]
#[must_use]
pub fn facts(json: &[u8]) -> JsValue {
    told(calls::facts(&text_of(json)))
}

/// What an id names, one a line, as JSON.
#[wasm_bindgen]
#[must_use]
pub fn explain(id: &[u8]) -> JsValue {
    told(calls::explain(&text_of(id)))
}

/// What there is to explain, as JSON.
#[wasm_bindgen]
#[must_use]
pub fn list() -> JsValue {
    told(calls::list())
}

/// A diagnosis, which is JSON, as Markdown.
#[wasm_bindgen]
#[must_use]
pub fn markdown(diagnosis: &[u8]) -> JsValue {
    told(calls::markdown(diagnosis))
}

/// A diagnosis, which is JSON, as HTML.
#[wasm_bindgen]
#[must_use]
pub fn html(diagnosis: &[u8]) -> JsValue {
    told(calls::html(diagnosis))
}

/// Where the catalogue is in memory, for whoever builds the package.
#[wasm_bindgen]
#[must_use]
pub fn places() -> JsValue {
    calls::places().into()
}

/// Reads one log.
#[wasm_bindgen]
#[derive(Debug)]
pub struct LogReader(Log);

#[wasm_bindgen]
impl LogReader {
    /// Begins; a year of 0 is none, and so is an empty name.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(year: u32, live: bool, advice: bool, name: &[u8]) -> Self {
        Self(Log::new(year_of(year), live, advice, text_of(name)))
    }

    /// Reads the next chunk: the diagnoses that are complete with it, one a line of JSON. Where the
    /// log `ends`, or should not be waited for, those of what waited too.
    pub fn read(&mut self, chunk: &[u8], ends: bool) -> JsValue {
        self.0.read(chunk, ends).into()
    }

    /// The summary of the log so far, as JSON.
    #[must_use]
    pub fn summary(&self) -> JsValue {
        told(self.0.summary())
    }
}

/// A year as JavaScript tells it; nonsense is none.
fn year_of(year: u32) -> Option<u16> {
    u16::try_from(year).ok().filter(|year| *year > 0)
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
