//go:build !noapp
// +build !noapp

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/spf13/pflag"
	cloudprovider "k8s.io/cloud-provider"
	"k8s.io/cloud-provider/app"
	appconfig "k8s.io/cloud-provider/app/config"
)

// addApp adds what the real cloud-controller-manager command of this minor knows.
func addApp(d *document) {
	d.add("ccmControllers", controllers())
	d.add("ccmDisabledByDefault", app.ControllersDisabledByDefault.List())
	d.add("ccmAliases", aliases())
	d.add("ccmFlags", flags())
	d.add("ccmFeatureGates", relevantGates(command(nil).Flags().Lookup("feature-gates").Usage))
}

func controllers() []string {
	keys := app.ControllerNames(app.DefaultInitFuncConstructors)
	sort.Strings(keys)
	return keys
}

// flags are [name, type, default] of the real command; defaults that differ from process to process are left out.
func flags() [][3]string {
	out := [][3]string{}
	command(nil).Flags().VisitAll(func(f *pflag.Flag) {
		out = append(out, [3]string{f.Name, f.Value.Type(), f.DefValue})
	})
	sort.Slice(out, func(i, j int) bool { return out[i][0] < out[j][0] })
	return out
}

// A launch is one run of the real command with these flags, up to the place where the cloud would be initialised:
// reached says whether it came that far, error is what it returned or died of otherwise.
type launch struct {
	Flags   []string `json:"flags"`
	Reached bool     `json:"reached"`
	Error   string   `json:"error,omitempty"`
}

const reached = "leasehold: cloud initialisation reached"

// launchChild runs the command in this process, because some mistakes end it.
func launchChild(args []string) {
	c := command(func(*appconfig.CompletedConfig) cloudprovider.Interface {
		fmt.Println(reached)
		os.Exit(0)
		return nil
	})
	c.SetArgs(args)
	c.SilenceUsage, c.SilenceErrors = true, true
	if err := c.Execute(); err != nil {
		fmt.Println("error: " + err.Error())
		os.Exit(1)
	}
}

func launches() []launch {
	file, done := scratch()
	defer done()
	dir := filepath.Dir(file)
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			fail(err)
		}
	}
	put("kubeconfig", "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {}}]\ncurrent-context: c\n")
	head := "kind: LeaderMigrationConfiguration\napiVersion: controllermanager.config.k8s.io/"
	put("v1", head+"v1\nleaderName: m\ncontrollerLeaders: [{name: route, component: '*'}]\n")
	put("v1beta1", head+"v1beta1\nleaderName: m\nresourceLock: leases\ncontrollerLeaders: [{name: route, component: '*'}]\n")
	put("v1alpha1", head+"v1alpha1\nleaderName: m\nresourceLock: leases\ncontrollerLeaders: [{name: route, component: '*'}]\n")
	put("no-lock", head+"v1alpha1\nleaderName: m\ncontrollerLeaders: [{name: route, component: '*'}]\n")
	put("many-errors", head+"v1alpha1\nresourceLock: locks\ncontrollerLeaders: [{}, {name: route}]\n")
	put("endpoints", head+"v1alpha1\nleaderName: m\nresourceLock: endpoints\ncontrollerLeaders: [{name: route, component: '*'}]\n")
	put("unknown-field", head+"v1alpha1\nleaderName: m\nresourceLock: leases\nother: 1\ncontrollerLeaders: []\n")
	put("empty", "")
	put("not-yaml", "\tx\n")

	base := []string{"--kubeconfig=DIR/kubeconfig", "--secure-port=0"}
	if hasFlag("webhook-secure-port") {
		base = append(base, "--webhook-secure-port="+webhookPort())
	}
	cloud := []string{"--cloud-provider=fake"}
	on := []string{"--cloud-provider=fake", "--enable-leader-migration"}
	gate := append([]string{"--feature-gates=ControllerManagerLeaderMigration=true"}, on...)
	cases := [][]string{
		{}, cloud, on, gate,
		append([]string{"--feature-gates=ControllerManagerLeaderMigration=false"}, on...),
		append([]string{"--feature-gates=ControllerManagerLeaderMigration=false"}, cloud...),
		append([]string{"--feature-gates=ControllerManagerLeaderMigration=true"}, cloud...),
		append(cloud[:1:1], "--leader-migration-config=DIR/missing"),
		append(on[:2:2], "true"),
		append(on[:2:2], "--enable-leader-migration=false", "--leader-migration-config=DIR/missing"),
		append(on[:2:2], "--leader-elect=false", "--leader-migration-config=DIR/missing"),
		append(on[:2:2], "--leader-elect=false"),
		append(on[:2:2], "--leader-elect-resource-lock=endpoints"),
		append(on[:2:2], "--leader-elect-resource-lock=other"),
		append(on[:2:2], "--leader-elect-lease-duration=5s"),
		append(on[:2:2], "--leader-elect-lease-duration=5"),
		append(on[:2:2], "--controllers=*,-route"),
		append(on[:2:2], "--controllers=*,-node-route-controller"),
		append(on[:2:2], "--controllers=*,-nodeipam"),
		append(on[:2:2], "--controllers=*,-node-ipam-controller"),
		append(on[:2:2], "--controllers=service-controller"),
		append(on[:2:2], "--controllers=-*"),
		append(on[:2:2], "--no-such-flag"),
		append(on[:2:2], "--feature-gates=NoSuchGate=true"),
		append(on[:2:2], "--feature-gates=CoordinatedLeaderElection=true"),
		append(on[:2:2], "--feature-gates=ControllerManagerReleaseLeaderElectionLockOnExit=true"),
	}
	for _, with := range [][]string{on, gate} {
		for _, f := range []string{"missing", "v1", "v1beta1", "v1alpha1", "no-lock", "many-errors", "endpoints", "unknown-field", "empty", "not-yaml"} {
			if len(with) == 3 && f != "v1alpha1" && f != "missing" && !oldGate() {
				continue // with the gate removed, one refusal says all
			}
			cases = append(cases, append(with[:len(with):len(with)], "--leader-migration-config=DIR/"+f))
		}
	}
	out := []launch{}
	for _, c := range cases {
		out = append(out, run(dir, base, c))
	}
	return out
}

// run starts this program again; the scratch directory is written DIR in flags and messages.
func run(dir string, base, flags []string) launch {
	args := []string{"launch"}
	for _, f := range append(append([]string{}, base...), flags...) {
		args = append(args, strings.ReplaceAll(f, "DIR/", dir+"/"))
	}
	var stdout, stderr bytes.Buffer
	c := exec.Command(os.Args[0], args...)
	c.Stdout, c.Stderr = &stdout, &stderr
	c.Env = append(os.Environ(), "COLUMNS=80")
	timer := time.AfterFunc(60*time.Second, func() { c.Process.Kill() })
	err := c.Run()
	timer.Stop()
	l := launch{Flags: flags}
	for _, line := range strings.Split(stdout.String(), "\n") {
		switch {
		case line == reached:
			l.Reached = true
		case strings.HasPrefix(line, "error: "):
			l.Error = strings.SplitN(stdout.String(), "error: ", 2)[1]
		}
	}
	if !l.Reached && l.Error == "" {
		l.Error = fmt.Sprintf("died (%v): %s", err, firstLine(stderr.String()))
	}
	l.Error = strings.TrimSpace(strings.ReplaceAll(l.Error, dir, "DIR"))
	return l
}

// webhookPort is some free port: 0, for no port, may not be said beside --secure-port=0 in 0.27 and 0.28.
func webhookPort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fail(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

func firstLine(s string) string { return strings.SplitN(s, "\n", 2)[0] }

func hasFlag(name string) bool { return command(nil).Flags().Lookup(name) != nil }

// oldGate says whether this minor still knows the gate: its own help text lists it.
func oldGate() bool {
	f := command(nil).Flags().Lookup("feature-gates")
	return f != nil && strings.Contains(f.Usage, "ControllerManagerLeaderMigration=")
}
