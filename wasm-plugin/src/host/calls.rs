//! The host behind a WebAssembly module: the calls of proxy-wasm 0.2.1, each by its numbers.
#![allow(unsafe_code, reason = "the border to the host, which is C")]

use alloc::vec::Vec;
use core::cell::RefCell;
use core::ptr;

use super::{Absent, Answer, Ask, Host, Level, Map, Metric, Pairs};

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_log(level: u32, line: *const u8, length: usize) -> u32;
    fn proxy_get_property(
        path: *const u8,
        path_length: usize,
        value: *mut *mut u8,
        length: *mut usize,
    ) -> u32;
    fn proxy_set_property(
        path: *const u8,
        path_length: usize,
        value: *const u8,
        length: usize,
    ) -> u32;
    fn proxy_get_header_map_value(
        map: u32,
        name: *const u8,
        name_length: usize,
        value: *mut *mut u8,
        length: *mut usize,
    ) -> u32;
    fn proxy_get_header_map_pairs(map: u32, value: *mut *mut u8, length: *mut usize) -> u32;
    fn proxy_add_header_map_value(
        map: u32,
        name: *const u8,
        name_length: usize,
        value: *const u8,
        length: usize,
    ) -> u32;
    fn proxy_replace_header_map_value(
        map: u32,
        name: *const u8,
        name_length: usize,
        value: *const u8,
        length: usize,
    ) -> u32;
    fn proxy_remove_header_map_value(map: u32, name: *const u8, name_length: usize) -> u32;
    fn proxy_get_buffer_bytes(
        buffer: u32,
        start: usize,
        most: usize,
        value: *mut *mut u8,
        length: *mut usize,
    ) -> u32;
    fn proxy_set_buffer_bytes(
        buffer: u32,
        start: usize,
        replaced: usize,
        value: *const u8,
        length: usize,
    ) -> u32;
    fn proxy_define_metric(kind: u32, name: *const u8, name_length: usize, metric: *mut u32)
    -> u32;
    fn proxy_increment_metric(metric: u32, amount: i64) -> u32;
    fn proxy_record_metric(metric: u32, value: u64) -> u32;
    fn proxy_get_current_time_nanoseconds(time: *mut u64) -> u32;
    fn proxy_set_tick_period_milliseconds(millis: u32) -> u32;
}

/// The response's body, among the host's buffers.
const RESPONSE_BODY: u32 = 1;
/// The plugin's configuration, among the host's buffers.
const CONFIGURATION: u32 = 7;

/// Memory that the host asked for and has not handed back yet. It asks, writes, and returns the
/// place within one call, so few are ever there.
struct Lent(RefCell<Vec<Vec<u8>>>);

// SAFETY: the module has one thread; the ABI knows no others.
unsafe impl Sync for Lent {}

static LENT: Lent = Lent(RefCell::new(Vec::new()));

/// How many pieces of memory a host may hold that it never hands back.
const MOST_LENT: usize = 8;

/// Memory for the host to write to; null where there is none.
pub fn lend(length: usize) -> *mut u8 {
    let mut memory = Vec::new();
    let Ok(mut lent) = LENT.0.try_borrow_mut() else { return ptr::null_mut() };
    if memory.try_reserve_exact(length.max(1)).is_err() {
        return ptr::null_mut();
    }
    memory.resize(length.max(1), 0);
    if lent.len() >= MOST_LENT {
        lent.remove(0);
    }
    let place = memory.as_mut_ptr();
    lent.push(memory);
    place
}

/// Takes back what was lent, with so many bytes written. A place that was never lent is no answer.
fn take_back(place: *mut u8, length: usize) -> Answer<Vec<u8>> {
    if length == 0 || place.is_null() {
        return Ok(Vec::new());
    }
    let wrong = Absent::Failed(0);
    let mut lent = LENT.0.try_borrow_mut().map_err(|_| wrong)?;
    let at = lent.iter().position(|memory| ptr::eq(memory.as_ptr(), place)).ok_or(wrong)?;
    let mut memory = lent.swap_remove(at);
    memory.truncate(length);
    Ok(memory)
}

/// One call that answers with bytes.
fn ask(call: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Answer<Vec<u8>> {
    let (mut place, mut length) = (ptr::null_mut(), 0);
    Absent::check(call(&raw mut place, &raw mut length))?;
    take_back(place, length)
}

/// The host that runs this module.
#[derive(Clone, Copy, Debug)]
pub struct Calls;

// SAFETY, for all calls below: pointers and lengths are those of live slices and variables, and
// the host touches nothing else of the module's memory.
impl Ask for Calls {
    fn property(&self, path: &[u8]) -> Answer<Vec<u8>> {
        ask(|value, length| unsafe { proxy_get_property(path.as_ptr(), path.len(), value, length) })
    }

    fn header(&self, map: Map, name: &[u8]) -> Answer<Vec<u8>> {
        ask(|value, length| unsafe {
            proxy_get_header_map_value(map as u32, name.as_ptr(), name.len(), value, length)
        })
    }

    fn headers(&self, map: Map) -> Answer<Pairs> {
        ask(|value, length| unsafe { proxy_get_header_map_pairs(map as u32, value, length) })
            .map(Pairs::new)
    }

    fn now(&self) -> Answer<u64> {
        let mut time = 0;
        Absent::check(unsafe { proxy_get_current_time_nanoseconds(&raw mut time) })?;
        Ok(time)
    }
}

// SAFETY: as above.
impl Host for Calls {
    fn set_property(&self, path: &[u8], value: &[u8]) -> Answer<()> {
        Absent::check(unsafe {
            proxy_set_property(path.as_ptr(), path.len(), value.as_ptr(), value.len())
        })
    }

    fn add_header(&self, name: &[u8], value: &[u8]) -> Answer<()> {
        Absent::check(unsafe {
            proxy_add_header_map_value(
                Map::Response as u32,
                name.as_ptr(),
                name.len(),
                value.as_ptr(),
                value.len(),
            )
        })
    }

    fn replace_header(&self, name: &[u8], value: &[u8]) -> Answer<()> {
        Absent::check(unsafe {
            proxy_replace_header_map_value(
                Map::Response as u32,
                name.as_ptr(),
                name.len(),
                value.as_ptr(),
                value.len(),
            )
        })
    }

    fn remove_header(&self, name: &[u8]) -> Answer<()> {
        Absent::check(unsafe {
            proxy_remove_header_map_value(Map::Response as u32, name.as_ptr(), name.len())
        })
    }

    fn body(&self, most: usize) -> Answer<Vec<u8>> {
        ask(|value, length| unsafe {
            proxy_get_buffer_bytes(RESPONSE_BODY, 0, most, value, length)
        })
    }

    fn replace_body(&self, bytes: &[u8]) -> Answer<()> {
        // More than any buffer holds: all of it. Hosts read this as a signed number.
        const ALL: usize = i32::MAX as usize;
        Absent::check(unsafe {
            proxy_set_buffer_bytes(RESPONSE_BODY, 0, ALL, bytes.as_ptr(), bytes.len())
        })
    }

    fn define_metric(&self, kind: Metric, name: &[u8]) -> Answer<u32> {
        let mut metric = 0;
        Absent::check(unsafe {
            proxy_define_metric(kind as u32, name.as_ptr(), name.len(), &raw mut metric)
        })?;
        Ok(metric)
    }

    fn add_to_metric(&self, metric: u32, amount: u64) -> Answer<()> {
        let amount = i64::try_from(amount).unwrap_or(i64::MAX);
        Absent::check(unsafe { proxy_increment_metric(metric, amount) })
    }

    fn record_metric(&self, metric: u32, value: u64) -> Answer<()> {
        Absent::check(unsafe { proxy_record_metric(metric, value) })
    }

    fn tick_every(&self, millis: u32) -> Answer<()> {
        Absent::check(unsafe { proxy_set_tick_period_milliseconds(millis) })
    }

    fn configuration(&self) -> Answer<Vec<u8>> {
        const ALL: usize = i32::MAX as usize;
        ask(|value, length| unsafe { proxy_get_buffer_bytes(CONFIGURATION, 0, ALL, value, length) })
    }

    fn log(&self, level: Level, line: &str) {
        let _ = unsafe { proxy_log(level as u32, line.as_ptr(), line.len()) };
    }
}
