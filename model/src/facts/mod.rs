//! Release facts: everything that differs between Kubernetes 1.21 and 1.37, looked up here and nowhere else.

pub mod vendors;
