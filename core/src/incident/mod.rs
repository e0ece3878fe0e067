//! Many records over time: joined to exchanges, and summed up.

mod join;
mod session;
mod single;
mod summary;

pub use join::Joiner;
pub use session::Session;
pub use single::Single;
pub use summary::{Example, Exchanges, Finding, Summary, Upstream};
