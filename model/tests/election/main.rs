//! Elections as scripts: one file for each situation, with what every elector does in it, event by event.
//!
//! Each script runs in a small world of its own: a store of leases with versions, a network with faults, hosts with
//! clocks and pauses, all in virtual time. The expected lines are written by the test itself
//! (`UPDATE_GOLDENFILES=1 cargo test -p leasehold-model --test election`) and read by a person against client-go's
//! source. After every event the invariants of [`leasehold_model::election::invariants`] are checked.

mod actor;
mod clock;
mod print;
mod properties;
mod script;
mod store;
mod world;

test_each_file::test_each_path! { for ["script"] in "./model/tests/election" => run }

fn run([path]: [&std::path::Path; 1]) {
    goldenscript::run(&mut script::Script::default(), path).expect("the script can be read");
}
