//! Raw HTTP.
