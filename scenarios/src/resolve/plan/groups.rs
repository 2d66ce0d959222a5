//! The groups of control-plane nodes: those of the scenario, or those that its files describe.

use super::written::ScenarioReader;
use super::{Report, Request, Side};
use crate::diagnostic::Problem;
use crate::inventory::Inventory;
use crate::inventory::nodes::NodeGroup;
use crate::scenario::{Cluster, closest};
use crate::yaml::Node;

/// Nodes stay as they are through the whole plan: what describes them otherwise later on would be passed over in silence.
pub(super) fn must_stay(groups: &[NodeGroup], later: &Inventory, report: &mut Report) {
    if later.node_groups.is_empty() {
        return;
    }
    let alike = |one: &NodeGroup, other: &NodeGroup| {
        (&one.name, one.count, one.roles) == (&other.name, other.count, other.roles)
            && (&one.labels, &one.taints) == (&other.labels, &other.taints)
    };
    let is_in = |group: &NodeGroup, all: &[NodeGroup]| all.iter().any(|other| alike(group, other));
    let changed = later.node_groups.iter().find(|group| !is_in(group, groups));
    let gone = groups.iter().find(|group| !is_in(group, &later.node_groups));
    let Some(group) = changed.or(gone) else { return };
    let problem = Problem::error(format!("the nodes of `{}` are not the same before and after", group.name))
        .help("leasehold takes the nodes to stay as they are; a pool that comes, goes or changes is a plan of its own");
    report.problem(match group.span {
        Some(span) => problem.at(span).label("only on one side, or with another number, other roles, labels or taints"),
        None => problem,
    });
}

impl ScenarioReader<'_> {
    /// The groups; none if all nodes are alike. Everything that names a group must name one of them.
    pub(super) fn groups(
        &mut self,
        cluster: &Cluster,
        node: &Node,
        before: &Side,
        request: &Request,
    ) -> Vec<NodeGroup> {
        let written = node.path(&["cluster", "nodeGroups"]);
        let mut groups: Vec<NodeGroup> = cluster.node_groups.iter().map(|group| group.to_inventory()).collect();
        for (group, at) in groups.iter_mut().zip(written.map_or(&[][..], Node::items)) {
            group.span = Some(at.get("name").map_or(at.span, |name| name.span));
        }
        if groups.is_empty() {
            groups.clone_from(&before.inventory.node_groups);
        }
        for (i, group) in groups.iter().enumerate() {
            if let (true, Some(span)) = (groups[..i].iter().any(|other| other.name == group.name), group.span) {
                self.report.problem(
                    Problem::error(format!("two groups called `{}`", group.name)).at(span).label("the second of them"),
                );
            }
        }
        if let (false, Some(number)) = (groups.is_empty(), node.path(&["cluster", "controlPlaneNodes"])) {
            self.report.problem(
                Problem::error("both `controlPlaneNodes` and groups of nodes")
                    .at(number.span)
                    .label("the groups say how many nodes there are"),
            );
        }
        match (request.nodes, groups.as_mut_slice()) {
            (Some(nodes), [only]) => only.count = nodes,
            (Some(_), [_, ..]) => self.report.problem(
                Problem::error("--nodes with groups of nodes").help("the groups say how many nodes there are"),
            ),
            _ => {}
        }
        let steps = node.get("plan").map_or(&[][..], Node::items).iter();
        for place in node.get("before").into_iter().chain(steps) {
            let on_nodes = place.get("onNodes").map_or(&[][..], Node::items).iter();
            for list in on_nodes.filter_map(|some| some.get("nodes")).chain(place.get("nodes")) {
                list.items().iter().for_each(|name| self.must_be_a_group(name, &groups));
            }
        }
        groups
    }

    fn must_be_a_group(&mut self, name: &Node, groups: &[NodeGroup]) {
        let Some(text) = name.as_str() else { return };
        let known: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
        if known.contains(&text) {
            return;
        }
        self.report.problem(Problem::error(format!("no group of nodes is called `{text}`")).at(name.span).label(
            match (known.is_empty(), closest(text, &known)) {
                (true, _) => "name the groups under `cluster.nodeGroups`".to_string(),
                (_, Some(close)) => format!("did you mean `{close}`?"),
                _ => format!("there are {}", known.join(", ")),
            },
        ));
    }
}
