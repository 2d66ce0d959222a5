// Command kcm prints, as JSON, what one minor release of kube-controller-manager knows: its controllers, their aliases,
// which of them are cloud controllers, its flags, and how far it comes with some command lines.
// It only calls upstream's own functions: nothing is restated here.
// Build tags: pre122 (no built-in configuration), pre128 (no aliases), pre129 (no descriptors), pre137 (cloud controllers).
//
//	kcm facts            the document for that minor, kcm/1.NN.json
//	kcm launch FLAG...   (used by facts) the real command
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/spf13/pflag"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"
	"k8s.io/controller-manager/pkg/leadermigration"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "facts":
		facts()
	case len(os.Args) > 1 && os.Args[1] == "launch":
		c := app.NewControllerManagerCommand()
		c.SetArgs(os.Args[2:])
		c.SilenceUsage, c.SilenceErrors = true, true
		if err := c.Execute(); err != nil {
			fmt.Fprintln(os.Stderr, "error: "+err.Error())
			os.Exit(1)
		}
	default:
		fail(fmt.Errorf("usage: kcm facts | launch FLAG..."))
	}
}

func facts() {
	d := &document{}
	d.add("how", "executed")
	d.add("generator", "ci/facts")
	d.add("modules", modules())
	d.add("knownControllers", sorted(app.KnownControllers()))
	d.add("gatedControllers", gatedControllers())
	d.add("disabledByDefault", disabledByDefault())
	d.add("aliases", aliases())
	d.add("controllers", controllers())
	d.add("defaultFilter", defaultFilter())
	d.add("flags", flags())
	d.add("featureGates", relevantGates(app.NewControllerManagerCommand().Flags().Lookup("feature-gates").Usage))
	d.add("bootstrapLockRules", bootstrapLockRules())
	d.add("launches", launches())
	d.add("terms", terms())
	d.print()
}

func sorted(list []string) []string {
	list = append([]string{}, list...)
	sort.Strings(list)
	return list
}

// gatedControllers are known only if feature gates are on that are off by default.
func gatedControllers() []string {
	known := map[string]bool{}
	for _, name := range app.KnownControllers() {
		known[name] = true
	}
	gates := utilfeature.DefaultMutableFeatureGate.DeepCopy()
	defer func(before featuregate.FeatureGate) { utilfeature.DefaultFeatureGate = before }(utilfeature.DefaultFeatureGate)
	utilfeature.DefaultFeatureGate = gates
	if err := gates.Set("AllAlpha=true,AllBeta=true"); err != nil {
		fail(err)
	}
	out := []string{}
	for _, name := range sorted(app.KnownControllers()) {
		if !known[name] {
			out = append(out, name)
		}
	}
	return out
}

// A controller is one entry of what the release starts. Cloud means that it is left out without an in-tree provider,
// special that it is started in its own way (the service account token controller).
type controller struct {
	Key      string   `json:"key"`
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases"`
	Disabled bool     `json:"disabledByDefault,omitempty"`
	Cloud    bool     `json:"cloud,omitempty"`
	Special  bool     `json:"special,omitempty"`
	Gates    []string `json:"requiredGates,omitempty"`
}

// defaultFilter asks the real filter, under this minor's built-in configuration, about every controller that this
// manager has: the cloud controllers, node IPAM, and whatever else is not left under the main lock.
func defaultFilter() map[string]string {
	filter := builtInFilter()
	if filter == nil {
		return nil
	}
	words := map[leadermigration.FilterResult]string{
		leadermigration.ControllerMigrated:    "ControllerMigrated",
		leadermigration.ControllerNonMigrated: "ControllerNonMigrated",
		leadermigration.ControllerUnowned:     "ControllerUnowned",
	}
	out := map[string]string{}
	for _, c := range controllers() {
		if r := filter(c.Key); r != leadermigration.ControllerNonMigrated || c.Cloud || strings.Contains(c.Key, "ipam") {
			out[c.Key] = words[r]
		}
	}
	return out
}

// flags are [name, type, default] of the real command.
func flags() [][3]string {
	out := [][3]string{}
	app.NewControllerManagerCommand().Flags().VisitAll(func(f *pflag.Flag) {
		out = append(out, [3]string{f.Name, f.Value.Type(), f.DefValue})
	})
	sort.Slice(out, func(i, j int) bool { return out[i][0] < out[j][0] })
	return out
}

// A launch is one run of the real command against an API server that does not answer: contends says that it came as far
// as trying for its main lease (it is ended then), error is what it printed last or returned otherwise.
type launch struct {
	Flags    []string `json:"flags"`
	Contends bool     `json:"contends"`
	Error    string   `json:"error,omitempty"`
}

func launches() []launch {
	dir, done := scratch()
	defer done()
	on := "--enable-leader-migration"
	cases := [][]string{
		{}, {on}, {"--cloud-provider="}, {"--cloud-provider=external"}, {"--cloud-provider=external", on},
		{"--cloud-provider=aws"}, {"--cloud-provider=azure"}, {"--cloud-provider=gce"}, {"--cloud-provider=openstack"}, {"--cloud-provider=vsphere"}, {"--cloud-provider=cloudstack"}, {"--cloud-provider=no-such-provider"},
		{"--cloud-provider=gce", on}, {"--cloud-provider=external", "--cloud-config=DIR/missing"}, {"--external-cloud-volume-plugin=gce"},
		{"--feature-gates=DisableCloudProviders=false"}, {"--feature-gates=DisableCloudProviders=false", "--cloud-provider=gce"},
		{"--cloud-provider=external", "--allocate-node-cidrs", "--cluster-cidr=10.0.0.0/8", "--cidr-allocator-type=CloudAllocator"},
		{"--cidr-allocator-type=CloudAllocator"},
		{on, "true"}, {on, "--leader-migration-config=DIR/missing"}, {"--leader-migration-config=DIR/missing"}, {on, "--leader-migration-config=DIR/endpoints"}, {on, "--leader-migration-config=DIR/no-lock"},
		{on, "--leader-elect-resource-lock=endpoints"}, {"--feature-gates=ControllerManagerLeaderMigration=true", on},
		{"--controllers=*,-nodeipam"}, {"--controllers=*,-node-ipam-controller"}, {"--controllers=*,-route,-service,-cloud-node-lifecycle"}, {"--controllers=*,-node-route-controller,-service-lb-controller,-cloud-node-lifecycle-controller"},
		{"--controllers=*,-route-controller"}, {"--controllers=*,-cloud-node"}, {"--controllers=-*"},
		{"--leader-elect-lease-duration=10s"}, {"--leader-elect-renew-deadline=12s", "--leader-elect-retry-period=10s"}, {"--leader-elect-retry-period=0s"},
	}
	if strings.Contains(app.NewControllerManagerCommand().Flags().Lookup("feature-gates").Usage, "DisableCloudProviders=") {
		// Of two unknown gates the command names either.
		cases = append(cases, []string{"--feature-gates=DisableCloudProviders=false,DisableKubeletCloudCredentialProviders=false", "--cloud-provider=gce"})
	}
	out := []launch{}
	for _, f := range cases {
		out = append(out, run(dir, f))
	}
	return out
}

// run is one launch. Timing mistakes panic when the elector is made, just before the line that says contends.
func run(dir string, flags []string) launch {
	p := start(dir, flags)
	timer := time.AfterFunc(30*time.Second, p.kill)
	defer timer.Stop()
	l := launch{Flags: flags}
	for p.lines.Scan() {
		if strings.Contains(strings.ToLower(p.lines.Text()), "attempting to acquire leader lease") {
			l.Contends = true
			p.kill()
		}
		p.read(p.lines.Text())
	}
	if message := p.end(dir); !l.Contends {
		l.Error = message
	}
	return l
}
