//! Causes of the category `client`.

pub(super) mod client_aborted;
pub(super) mod client_bad_request;
