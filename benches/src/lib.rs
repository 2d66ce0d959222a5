//! What benchmarks share: [`measured`], engines side by side; [`lease`], a question for all of them.

pub mod lease;
pub mod measured;
