//! Causes of the category `protocol`.

pub(super) mod upstream_sends_invalid_http;
