//! Causes of the category `unknown`.

// The category has one cause, and both are named so in the vocabulary.
#[allow(clippy::module_inception)]
pub(super) mod unknown;
