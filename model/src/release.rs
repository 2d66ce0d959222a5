//! Kubernetes minor releases, the axis along which every fact of leasehold varies.

use std::fmt;
use std::str::FromStr;

/// A Kubernetes minor release, `1.21` to `1.37`.
///
/// The Go libraries that carry the same code (`k8s.io/cloud-provider`, `k8s.io/controller-manager`, `k8s.io/client-go`)
/// count `0.21` to `0.37`; the same value stands for them, and [`Release::library`] spells it their way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Release(u8);

impl Release {
    /// The first release with leader migration.
    pub const OLDEST: Release = Release(21);
    /// The newest release whose facts were checked.
    pub const NEWEST: Release = Release(37);

    /// The release `1.minor`, if leasehold knows it.
    pub const fn new(minor: u8) -> Option<Release> {
        if minor >= Self::OLDEST.0 && minor <= Self::NEWEST.0 { Some(Release(minor)) } else { None }
    }

    /// The minor number, 21 to 37.
    pub const fn minor(self) -> u8 {
        self.0
    }

    /// The next release, if leasehold knows it.
    pub const fn next(self) -> Option<Release> {
        Release::new(self.0 + 1)
    }

    /// Every known release, oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Release> {
        (Self::OLDEST.0..=Self::NEWEST.0).map(Release)
    }

    /// The same minor as the staging libraries spell it: `0.30`.
    pub fn library(self) -> String {
        format!("0.{}", self.0)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

/// Why a text is no known release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ParseReleaseError {
    /// The text is not of the form `1.30`, `v1.30.4` or `0.30.4`.
    Form,
    /// A release, but outside [`Release::OLDEST`] to [`Release::NEWEST`].
    Unknown,
}

impl fmt::Display for ParseReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseReleaseError::Form => write!(f, "expected a release such as `1.30` or `v1.30.4`"),
            ParseReleaseError::Unknown => {
                write!(f, "leasehold knows {} to {}", Release::OLDEST, Release::NEWEST)
            }
        }
    }
}

impl std::error::Error for ParseReleaseError {}

impl FromStr for Release {
    type Err = ParseReleaseError;

    /// Reads `1.30`, `v1.30`, `v1.30.4`, `1.31.0-rc.1`, `v1.29.3+rke2r1`, and the libraries' `0.30.4`.
    fn from_str(text: &str) -> Result<Release, ParseReleaseError> {
        let text = text.trim().trim_start_matches('v');
        let mut parts = text.split(['.', '-', '+']);
        let (Some("0" | "1"), Some(minor)) = (parts.next(), parts.next()) else {
            return Err(ParseReleaseError::Form);
        };
        if minor.is_empty() || !minor.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ParseReleaseError::Form);
        }
        let minor = minor.parse().map_err(|_| ParseReleaseError::Unknown)?;
        Release::new(minor).ok_or(ParseReleaseError::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling_people_use() {
        for text in ["1.30", "v1.30", "v1.30.4", "1.30.0-rc.1", "v1.30.3+rke2r1", "0.30.14", " 1.30 "] {
            assert_eq!(text.parse::<Release>(), Ok(Release(30)), "{text}");
        }
        assert_eq!(Release(30).to_string(), "1.30");
        assert_eq!(Release(30).library(), "0.30");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert_eq!("1.20".parse::<Release>(), Err(ParseReleaseError::Unknown));
        assert_eq!("1.38".parse::<Release>(), Err(ParseReleaseError::Unknown));
        assert_eq!("1.999".parse::<Release>(), Err(ParseReleaseError::Unknown));
        for text in ["", "latest", "2.30", "1", "1.", "1.x", "1.-3"] {
            assert_eq!(text.parse::<Release>(), Err(ParseReleaseError::Form), "{text}");
        }
        assert_eq!(Release::all().count(), 17);
        assert_eq!(Release::NEWEST.next(), None);
        assert_eq!(Release::OLDEST.next(), Some(Release(22)));
        assert_eq!(ParseReleaseError::Unknown.to_string(), "leasehold knows 1.21 to 1.37");
        assert_eq!(ParseReleaseError::Form.to_string(), "expected a release such as `1.30` or `v1.30.4`");
    }
}
