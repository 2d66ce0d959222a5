//! The two layers in one: the real elector inside a small migration, against what the layers say one after the other.
//! docs/model.md says what this covers.

mod names;
mod request;
mod world;

use leasehold_model::controller::Controller::{CloudNode, NodeIpam, Service};
use leasehold_model::controller::{Controller, ControllerSet};
use leasehold_model::election::{Durations, ProcessConfig};
use leasehold_model::explore::{End, Options, explore};
use leasehold_model::launch::Ready;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::release::Release;

use world::{Kind, Migration, identity};

const KCM_MAIN: usize = 0;
const CCM_MAIN: usize = 1;
const MIGRATION: usize = 2;

fn set(controllers: &[Controller]) -> ControllerSet {
    controllers.iter().copied().collect()
}

fn durations([lease, renew, retry]: [i64; 3]) -> Durations {
    let [lease, renew, retry] = [lease, renew, retry].map(GoDuration::seconds);
    Durations::new(lease, renew, retry).expect("client-go accepts them")
}

fn config(minor: u8, at: usize, durations: Durations, ready: Option<Ready>) -> ProcessConfig {
    let library = Release::new(minor).expect("a known release");
    ProcessConfig::new(library, identity(at), durations, ready).expect("an identity")
}

#[test]
fn trial() {
    let env = |name: &str, default: i64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let d = [env("L", 6), env("D", 4), env("P", 1)];
    let minor = env("MINOR", 29) as u8;
    let place = |at| {
        [
            Some(Kind {
                config: config(minor, at, durations(d), Some(Ready::AfterTokenController)),
                leases: [KCM_MAIN, MIGRATION],
                runs: [set(&[NodeIpam]), set(&[Service])],
            }),
            Some(Kind {
                config: config(minor, at, durations(d), Some(Ready::AtOnce)),
                leases: [CCM_MAIN, MIGRATION],
                runs: [set(&[CloudNode]), set(&[Service])],
            }),
        ]
    };
    let migration = Migration {
        places: (0..env("N", 2) as usize).map(place).collect(),
        request: env("REQ", 0) as u8,
        stop: env("STOP", 0) as u8,
        cut_off: env("LOSS", 0) == 1,
        parts: Default::default(),
    };
    let started = std::time::Instant::now();
    let options = Options { max_states: Some(env("MAX", 3_000_000) as u64), ..Options::default() };
    let space = explore(&migration, &options, |state| !migration.twice(&migration.unpack(state)).is_empty());
    println!(
        "{:?} states {} transitions {} depth {} parts {:?} in {:?}",
        space.end(),
        space.states().len(),
        space.transitions(),
        space.depth(),
        migration.parts.lock().unwrap().sizes(),
        started.elapsed()
    );
    if space.end() == End::Found {
        for (action, _) in space.path(&migration, space.found().unwrap()) {
            println!("  {action:?}");
        }
    }
}
