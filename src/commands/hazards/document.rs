//! The format of `leasehold hazards --format json`, version 1: these types are its only definition.

use schemars::JsonSchema;
use serde::Serialize;

use super::library::directory;
use super::table::Hazard;
use super::{Judged, Shipped};
use crate::render::json;
use crate::render::json::format::{Check, PropertyName, StatusName};
use crate::scene::expected;

/// What `leasehold hazards --format json` prints.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "leasehold hazards v1")]
pub struct Document {
    /// The version of this format: 1. Fields may be added within a version; none changes its meaning or goes away.
    pub version: u8,
    /// What printed it, such as `leasehold 0.1.0`.
    pub tool: String,
    /// All hazards, or the one that was named.
    pub hazards: Vec<HazardOut>,
}

/// A hazard.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HazardOut {
    /// Its name: `H6`.
    pub name: &'static str,
    /// What goes wrong, in one line.
    pub title: &'static str,
    /// The releases of Kubernetes in which it can happen.
    pub since: &'static str,
    /// The scenarios that show it, and those that show it mended.
    pub scenarios: Vec<ScenarioOut>,
}

/// A shipped scenario.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioOut {
    /// Its name, that of its directory.
    pub name: String,
    /// What happens, in one line.
    pub title: String,
    /// Its directory in a checkout.
    pub directory: String,
    /// True if it shows the hazard mended.
    pub mends: bool,
    /// The scenario that shows it mended; null if there is none.
    pub mended_by: Option<String>,
    /// How it comes about.
    pub about: String,
    /// The codes of what `check` finds.
    pub codes: Vec<String>,
    /// Where that was read in upstream's source: `owner/repo:path:line@tag`.
    pub sources: Vec<String>,
    /// Public threads and pages.
    pub links: Vec<String>,
    /// The verdicts it must have.
    pub expected: Vec<ExpectedOut>,
    /// What `check` found; null in a list, where nothing is judged.
    pub check: Option<Check>,
}

/// An expected verdict.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpectedOut {
    /// The property.
    pub property: PropertyName,
    /// The verdict.
    pub verdict: StatusName,
}

/// All hazards, as JSON that ends with a line break.
pub fn list(all: &[(Hazard, Vec<Shipped>)]) -> String {
    let hazard =
        |(h, scenarios): &(Hazard, Vec<Shipped>)| out(h, scenarios.iter().map(|s| scenario(s, None)).collect());
    text(all.iter().map(hazard).collect())
}

/// One hazard, judged.
pub fn judged(hazard: &Hazard, judged: &[Judged]) -> String {
    let scenarios = judged.iter().map(|one| scenario(&one.shipped, Some(json::check(&one.judgement, &one.scene))));
    text(vec![out(hazard, scenarios.collect())])
}

fn text(hazards: Vec<HazardOut>) -> String {
    let document = Document { version: 1, tool: concat!("leasehold ", env!("CARGO_PKG_VERSION")).into(), hazards };
    serde_json::to_string_pretty(&document).expect("plain data") + "\n"
}

fn out(hazard: &Hazard, scenarios: Vec<ScenarioOut>) -> HazardOut {
    HazardOut { name: hazard.name, title: hazard.title, since: hazard.since, scenarios }
}

fn scenario(shipped: &Shipped, check: Option<Check>) -> ScenarioOut {
    let verdicts = expected(shipped.resolved.expect).into_iter();
    ScenarioOut {
        name: shipped.name.clone(),
        title: shipped.resolved.title.clone(),
        directory: directory(&shipped.name),
        mends: shipped.mends,
        mended_by: shipped.mended_by.clone(),
        about: shipped.about.text.clone(),
        codes: shipped.about.codes.clone(),
        sources: shipped.about.sources.clone(),
        links: shipped.about.links.clone(),
        expected: verdicts
            .map(|(property, status)| ExpectedOut { property: json::property(property), verdict: json::status(status) })
            .collect(),
        check,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_hazards_schema() {
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(super::Document)).expect("plain data");
        crate::generated::compare("docs/schema/hazards.v1.json", &(schema + "\n"));
    }
}
