//! Cloud controllers by identity (what the code does) and the two components that can run them.
//!
//! Names change between releases and spellings (`service`, `service-lb-controller`); identities do not. Properties are
//! always about identities. The names live in the release facts.

use std::fmt;

/// A controller that leader migration can move, by what it does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Controller {
    /// Load balancers of Services.
    Service,
    /// Routes between the nodes' pod networks.
    Route,
    /// Deletes nodes whose machine is gone.
    CloudNodeLifecycle,
    /// Initialises nodes: addresses, zone, provider ID.
    CloudNode,
    /// Assigns pod CIDRs to nodes.
    NodeIpam,
}

impl Controller {
    /// Every controller, in the order used in all output.
    pub const ALL: [Controller; 5] = [
        Controller::Service,
        Controller::Route,
        Controller::CloudNodeLifecycle,
        Controller::CloudNode,
        Controller::NodeIpam,
    ];

    /// The identity's name in all output.
    pub const fn name(self) -> &'static str {
        match self {
            Controller::Service => "service",
            Controller::Route => "route",
            Controller::CloudNodeLifecycle => "cloud-node-lifecycle",
            Controller::CloudNode => "cloud-node",
            Controller::NodeIpam => "node-ipam",
        }
    }
}

impl fmt::Display for Controller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Controller {
    type Err = ();

    /// Reads [`Controller::name`].
    fn from_str(text: &str) -> Result<Controller, ()> {
        Controller::ALL.into_iter().find(|controller| controller.name() == text).ok_or(())
    }
}

/// A set of controllers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ControllerSet(u8);

impl ControllerSet {
    /// No controller.
    pub const EMPTY: ControllerSet = ControllerSet(0);

    /// True if no controller is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if `controller` is in the set.
    pub const fn contains(self, controller: Controller) -> bool {
        self.0 & (1 << controller as u8) != 0
    }

    /// The set with `controller` added.
    #[must_use]
    pub const fn with(self, controller: Controller) -> ControllerSet {
        ControllerSet(self.0 | 1 << controller as u8)
    }

    /// The set without `controller`.
    #[must_use]
    pub const fn without(self, controller: Controller) -> ControllerSet {
        ControllerSet(self.0 & !(1 << controller as u8))
    }

    /// The set without what is in `other`.
    #[must_use]
    pub const fn difference(self, other: ControllerSet) -> ControllerSet {
        ControllerSet(self.0 & !other.0)
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: ControllerSet) -> ControllerSet {
        ControllerSet(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: ControllerSet) -> ControllerSet {
        ControllerSet(self.0 & other.0)
    }

    /// The members, in the order of [`Controller::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Controller> {
        Controller::ALL.into_iter().filter(move |&c| self.contains(c))
    }
}

impl FromIterator<Controller> for ControllerSet {
    fn from_iter<I: IntoIterator<Item = Controller>>(controllers: I) -> ControllerSet {
        controllers.into_iter().fold(ControllerSet::EMPTY, ControllerSet::with)
    }
}

impl fmt::Display for ControllerSet {
    /// `service, route`, or `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (i, controller) in self.iter().enumerate() {
            write!(f, "{}{controller}", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for ControllerSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// A controller manager.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Component {
    /// `kube-controller-manager`
    KubeControllerManager,
    /// `cloud-controller-manager`
    CloudControllerManager,
}

impl Component {
    /// Both components.
    pub const ALL: [Component; 2] = [Component::KubeControllerManager, Component::CloudControllerManager];

    /// The name that the real binaries compare `component:` entries with.
    pub const fn name(self) -> &'static str {
        match self {
            Component::KubeControllerManager => "kube-controller-manager",
            Component::CloudControllerManager => "cloud-controller-manager",
        }
    }

    /// `KCM` or `CCM`, for narrow columns.
    pub const fn short(self) -> &'static str {
        match self {
            Component::KubeControllerManager => "KCM",
            Component::CloudControllerManager => "CCM",
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_keep_the_output_order() {
        let set: ControllerSet = [Controller::NodeIpam, Controller::Service].into_iter().collect();
        assert_eq!(set.to_string(), "service, node-ipam");
        assert_eq!(set.without(Controller::Service).to_string(), "node-ipam");
        assert_eq!(ControllerSet::EMPTY.to_string(), "none");
        assert!(set.contains(Controller::NodeIpam) && !set.contains(Controller::CloudNode));
    }
    #[test]
    fn names_are_read_back() {
        for controller in Controller::ALL {
            assert_eq!(controller.name().parse(), Ok(controller));
        }
        assert_eq!("service-controller".parse::<Controller>(), Err(()));
    }

    #[test]
    fn sets_are_sets() {
        let all: ControllerSet = Controller::ALL.into_iter().collect();
        let one = ControllerSet::EMPTY.with(Controller::Route);
        assert_eq!(one.with(Controller::Route), one);
        assert_eq!(one.union(one), one);
        assert_eq!(one.union(all), all);
        assert_eq!(all.intersection(one), one);
        assert_eq!(one.intersection(ControllerSet::EMPTY.with(Controller::Service)), ControllerSet::EMPTY);
        for controller in Controller::ALL {
            assert!(!all.without(controller).contains(controller), "{controller}");
            assert_eq!(all.without(controller).with(controller), all, "{controller}");
        }
        assert_eq!(all.difference(one), all.without(Controller::Route));
        assert_eq!(one.difference(all), ControllerSet::EMPTY);
        assert_eq!(format!("{one:?}"), "{route}");
    }

    #[test]
    fn components_are_named_as_the_binaries_are() {
        let names = Component::ALL.map(|component| (component.to_string(), component.short()));
        let expected = [("kube-controller-manager", "KCM"), ("cloud-controller-manager", "CCM")];
        assert_eq!(names, expected.map(|(name, short)| (name.to_owned(), short)));
    }
}
