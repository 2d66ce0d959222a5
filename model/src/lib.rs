//! What Kubernetes controller managers do with their flags, files and rights, and what can happen while a replicated
//! control plane migrates its cloud controllers. Pure and deterministic: no input or output, no clock, no YAML.
//!
//! The way of the data: [`launch`] turns what an operator wrote into what a process does; [`migration`] puts many such
//! processes, leases and operator steps into one state space; [`explore`] searches it. [`election`] is what a process does
//! with one lease, in time.

pub mod config;
pub mod controller;
pub mod data_plane;
pub mod election;
pub mod explore;
pub mod facts;
pub mod findings;
pub mod gap;
pub mod launch;
pub mod lease;
pub mod lease_time;
pub mod migration;
pub mod plan;
pub mod rehearsal;
pub mod release;
pub mod timing;
pub mod two_phase_commit;
pub mod value;
pub mod zones;
