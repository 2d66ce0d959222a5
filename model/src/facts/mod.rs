//! Release facts: everything that differs between Kubernetes 1.21 and 1.37, looked up here and nowhere else.
//!
//! Each family is a file; each fact is one [`Table`]: values over ranges of releases, with how and where each was
//! checked. A new release is [`crate::release::Release::NEWEST`] raised by one, and a new entry wherever the dumps of
//! `testbed/facts` differ.

pub mod controllers;
pub mod flags;
pub mod gates;
pub mod kcm;
pub mod kcm_controllers;
pub mod known_flags;
pub mod locks;
pub mod migration;
pub mod providers;
pub mod rbac;
mod table;
pub mod vendor_tags;
pub mod vendors;

pub use table::{Checked, Fact, Table};
