//! Causes of the category `unknown`.

pub(super) mod unknown;
