//! Elections as scripts: one file for each situation, with what every elector does in it, event by event.
//!
//! Each script runs in a small world of its own: a store of leases with versions, a network with faults, hosts with
//! clocks and pauses, all in virtual time. The expected lines are written by the test itself
//! (`UPDATE_GOLDENFILES=1 cargo test -p leasehold-model --test election`) and read by a person against client-go's
//! source. After every event the invariants of [`leasehold_model::election::invariants`] are checked.
//!
//! Where no delay is given, answers take no time; a write that changes nothing keeps the version then, as the first renewal
//! in the instant of taking the lease does. A new script is found when this file is compiled again.

mod actor;
mod clock;
mod instants;
mod print;
mod properties;
mod script;
mod store;
mod world;

test_each_file::test_each_path! { for ["script"] in "./model/tests/election" => run }

fn run([path]: [&std::path::Path; 1]) {
    goldenscript::run(&mut script::Script::default(), path).expect("the script can be read");
}
