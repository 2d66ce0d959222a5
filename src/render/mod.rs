//! Results as text and as JSON. Pure: values in, text out.
//!
//! * [`text`]: the whole screen of `check`, made of [`header`], [`verdicts`], [`timeline`], [`gap`], [`findings`], [`fix`],
//!   [`rests`], [`timing`], [`data_plane`].
//! * [`json`]: the same as JSON.
//! * [`hazards`]: the screens of `hazards`.
//! * [`margins`]: the screen of `margins`; [`rehearse`]: what `rehearse` prints.
//! * [`compare`]: the tables of `compare`, as text and as Markdown.
//! * [`problems`]: bad input.
//! * [`report`]: a message with its place in a file; [`layout`]: columns, wrapping, styles.

pub mod compare;
pub mod data_plane;
pub mod data_plane_claims;
pub mod data_plane_run;
pub mod findings;
pub mod fix;
pub mod gap;
pub mod hazards;
pub mod header;
pub mod json;
pub mod layout;
pub mod margins;
pub mod problems;
pub mod rehearse;
pub mod report;
pub mod rests;
pub mod text;
pub mod timeline;
pub mod timing;
pub mod verdicts;

#[cfg(test)]
mod tests;
