//! Where the host enters the module: the callbacks of proxy-wasm 0.2.1. Those that the filter has
//! no use for are not exported, so that the host does not make the way in vain.
#![allow(unsafe_code, reason = "the border to the host, which is C")]

use core::cell::RefCell;

use crate::filter::Filter;
use crate::host::calls::{self, Calls};

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// Nothing in the filter panics; the language wants to know what would happen.
#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

struct Worker(RefCell<Filter<Calls>>);

// SAFETY: the module has one thread; the ABI knows no others.
unsafe impl Sync for Worker {}

static WORKER: Worker = Worker(RefCell::new(Filter::new(Calls)));

/// Runs a callback. A host that calls back within a call gets the answer of one that does nothing.
fn with<T>(otherwise: T, callback: impl FnOnce(&mut Filter<Calls>) -> T) -> T {
    match WORKER.0.try_borrow_mut() {
        Ok(mut filter) => callback(&mut filter),
        Err(_) => otherwise,
    }
}

/// The exchange goes on. The filter has no other answer.
const CONTINUE: u32 = 0;
const TRUE: u32 = 1;

#[unsafe(no_mangle)]
extern "C" fn proxy_abi_version_0_2_1() {}

#[unsafe(no_mangle)]
extern "C" fn _initialize() {}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_memory_allocate(size: usize) -> *mut u8 {
    calls::lend(size)
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_context_create(context: u32, root: u32) {
    with((), |filter| filter.on_context_create(context, root));
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_vm_start(_context: u32, _size: usize) -> u32 {
    TRUE
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_configure(context: u32, _size: usize) -> u32 {
    with(0, |filter| u32::from(filter.on_configure(context)))
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_tick(context: u32) {
    with((), |filter| filter.on_tick(context));
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_headers(context: u32, _count: usize, _end: u32) -> u32 {
    with((), |filter| filter.on_request_headers(context));
    CONTINUE
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_headers(context: u32, _count: usize, end: u32) -> u32 {
    with((), |filter| filter.on_response_headers(context, end != 0));
    CONTINUE
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_body(context: u32, size: usize, end: u32) -> u32 {
    with((), |filter| filter.on_response_body(context, size, end != 0));
    CONTINUE
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_trailers(context: u32, _count: usize) -> u32 {
    with((), |filter| filter.on_response_trailers(context));
    CONTINUE
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_log(context: u32) {
    with((), |filter| filter.on_log(context));
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_done(context: u32) -> u32 {
    with(TRUE, |filter| u32::from(filter.on_done(context)))
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_delete(context: u32) {
    with((), |filter| filter.on_delete(context));
}
