# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_leasehold_global_optspecs
    string join \n color= h/help V/version
end

function __fish_leasehold_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_leasehold_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_leasehold_using_subcommand
    set -l cmd (__fish_leasehold_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c leasehold -n "__fish_leasehold_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_needs_command" -s V -l version -d 'Print version'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "check" -d 'Proves or refutes a migration, with a timeline, the cause in your files, and the fix'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "rehearse" -d 'Says from where in a plan there is a safe way back, which, and what only looks like one'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "show" -d 'Shows what was understood: which manager runs what under which lease, and why. Nothing is searched'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "explain" -d 'Explains a finding\'s code'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "hazards" -d 'Lists what can go wrong, and shows each hazard on small manifests'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "generate" -d 'Writes the files and the runbook of a migration that holds'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "compare" -d 'Compares the protocols by which cloud controllers are moved, release by release'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "margins" -d 'Says how far the leases of any client-go elected component are from two leaders at once'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "explore" -d 'Serves the search as a web page, to walk through it state by state'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "completions" -d 'Prints the completions of a shell'
complete -c leasehold -n "__fish_leasehold_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l before -d 'Kubernetes release before the migration, where no image tag says it: 1.29' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l after -d 'Kubernetes release after the migration: 1.30' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l nodes -d 'Control-plane nodes, 1 to 5 [default: what the scenario says, else 3]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l cloud-provider-library -d 'The k8s.io/cloud-provider release that the cloud-controller-manager was built with: 0.30' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l vendor -d 'Whose cloud-controller-manager it is, where its image does not say: azure' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l given-up -d 'A controller that is given up on purpose, such as `route` with an overlay network: no manager has to run it; may be given several times' -r -f -a "service\t''
route\t''
cloud-node-lifecycle\t''
cloud-node\t''
node-ipam\t''"
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l reply-delay -d 'The longest time that a request takes, from sending it to its answer being processed or given up; `any`: whatever the client waits for [default: what the scenario says, else 500ms]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l stop-time -d 'The longest time from losing a lease to the last act of a controller [default: what the scenario says, else 100ms]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l pause -d 'One pause of a leader\'s process, at most; 0s: none [default: what the scenario says, else 0s]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l clock-rate -d 'How far each host\'s clock may run fast or slow: 500ppm, 0.05% [default: what the scenario says, else 0ppm]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l format -d 'What to print' -r -f -a "text\t'For people'
json\t'For programs: docs/schema/check.v1.json'"
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l max-states -d 'Give up after so many distinct states; what is undecided then is inconclusive, exit code 3' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l threads -d 'Threads to search with; the result does not depend on it [default: one for each core]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l all -d 'Show every counterexample, not just the shortest of each property'
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -l no-symmetry -d 'Search states that differ only in which of equal nodes is which one by one; the verdicts are the same'
complete -c leasehold -n "__fish_leasehold_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l before -d 'Kubernetes release before the migration, where no image tag says it: 1.29' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l after -d 'Kubernetes release after the migration: 1.30' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l nodes -d 'Control-plane nodes, 1 to 5 [default: what the scenario says, else 3]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l cloud-provider-library -d 'The k8s.io/cloud-provider release that the cloud-controller-manager was built with: 0.30' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l vendor -d 'Whose cloud-controller-manager it is, where its image does not say: azure' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l given-up -d 'A controller that is given up on purpose, such as `route` with an overlay network: no manager has to run it; may be given several times' -r -f -a "service\t''
route\t''
cloud-node-lifecycle\t''
cloud-node\t''
node-ipam\t''"
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l reply-delay -d 'The longest time that a request takes, from sending it to its answer being processed or given up; `any`: whatever the client waits for [default: what the scenario says, else 500ms]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l stop-time -d 'The longest time from losing a lease to the last act of a controller [default: what the scenario says, else 100ms]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l pause -d 'One pause of a leader\'s process, at most; 0s: none [default: what the scenario says, else 0s]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l clock-rate -d 'How far each host\'s clock may run fast or slow: 500ppm, 0.05% [default: what the scenario says, else 0ppm]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l from -d 'Only from this step: begun, half done, and complete; 0: before the plan. Steps are numbered as the output does' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l max-gap -d 'No controller may be without a manager for longer than this after any move of a way back: 60s [default: what the scenario expects, if anything]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l format -d 'What to print' -r -f -a "text\t'For people'
markdown\t'A table for a change ticket'
runbook\t'The way back as commands, in Markdown'
json\t'For programs: docs/schema/rehearse.v1.json'"
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l max-states -d 'Give up after so many distinct states; what is undecided then is inconclusive, exit code 3' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l threads -d 'Threads to search with; the result does not depend on it [default: one for each core]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -l all -d 'Show every run: each way back, and every way that only looks right'
complete -c leasehold -n "__fish_leasehold_using_subcommand rehearse" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -l before -d 'Kubernetes release before the migration, where no image tag says it: 1.29' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -l after -d 'Kubernetes release after the migration: 1.30' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -l nodes -d 'Control-plane nodes, 1 to 5 [default: what the scenario says, else 3]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -l cloud-provider-library -d 'The k8s.io/cloud-provider release that the cloud-controller-manager was built with: 0.30' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -l vendor -d 'Whose cloud-controller-manager it is, where its image does not say: azure' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -l given-up -d 'A controller that is given up on purpose, such as `route` with an overlay network: no manager has to run it; may be given several times' -r -f -a "service\t''
route\t''
cloud-node-lifecycle\t''
cloud-node\t''
node-ipam\t''"
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -l format -d 'How to print' -r -f -a "text\t'For people'
json\t'For programs: docs/schema/show.v1.json'"
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand explain" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand hazards" -s o -l output -d 'Copy the files of the hazard into a directory, which must not exist, or be empty; nothing is judged' -r -F
complete -c leasehold -n "__fish_leasehold_using_subcommand hazards" -l format -d 'What to print; JSON: docs/schema/hazards.v1.json' -r -f -a "text\t'For people'
json\t'For programs: docs/schema/check.v1.json'"
complete -c leasehold -n "__fish_leasehold_using_subcommand hazards" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand hazards" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -l from -d 'The Kubernetes release before the migration' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -l to -d 'The Kubernetes release after it: the next one, or the same' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -l provider -d 'The cloud provider, as --cloud-provider of the cloud-controller-manager names it: aws, gce, openstack, vsphere, …' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -l nodes -d 'Control-plane nodes' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -l ccm-image -d 'The image of the cloud-controller-manager; `{library}` in it stands for the release of its library' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -s o -l output -d 'The directory to write; it must not exist, or be empty' -r -F
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -l node-ipam -d 'Move node IPAM to the cloud-controller-manager too'
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -l force -d 'Replace a directory that generate wrote'
complete -c leasehold -n "__fish_leasehold_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand compare" -l from -d 'The Kubernetes release before the migration [default: every one that has the provider]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand compare" -l to -d 'The release after it, the next one or the same [default: both]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand compare" -l provider -d 'The cloud provider [default: each of them]' -r -f -a "aws\t''
azure\t''
gce\t''
openstack\t''
vsphere\t''"
complete -c leasehold -n "__fish_leasehold_using_subcommand compare" -l nodes -d 'Control-plane nodes' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand compare" -l format -d 'How to print' -r -f -a "text\t'For people'
markdown\t'The same tables for a document'
json\t'For programs: docs/schema/compare.v1.json'"
complete -c leasehold -n "__fish_leasehold_using_subcommand compare" -l threads -d 'Threads to search with; the result does not depend on it [default: one for each core]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand compare" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l lease-duration -d 'How long others wait after the last renewal they saw [default: 15s]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l renew-deadline -d 'How long a leader tries to renew before it gives up [default: 10s]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l retry-period -d 'The wait between renewals, and between attempts [default: 2s]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l other -d 'Another configuration that contends for the same lease: 15s/10s/2s@1.26 (may be repeated)' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l client-go -d 'The client-go where nothing tells: 1.36 stands for 0.36 [default: the newest known]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l reply-delay -d 'The longest time that a request takes, from sending it to its answer being processed or given up; `any`: whatever the client waits for' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l stop-time -d 'The longest time from losing the lease to the last act of a controller' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l pause -d 'One pause of a leader\'s process, at most; 0s: none' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l clock-rate -d 'How far each host\'s clock may run fast or slow: 500ppm, 0.05%' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l want -d 'Say what to set so that this much is left under the assumptions' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l now -d 'The moment that the age of Leases is counted from [default: the newest renewal in the input]' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l sweep -d 'Map where the lease is safe over two of reply-delay, stop-time, pause, clock-rate, lease-duration, renew-deadline and retry-period' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l resume -d 'Keep the rows of the map here as they come, and go on from what the file has' -r -F
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l format -d 'How to print' -r -f -a "text\t'For people'
json\t'For programs: docs/schema/margins.v1.json, with --sweep docs/schema/margins-sweep.v1.json'
svg\t'A picture of the map'"
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l release-on-cancel -d 'The lease is emptied on exit (ReleaseOnCancel)'
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l no-release -d 'Leave out that a process empties its lease on exit before its work has stopped'
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -l all -d 'Show every lease in full, not only those that are not safe'
complete -c leasehold -n "__fish_leasehold_using_subcommand margins" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand explore" -l listen -d 'Where to listen; a loopback address' -r
complete -c leasehold -n "__fish_leasehold_using_subcommand explore" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand explore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'If the output is a terminal and NO_COLOR is not set'
always\t'Always'
never\t'Never'"
complete -c leasehold -n "__fish_leasehold_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "check" -d 'Proves or refutes a migration, with a timeline, the cause in your files, and the fix'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "rehearse" -d 'Says from where in a plan there is a safe way back, which, and what only looks like one'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "show" -d 'Shows what was understood: which manager runs what under which lease, and why. Nothing is searched'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "explain" -d 'Explains a finding\'s code'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "hazards" -d 'Lists what can go wrong, and shows each hazard on small manifests'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "generate" -d 'Writes the files and the runbook of a migration that holds'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "compare" -d 'Compares the protocols by which cloud controllers are moved, release by release'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "margins" -d 'Says how far the leases of any client-go elected component are from two leaders at once'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "explore" -d 'Serves the search as a web page, to walk through it state by state'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "completions" -d 'Prints the completions of a shell'
complete -c leasehold -n "__fish_leasehold_using_subcommand help; and not __fish_seen_subcommand_from check rehearse show explain hazards generate compare margins explore completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
