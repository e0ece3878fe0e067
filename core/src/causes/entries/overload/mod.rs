//! Causes of the category `overload`.

pub(super) mod application_error;
pub(super) mod upstream_crashed;
pub(super) mod upstream_not_running;
pub(super) mod upstream_out_of_memory;
pub(super) mod upstream_overloaded;
pub(super) mod upstream_slow;
