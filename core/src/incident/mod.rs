//! Many records over time: joined to exchanges, and summed up.

mod hops;
mod join;
mod listed;
mod marks;
mod session;
mod single;
mod summary;
mod talk;
mod wrapped;

pub use join::Exchange;
pub use session::{Progress, Session, Sink};
pub use single::{LONGEST_PASTE, Single};
pub(crate) use summary::most_first;
pub use summary::{Example, Exchanges, Finding, Summary, Upstream};
