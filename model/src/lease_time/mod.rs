//! The lease theorem in dense time.
pub mod constants;
pub mod handover;
pub mod location;
pub mod parameters;
pub mod units;
