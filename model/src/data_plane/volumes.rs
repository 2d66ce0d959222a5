//! One volume of a pod: can it always be attached where the pod is?
//!
//! Who attaches is decided node by node: kube-controller-manager hands a Cinder volume to the CSI driver if its own gates say
//! so and the node's CSINode names the plugin as migrated, and uses the in-tree plugin otherwise, which needs the cloud
//! provider; a node that says migrated without having the driver gets nothing
//! (`kubernetes/kubernetes:pkg/controller/volume/attachdetach/util/util.go:298,311@v1.21.1`). A kubelet takes its gates at its
//! start: KKP sets them when a Machine is created
//! (`kubermatic/machine-controller:pkg/admission/machines.go:87@v1.36.0`).
//!
//! Cinder refuses a second attachment of a volume without multiattach, so a volume is in one place or in none.

use super::problem::{Order, Problem, StepKind};
use crate::explore::{Edges, End, Options, System, explore};
use crate::release::Release;

/// Since when kubelet and kube-controller-manager migrate Cinder to CSI unless told otherwise
/// (`kubernetes/kubernetes:pkg/features/kube_features.go:804@v1.21.1`; off by default up to 1.20, line 776 at v1.20.15).
pub const MIGRATES_BY_DEFAULT: Release = Release::OLDEST;

/// Which volume plugin a kubelet uses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kubelet {
    /// The in-tree one.
    InTree,
    /// Cinder CSI, with its driver.
    Csi,
    /// Cinder CSI by default, but nobody installed the driver.
    WithoutDriver,
}

/// What can happen to a volume's cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// The operator carries the step with this number out; a rotation only begins.
    Step(u8),
    /// The node of this place is replaced.
    NodeReplaced(u8),
    /// The pod moves to the node of this place.
    PodMoves(u8),
    /// The volume is taken off its node.
    Detach,
    /// The volume is attached to the pod's node.
    Attach,
    /// The in-tree cloud provider is taken from kube-controller-manager, because every node is migrated.
    ProviderGoes,
}

/// A moment. Up to [`super::problem::MOST_WORKERS`] places, two bits each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct State {
    /// One bit for each step that has begun.
    pub begun: u16,
    /// One bit for each step that is complete.
    pub done: u16,
    /// The plugin of each node.
    pub kubelets: [Kubelet; 4],
    /// kube-controller-manager has the in-tree cloud provider.
    pub provider: bool,
    /// Where the volume is attached.
    pub volume: Option<u8>,
    /// Where the pod is.
    pub pod: u8,
}

/// A volume, its pod, and the nodes.
#[derive(Clone, Debug)]
pub struct Volume<'p> {
    /// The steps and nodes.
    pub problem: &'p Problem,
}

/// What was found out.
#[derive(Clone, PartialEq, Debug)]
pub struct Attached {
    /// A shortest run to a state in which the volume cannot be attached where the pod is, unless somebody does something.
    pub stuck: Option<Vec<Action>>,
    /// Distinct states.
    pub states: usize,
    /// How the search ended.
    pub end: End,
}

/// Judges the volume.
pub fn attached(problem: &Problem, options: &Options<'_>) -> Attached {
    let volume = Volume { problem };
    let space = explore(&volume, options, |_| false);
    let goal: Vec<bool> = space.states().iter().map(|state| state.volume == Some(state.pod)).collect();
    let progress = |action| matches!(action, Action::Detach | Action::Attach | Action::ProviderGoes).then_some(0);
    let can = Edges::new(&volume, &space, progress).backward(&goal, |_, _| true);
    let stuck = (space.end() == End::Complete).then(|| can.iter().position(|can| !can)).flatten();
    let run = |at| space.path(&volume, at).into_iter().map(|(action, _)| action).collect();
    Attached { stuck: stuck.map(run), states: space.states().len(), end: space.end() }
}

impl Volume<'_> {
    fn kind(&self, at: usize) -> StepKind {
        self.problem.steps[at].kind
    }

    fn is_done(&self, state: &State, kind: StepKind) -> bool {
        self.problem.place(kind).is_some_and(|at| state.done >> at & 1 == 1)
    }

    /// The release that everything was upgraded to.
    fn upgraded(&self, state: &State) -> Option<Release> {
        let done = self.problem.steps.iter().enumerate().filter(|(at, _)| state.done >> at & 1 == 1);
        done.filter_map(|(_, step)| if let StepKind::Upgrade(to) = step.kind { Some(to) } else { None }).next_back()
    }

    /// The plugin of a node that is created now.
    fn created(&self, state: &State) -> Kubelet {
        let by_default = self.upgraded(state).is_some_and(|to| to >= MIGRATES_BY_DEFAULT);
        match (self.is_done(state, StepKind::Migrate), by_default) {
            (true, _) => Kubelet::Csi,
            (false, true) => Kubelet::WithoutDriver,
            (false, false) => Kubelet::InTree,
        }
    }

    /// Whether a volume can be attached to or taken off a node.
    fn works(&self, state: &State, place: u8) -> bool {
        match state.kubelets[usize::from(place)] {
            Kubelet::InTree => state.provider,
            Kubelet::Csi => true,
            Kubelet::WithoutDriver => self.is_done(state, StepKind::Migrate),
        }
    }

    /// An upgrade replaces the nodes after the control plane.
    fn is_upgrading(&self, state: &State) -> bool {
        self.upgraded(state).is_some() && !self.is_done(state, StepKind::Migrate)
    }

    /// True if a new node would not be like this one.
    fn differs(&self, state: &State, place: u8) -> bool {
        state.kubelets[usize::from(place)] != self.created(state)
    }

    fn any_differs(&self, state: &State) -> bool {
        (0..self.problem.workers).any(|place| self.differs(state, place))
    }

    /// The node is gone with its attachment; its pod comes back on the new one.
    fn replace(&self, state: &State, place: u8) -> State {
        let mut next = *state;
        next.kubelets[usize::from(place)] = self.created(state);
        next.volume = state.volume.filter(|&at| at != place);
        next
    }
}

impl System for Volume<'_> {
    type State = State;
    type Action = Action;

    fn initial(&self) -> Vec<State> {
        let kubelets = [Kubelet::InTree; 4];
        vec![State { begun: 0, done: 0, kubelets, provider: true, volume: Some(0), pod: 0 }]
    }

    fn successors(&self, state: State, out: &mut impl FnMut(Action, State)) {
        let places = 0..self.problem.workers;
        match state.volume {
            Some(at) if at != state.pod && self.works(&state, at) => {
                out(Action::Detach, State { volume: None, ..state })
            }
            None if self.works(&state, state.pod) => out(Action::Attach, State { volume: Some(state.pod), ..state }),
            _ => {}
        }
        // KKP takes the provider away once every Machine is flagged
        // (kubermatic/kubermatic:pkg/resources/data.go:678@v2.18.0).
        let migrated = places.clone().all(|place| state.kubelets[usize::from(place)] != Kubelet::InTree);
        if state.provider && migrated && self.is_done(&state, StepKind::Migrate) {
            out(Action::ProviderGoes, State { provider: false, ..state });
        }
        for at in 0..self.problem.steps.len() {
            let earlier = (1 << at) - 1;
            let is_its_turn = self.problem.order == Order::Any || state.done & earlier == earlier;
            if state.begun >> at & 1 == 0 && is_its_turn {
                let begun = State { begun: state.begun | 1 << at, ..state };
                let done = State { done: begun.done | 1 << at, ..begun };
                let rotates = self.kind(at) == StepKind::Rotate && self.any_differs(&state);
                out(Action::Step(at as u8), if rotates { begun } else { done });
            }
        }
        if let Some(at) = self.problem.place(StepKind::Rotate).filter(|&at| (state.begun & !state.done) >> at & 1 == 1)
        {
            for place in places.clone().filter(|&place| self.differs(&state, place)) {
                let mut next = self.replace(&state, place);
                if !self.any_differs(&next) {
                    next.done |= 1 << at;
                }
                out(Action::NodeReplaced(place), next);
            }
        } else if self.problem.faults.node_replaced || self.is_upgrading(&state) {
            for place in places.clone().filter(|&place| self.differs(&state, place)) {
                out(Action::NodeReplaced(place), self.replace(&state, place));
            }
        }
        for place in places.filter(|&place| place != state.pod) {
            out(Action::PodMoves(place), State { pod: place, ..state });
        }
    }
}
