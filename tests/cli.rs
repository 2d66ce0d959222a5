//! The command line itself.

use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

fn leasehold(args: &[&str]) -> Command {
    Command::new(cargo_bin!("leasehold")).env_remove("CLICOLOR_FORCE").env("COLUMNS", "100").args(args)
}

#[test]
fn the_help_of_check_teaches_by_examples_and_documents_the_exit_codes() {
    leasehold(&["check", "--help"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
Proves or refutes a migration, with a timeline, the cause in your files, and the fix

Usage: leasehold check [OPTIONS] <PATH>...

Arguments:
  <PATH>...
          A scenario file, a directory with scenario.yaml, a directory with before/ and after/, or
          two paths: before and after. `-` reads standard input

Options:
      --before <RELEASE>
          Kubernetes release before the migration, where no image tag says it: 1.29

      --after <RELEASE>
          Kubernetes release after the migration: 1.30

      --nodes <N>
          Control-plane nodes, 1 to 5 [default: what the scenario says, else 3]

      --cloud-provider-library <RELEASE>
          The k8s.io/cloud-provider release that the cloud-controller-manager was built with: 0.30

      --vendor <NAME>
          Whose cloud-controller-manager it is, where its image does not say: azure

      --given-up <CONTROLLER>
          A controller that is given up on purpose, such as `route` with an overlay network: no
          manager has to run it; may be given several times
          
          [possible values: service, route, cloud-node-lifecycle, cloud-node, node-ipam]

      --color <WHEN>
          When to use colour

          Possible values:
          - auto:   If the output is a terminal and NO_COLOR is not set
          - always: Always
          - never:  Never
          
          [default: auto]

  -h, --help
          Print help (see a summary with '-h')

Assumptions about time:
      --reply-delay <DURATION>
          The longest time that a request takes, from sending it to its answer being processed or
          given up; `any`: whatever the client waits for [default: what the scenario says, else
          500ms]

      --stop-time <DURATION>
          The longest time from losing a lease to the last act of a controller [default: what the
          scenario says, else 100ms]

      --pause <DURATION>
          One pause of a leader's process, at most; 0s: none [default: what the scenario says, else
          0s]

      --clock-rate <RATE>
          How far each host's clock may run fast or slow: 500ppm, 0.05% [default: what the scenario
          says, else 0ppm]

      --format <FORMAT>
          What to print

          Possible values:
          - text: For people
          - json: For programs: docs/schema/check.v1.json
          
          [default: text]

      --all
          Show every counterexample, not just the shortest of each property

      --max-states <N>
          Give up after so many distinct states; what is undecided then is inconclusive, exit code 3

      --threads <N>
          Threads to search with; the result does not depend on it [default: one for each core]

      --no-symmetry
          Search states that differ only in which of equal nodes is which one by one; the verdicts
          are the same

Examples:
  leasehold check cluster/
      a directory with scenario.yaml, or with before/ and after/
  leasehold check before/ after/ --before 1.29 --after 1.30 --nodes 3
      nothing but manifests, leader migration files and RBAC
  kubectl get -n kube-system pods,configmaps,roles,rolebindings -o yaml | leasehold check - after/
      the cluster as it is, and what it is going to be
  leasehold check cluster/ --format json | jq -r '.findings[].code'
      the codes of what was found; `leasehold explain CODE` has a page for each

Exit codes:
  0  every property holds
  1  a property is violated (a manager that refuses to start is a violation)
  2  bad input or usage: nothing was checked
  3  inconclusive: the search was cut short, or the cluster is too large for it; never 0
  4  the environment failed: output could not be written

"#]]);
}

#[test]
fn check_needs_a_path() {
    leasehold(&["check"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: the following required arguments were not provided:
  <PATH>...

Usage: leasehold check <PATH>...

For more information, try '--help'.

"#]]);
}

#[test]
fn the_version_is_the_package_s() {
    leasehold(&["--version"]).assert().code(0).stdout_eq(concat!("leasehold ", env!("CARGO_PKG_VERSION"), "\n"));
}
