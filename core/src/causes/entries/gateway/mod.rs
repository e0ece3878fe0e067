//! Causes of the category `gateway`.

pub(super) mod gateway_bug;
pub(super) mod gateway_overloaded;
pub(super) mod policy_denied;
