//! Reads the manifests, configuration files and scenarios that people write.
//!
//! The way of the data: [`source`] keeps the texts, [`yaml`] makes spanned nodes of them, and [`diagnostic`] collects
//! what is wrong with them.
//!
//! Architecture invariant: this crate never prints and never reads the environment; it returns values and
//! [`diagnostic::Problem`]s.

pub mod compile;
pub mod data_plane;
pub mod diagnostic;
pub mod elections;
pub mod flags;
pub mod inventory;
pub mod resolve;
pub mod rights;
pub mod scenario;
pub mod source;
pub mod timing;
pub mod yaml;
