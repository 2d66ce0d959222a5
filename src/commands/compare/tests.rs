//! The whole comparison, once, and what it must say whatever the tables look like.

use std::ops::ControlFlow;

use super::document::{Row, Time};
use super::*;

/// docs/protocols.md: every migration, as the model judges it now.
#[test]
fn generated_protocols() {
    let wishes = pairs::wishes(None, None, None, 3);
    let document = compare(&wishes, 3, 2, &|_, _| ControlFlow::Continue(())).expect("the clusters are small");
    assert!(document.complete);
    assert_eq!(exit(&document), Exit::Holds);
    // 39 upgrades and as many migrations within a release; of node IPAM 6 and 7 for each of the two vendors that have it.
    assert_eq!(document.ways().len(), 2 * 39 + 2 * 13);

    // Without a wait nothing holds, with it everything does; with two leases at a time nothing does that starts.
    let rows = |id: &str| document.rows.iter().filter(move |row| row.protocol == id).collect::<Vec<&Row>>();
    for (waits, early) in [("p4", "p4-early"), ("p5", "p5-early")] {
        assert!(rows(waits).iter().all(|row| row.holds()), "{waits}");
        assert!(rows(early).iter().all(|row| row.exclusive.verdict == Verdict::Violated), "{early}");
        assert_eq!(rows(waits).len(), rows(early).len());
    }
    assert!(rows("stop-start").iter().all(|row| row.holds()));
    assert!(rows("p2-sides").iter().all(|row| !row.holds()));
    // What generate writes holds wherever generate writes anything.
    for row in rows("p1-file") {
        let release = |text: &str| text.parse().expect("a release");
        let wish = Wish {
            from: release(&row.from),
            to: release(&row.to),
            provider: row.provider.clone(),
            nodes: 3,
            node_ipam: false,
        };
        assert_eq!(row.holds(), Design::new(wish.clone()).is_ok(), "{wish:?}");
    }
    // A gap is bounded wherever all properties hold.
    let bounded = |time: Time| matches!(time, Time::Within { .. } | Time::None);
    for row in document.rows.iter().filter(|row| row.holds()) {
        assert!(bounded(row.gap.step) && bounded(row.gap.crash), "{row:?}");
    }
    crate::generated::compare("docs/protocols.md", &render::compare::markdown(&document));
}

/// Nobody waits for the rest: what was found is shown, and it is no pass.
#[test]
fn what_is_stopped_is_inconclusive() {
    let release = |text: &str| text.parse().expect("a release");
    let wishes = pairs::wishes(Some(release("1.29")), Some(release("1.30")), Some("gce"), 1);
    let stop = |done: usize, _| if done == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let document = compare(&wishes, 1, 1, &stop).expect("the clusters are small");
    assert!(!document.complete);
    assert_eq!(document.rows.len(), 2);
    assert_eq!(exit(&document), Exit::Inconclusive);
    let text = render::compare::text(&document, &Screen { width: 100, color: false });
    assert!(text.ends_with("Stopped before every row was done.\n"), "{text}");
}

/// The figures are those of `check`: what is left out of a manager before they are searched for decides nothing.
#[test]
fn figures_are_those_of_check() {
    use leasehold_model::gap::Cause;
    use leasehold_model::lease_time::answers::Theorem;
    use leasehold_scenarios::resolve::{Request, resolve};

    let release = |text: &str| text.parse().expect("a release");
    for (from, to) in [("1.26", "1.27"), ("1.27", "1.28")] {
        let wishes = pairs::wishes(Some(release(from)), Some(release(to)), Some("gce"), 3);
        let document = compare(&wishes, 3, 2, &|_, _| ControlFlow::Continue(())).expect("the clusters are small");
        for row in &document.rows {
            let protocol = protocol::ALL.into_iter().find(|p| p.id == row.protocol).expect("it is one of them");
            let design = pairs::with_node_ipam(&Design::of(wishes[0].clone()), &protocol);
            let files = files::files(&design, &protocol);
            let request = Request { paths: vec!["scenario.yaml".into()], ..Request::default() };
            let memory = crate::commands::generate::write::Memory(&files);
            let plan = leasehold_scenarios::compile::compile(&resolve(&request, &memory).expect("it was read before"));
            let options = leasehold_model::explore::Options { symmetry: true, ..Default::default() };
            let judged = leasehold_model::timing::judge(&plan, &Theorem::default(), &options).expect("it is small");
            let question = crate::gap::Question::default();
            let gap = crate::gap::judge(question, &plan, &judged.launches, &judged.report).expect("it is small");
            let longest = |cause| gap.found.longest(|worst| worst.cause == cause).map(|worst| worst.figure);
            let figures = [longest(Cause::Plan), longest(Cause::WayBack), longest(Cause::Crash)];
            let shown = [row.gap.step, row.gap.way_back, row.gap.crash].map(judge::figure);
            assert_eq!(figures, shown, "{} {from} {to}", row.protocol);
        }
    }
}
