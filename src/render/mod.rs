//! Results as text and as JSON. Pure: values in, text out.

pub mod problems;
pub mod report;
