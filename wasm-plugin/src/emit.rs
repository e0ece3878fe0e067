//! Gives a diagnosis to people and their tools: headers, filter state, metrics, log lines, bodies.

mod accept;
mod headers;
mod line;
mod metrics;
mod page;
mod state;
mod template;

pub(crate) use headers::{fault_header, proxy_status};
pub(crate) use line::{Limiter, write as write_line};
pub(crate) use metrics::{Metrics, Plain};
pub(crate) use page::{Page, build as build_page};
pub(crate) use state::set as set_state;
pub use template::Template;
