//! What `rehearse` prints: the points of a plan and the way back from each.
//!
//! * [`rows`]: what is said of each point, in words.
//! * [`text`]: the screen; [`markdown`]: the same for a change ticket.
//! * [`runbook`]: the way back as commands.
//! * [`format`]: the JSON; [`json`] fills it.

pub mod format;
pub mod json;
pub mod markdown;
pub mod rows;
pub mod runbook;
pub mod text;
