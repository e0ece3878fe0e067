//! What the module exports. It imports nothing, so that any number of instances can be made, each
//! with a memory of its own: one that trapped is thrown away.
#![allow(unsafe_code, reason = "names that JavaScript can call, and a worker without threads")]

use core::cell::RefCell;

use crate::engine::{Engine, Form, Trouble};

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// JavaScript sees a trap, and makes another instance.
#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

struct Worker(RefCell<Engine>);

// SAFETY: the module has one thread; its memory is not shared.
unsafe impl Sync for Worker {}

static WORKER: Worker = Worker(RefCell::new(Engine::new()));

/// Runs a call. No call is made within another: the module calls nobody.
fn with<T>(otherwise: T, call: impl FnOnce(&mut Engine) -> T) -> T {
    WORKER.0.try_borrow_mut().map_or(otherwise, |mut engine| call(&mut engine))
}

/// Whether a call did what was asked; the output holds what it says, or the trouble.
fn told(call: impl FnOnce(&mut Engine) -> Result<(), Trouble>) -> u32 {
    with(0, |engine| match call(engine) {
        Ok(()) => 1,
        Err(trouble) => {
            engine.tell(&trouble);
            0
        }
    })
}

/// Makes room for so many bytes of input, and says where.
#[unsafe(no_mangle)]
extern "C" fn input(len: usize) -> *mut u8 {
    with(core::ptr::null_mut(), |engine| engine.room(len).as_mut_ptr())
}

/// Where the output is.
#[unsafe(no_mangle)]
extern "C" fn output() -> *const u8 {
    with(core::ptr::null(), |engine| engine.output().as_ptr())
}

/// How long the output is.
#[unsafe(no_mangle)]
extern "C" fn output_len() -> usize {
    with(0, |engine| engine.output().len())
}

/// The input is the name of the one that follows.
#[unsafe(no_mangle)]
extern "C" fn name() -> u32 {
    told(Engine::name)
}

/// The input is text about one exchange; puts out its diagnosis.
#[unsafe(no_mangle)]
extern "C" fn diagnose(year: u32) -> u32 {
    told(|engine| engine.diagnose(year))
}

/// The input is facts as JSON; puts out their diagnosis.
#[unsafe(no_mangle)]
extern "C" fn facts() -> u32 {
    told(Engine::facts)
}

/// Begins to read a log.
#[unsafe(no_mangle)]
extern "C" fn open(year: u32, live: u32, advice: u32) -> u32 {
    told(|engine| engine.open(year, live != 0, advice != 0))
}

/// The input is the next chunk of the log; puts out the diagnoses that are complete, one a line.
#[unsafe(no_mangle)]
extern "C" fn read() -> u32 {
    told(|engine| engine.read(false))
}

/// Gives up waiting for more of the log, and puts out what waited.
#[unsafe(no_mangle)]
extern "C" fn flush() -> u32 {
    told(|engine| engine.read(true))
}

/// Puts out the summary of the log so far.
#[unsafe(no_mangle)]
extern "C" fn summary() -> u32 {
    told(Engine::summary)
}

/// The input is an id; puts out what it names, one a line.
#[unsafe(no_mangle)]
extern "C" fn explain() -> u32 {
    told(Engine::explain)
}

/// Puts out what there is to explain.
#[unsafe(no_mangle)]
extern "C" fn list() -> u32 {
    told(Engine::list)
}

/// The input is a diagnosis as JSON; puts it out as Markdown.
#[unsafe(no_mangle)]
extern "C" fn markdown() -> u32 {
    told(|engine| engine.render(Form::Markdown))
}

/// The input is a diagnosis as JSON; puts it out as HTML.
#[unsafe(no_mangle)]
extern "C" fn html() -> u32 {
    told(|engine| engine.render(Form::Html))
}

/// Puts out where the catalogue is in memory.
#[unsafe(no_mangle)]
extern "C" fn places() -> u32 {
    told(Engine::places)
}
