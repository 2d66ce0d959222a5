use leasehold_model::data_plane::*;
use leasehold_model::explore::Options;

fn problem(kinds: &[StepKind]) -> Problem {
    Problem {
        workers: 3,
        in_tree: Api::Neutron,
        monitor: false,
        clients: vec![Client::Dns, Client::Fixed],
        steps: kinds.iter().map(|&kind| Step { title: format!("{kind:?}"), kind }).collect(),
        order: Order::Plan,
        faults: Faults::default(),
        takes: Takes::default(),
    }
}
#[test]
fn show() {
    use StepKind::*;
    for kinds in [
        &[LowerTtl, AwaitOldTtl, Migrate, MoveRecord, AwaitCaches, Rotate, DeleteOld, ReleaseAddresses][..],
        &[LowerTtl, AwaitOldTtl, Migrate, MoveRecord, Rotate, DeleteOld],
        &[Migrate, MoveRecord, Rotate, DeleteOld],
        &[Migrate, MoveAddress, Rotate, DeleteOld],
        &[Migrate, Rotate, MoveAddress, DeleteOld],
    ] {
        for clients in [vec![Client::Dns], vec![Client::Fixed]] {
            for faults in [Faults::default(), Faults { node_replaced: true, external_restarts: true }] {
                let p = Problem { clients: clients.clone(), faults, ..problem(kinds) };
                let t = std::time::Instant::now();
                let j = judge(&p, Question { allowed: 0, volumes: true }, &Options::default());
                println!("{kinds:?} {clients:?} {} {:?}", faults.node_replaced, t.elapsed());
                println!(
                    "  reachable {:?} {:?} leaks {:?} attached {:?} states {:?} end {:?}",
                    j.reachable(),
                    j.longest(),
                    j.leaks,
                    j.attached(),
                    j.states,
                    j.end
                );
                println!(
                    "  last {:?} safe {:?} some fails {} zones {:?}",
                    j.last_chance,
                    j.safe_order,
                    j.some_order_fails,
                    j.clients.iter().map(|o| o.outage.zones).collect::<Vec<_>>()
                );
                for o in &j.clients {
                    println!("  {:?} {:?} {}", o.client, o.outage.figure, o.for_good);
                }
            }
        }
    }
    for c in [
        Claim::NewAddress,
        Claim::TwoBalancers,
        Claim::RecordWithoutOutage,
        Claim::AddressWithShortOutage,
        Claim::RotationFirstFails,
        Claim::OldStopsWithRotation,
        Claim::OldStaysUntilDeleted,
        Claim::ProviderRemovedIn("1.21".parse().unwrap()),
        Claim::ProviderRemovedIn("1.26".parse().unwrap()),
        Claim::BeforeUpgradeTo("1.21".parse().unwrap()),
        Claim::BeforeUpgradeTo("1.22".parse().unwrap()),
    ] {
        let p = problem(&[LowerTtl, AwaitOldTtl, Migrate, MoveRecord, Rotate, DeleteOld]);
        let f = claims::judge(&p, c, 1000000);
        println!("{c:?} {:?} {:?} {:?}", f.truth, f.outage.map(|o| o.figure), f.release);
    }
}
