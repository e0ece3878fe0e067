//! Byte helpers.
