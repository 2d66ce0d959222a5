//! The values that decide what a manager does, each with where it came from.

/// Where a deciding value came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The binary's default.
    Default,
    /// Argument `i` of the process.
    Arg(usize),
    /// The leader migration file.
    File,
}

/// A value with its origin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// The deciding values of one manager. What a refused flag line did not reach keeps its default.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// `--leader-elect`
    pub leader_elect: Setting<bool>,
    /// `--cloud-provider`
    pub cloud_provider: Setting<String>,
    /// `--controllers`, each element as written.
    pub controllers: Setting<Vec<String>>,
    /// `--enable-leader-migration`
    pub enable_leader_migration: Setting<bool>,
    /// The migration configuration in force, if leader migration is enabled and the file was accepted.
    pub migration: Option<Setting<crate::config::MigrationConfig>>,
}
