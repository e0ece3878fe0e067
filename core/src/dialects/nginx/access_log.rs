//! Access
