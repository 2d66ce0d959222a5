//! Durations in a scenario, as Go and Kubernetes write them.

use leasehold_model::launch::duration::GoDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error};

/// The `format` of durations in the schema.
pub const FORMAT: &str = "duration";

/// A duration that is not negative: `45s`, `1m30s`, `500ms`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Duration(pub GoDuration);

impl Duration {
    /// What to write.
    pub const EXPECTED: &str = "expected a duration such as 45s, 1m30s or 500ms";

    /// Reads one.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Duration, String> {
        let read = GoDuration::parse(text).ok().filter(|duration| duration.nanos >= 0);
        read.map(Duration).ok_or_else(|| Self::EXPECTED.into())
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Duration::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Duration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": FORMAT})
    }
}
