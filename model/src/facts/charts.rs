//! Charts of cloud-controller-managers: which image a version of a chart installs.

use crate::release::Release;

/// Versions of the chart `aws-cloud-controller-manager`, oldest first, each with its image's tag. Before 0.0.7 the
/// chart was another one (kubernetes/cloud-provider-aws:charts/aws-cloud-controller-manager/values.yaml at the tags
/// helm-chart-aws-cloud-controller-manager-VERSION).
pub const AWS: [(&str, &str); 5] = [
    ("0.0.7", "v1.23.0-alpha.0"),
    ("0.0.8", "v1.27.1"),
    ("0.0.9", "v1.33.0"),
    ("0.0.10", "v1.34.0"),
    ("0.0.11", "v1.35.0"),
];

/// Versions of the chart `cloud-provider-azure` whose Deployment has the arguments of the newest one, oldest first
/// (kubernetes-sigs/cloud-provider-azure:helm/repo@7b31c76).
pub const AZURE: [&str; 36] = [
    "1.26.5+20230228",
    "1.26.6",
    "1.26.7",
    "1.27.1",
    "1.27.5",
    "1.27.6",
    "1.27.7",
    "1.27.7+20230815",
    "1.27.7+20230818",
    "1.28.0",
    "1.28.1",
    "1.28.1+20231102",
    "1.28.5",
    "1.29.0",
    "1.29.0+20240201",
    "1.30.1",
    "1.30.2",
    "1.30.3",
    "1.30.4",
    "1.31.0",
    "1.31.1",
    "1.32.0",
    "1.32.3",
    "1.32.4",
    "1.33.0",
    "1.33.1",
    "1.33.2",
    "1.33.3",
    "1.34.1",
    "1.34.2",
    "1.34.3",
    "1.34.4",
    "1.34.5",
    "1.35.1",
    "1.35.3",
    "1.36.0",
];

/// The tag that `cloud-provider-azure` installs on a Kubernetes minor: from which version of the chart on, and which.
/// On a minor that is not here the chart refuses to be installed without `imageTag`.
const AZURE_TAGS: [(u8, &[(&str, &str)]); 16] = [
    (21, &[("1.26.5+20230228", "v1.0.23")]),
    (22, &[("1.26.5+20230228", "v1.1.27")]),
    (23, &[("1.26.5+20230228", "v1.23.28"), ("1.26.6", "v1.23.29"), ("1.26.7", "v1.23.30")]),
    (
        24,
        &[
            ("1.26.5+20230228", "v1.24.15"),
            ("1.26.6", "v1.24.16"),
            ("1.26.7", "v1.24.17"),
            ("1.27.1", "v1.24.18"),
            ("1.27.5", "v1.24.21"),
            ("1.27.6", "v1.24.22"),
        ],
    ),
    (
        25,
        &[
            ("1.26.5+20230228", "v1.25.9"),
            ("1.26.6", "v1.25.10"),
            ("1.26.7", "v1.25.11"),
            ("1.27.1", "v1.25.12"),
            ("1.27.5", "v1.25.15"),
            ("1.27.6", "v1.25.16"),
            ("1.27.7", "v1.25.17"),
            ("1.28.0", "v1.25.18"),
            ("1.28.1", "v1.25.19"),
            ("1.29.0+20240201", "v1.25.24"),
        ],
    ),
    (
        26,
        &[
            ("1.26.5+20230228", "v1.26.5"),
            ("1.26.6", "v1.26.6"),
            ("1.26.7", "v1.26.7"),
            ("1.27.1", "v1.26.8"),
            ("1.27.5", "v1.26.11"),
            ("1.27.6", "v1.26.12"),
            ("1.27.7", "v1.26.13"),
            ("1.28.0", "v1.26.14"),
            ("1.28.1", "v1.26.15"),
            ("1.29.0+20240201", "v1.26.19"),
            ("1.30.1", "v1.26.22"),
        ],
    ),
    (
        27,
        &[
            ("1.27.1", "v1.27.1"),
            ("1.27.5", "v1.27.5"),
            ("1.27.6", "v1.27.6"),
            ("1.27.7", "v1.27.7"),
            ("1.28.0", "v1.27.8"),
            ("1.28.1", "v1.27.9"),
            ("1.29.0+20240201", "v1.27.13"),
            ("1.30.1", "v1.27.17"),
            ("1.30.4", "v1.27.18"),
            ("1.31.0", "v1.27.20"),
            ("1.31.1", "v1.27.21"),
        ],
    ),
    (
        28,
        &[
            ("1.28.0", "v1.28.0"),
            ("1.28.1", "v1.28.1"),
            ("1.29.0+20240201", "v1.28.5"),
            ("1.30.1", "v1.28.9"),
            ("1.30.4", "v1.28.10"),
            ("1.31.0", "v1.28.12"),
            ("1.31.1", "v1.28.13"),
            ("1.32.3", "v1.28.14"),
        ],
    ),
    (
        29,
        &[
            ("1.29.0+20240201", "v1.29.0"),
            ("1.30.1", "v1.29.5"),
            ("1.30.2", "v1.29.6"),
            ("1.30.3", "v1.29.7"),
            ("1.30.4", "v1.29.8"),
            ("1.31.0", "v1.29.10"),
            ("1.31.1", "v1.29.11"),
            ("1.32.3", "v1.29.13"),
            ("1.32.4", "v1.29.14"),
            ("1.33.0", "v1.29.15"),
        ],
    ),
    (
        30,
        &[
            ("1.30.1", "v1.30.1"),
            ("1.30.2", "v1.30.2"),
            ("1.30.3", "v1.30.3"),
            ("1.30.4", "v1.30.4"),
            ("1.31.0", "v1.31.0"),
            ("1.31.1", "v1.30.7"),
            ("1.32.3", "v1.30.10"),
            ("1.32.4", "v1.30.11"),
            ("1.33.0", "v1.30.12"),
            ("1.33.2", "v1.30.14"),
            ("1.34.1", "v1.30.15"),
        ],
    ),
    (
        31,
        &[
            ("1.31.1", "v1.31.1"),
            ("1.32.3", "v1.31.4"),
            ("1.32.4", "v1.31.5"),
            ("1.33.0", "v1.31.6"),
            ("1.33.2", "v1.31.8"),
            ("1.34.1", "v1.31.9"),
            ("1.34.2", "v1.31.10"),
            ("1.34.4", "v1.31.12"),
        ],
    ),
    (
        32,
        &[
            ("1.32.0", "v1.32.0"),
            ("1.32.3", "v1.32.3"),
            ("1.32.4", "v1.32.4"),
            ("1.33.0", "v1.32.5"),
            ("1.33.2", "v1.32.7"),
            ("1.34.1", "v1.32.8"),
            ("1.34.2", "v1.32.9"),
            ("1.34.3", "v1.32.11"),
            ("1.35.1", "v1.32.14"),
            ("1.35.3", "v1.32.16"),
            ("1.36.0", "v1.32.17"),
        ],
    ),
    (
        33,
        &[
            ("1.33.0", "v1.33.0"),
            ("1.33.2", "v1.33.2"),
            ("1.34.1", "v1.33.3"),
            ("1.34.2", "v1.33.4"),
            ("1.34.3", "v1.33.6"),
            ("1.35.1", "v1.33.9"),
            ("1.35.3", "v1.33.11"),
            ("1.36.0", "v1.33.12"),
        ],
    ),
    (
        34,
        &[
            ("1.34.1", "v1.34.1"),
            ("1.34.2", "v1.34.2"),
            ("1.34.3", "v1.34.3"),
            ("1.35.1", "v1.34.6"),
            ("1.35.3", "v1.34.8"),
            ("1.36.0", "v1.34.9"),
        ],
    ),
    (35, &[("1.35.1", "v1.35.1"), ("1.35.3", "v1.35.3"), ("1.36.0", "v1.35.4")]),
    (36, &[("1.36.0", "v1.36.0")]),
];

/// The tag of the image that the chart `cloud-provider-azure` of this version, one of [`AZURE`], installs on `release`;
/// `None`: it refuses to be installed there without a tag.
pub fn azure_tag(version: &str, release: Release) -> Option<&'static str> {
    let position = |version: &str| AZURE.iter().position(|v| *v == version);
    let chart = position(version)?;
    let (_, tags) = AZURE_TAGS.iter().find(|(minor, _)| *minor == release.minor())?;
    tags.iter().rev().find(|(since, _)| position(since).is_some_and(|since| since <= chart)).map(|(_, tag)| *tag)
}

/// True if `cloudControllerManager.updateStrategy` is a value of the chart `cloud-provider-azure` of this version: since
/// 1.33.1, except 1.33.2 (kubernetes-sigs/cloud-provider-azure:helm/repo@7b31c76).
pub fn azure_has_update_strategy(version: &str) -> bool {
    let position = |version: &str| AZURE.iter().position(|v| *v == version);
    position(version) >= position("1.33.1") && version != "1.33.2"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_names_a_tag_for_each_minor_it_knows() {
        for (chart, minor, tag) in [
            ("1.26.7", 26, Some("v1.26.7")),
            ("1.26.7", 27, None),
            ("1.28.5", 28, Some("v1.28.1")),
            ("1.29.0", 29, None),
            ("1.31.0", 30, Some("v1.31.0")),
            ("1.31.0", 31, None),
            ("1.36.0", 27, Some("v1.27.21")),
            ("1.36.0", 29, Some("v1.29.15")),
            ("1.36.0", 33, Some("v1.33.12")),
            ("1.36.0", 37, None),
            ("1.25.5", 25, None),
        ] {
            assert_eq!(azure_tag(chart, Release::new(minor).unwrap()), tag, "{chart} {minor}");
        }
    }

    #[test]
    fn newer_charts_have_an_update_strategy() {
        let has = ["1.29.0", "1.33.0", "1.33.1", "1.33.2", "1.33.3", "1.36.0"].map(azure_has_update_strategy);
        assert_eq!(has, [false, false, true, false, true, true]);
    }
}
