//go:build !pre129

package main

import (
	"sort"

	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func disabledByDefault() []string { return sorted(app.ControllersDisabledByDefault()) }

func aliases() map[string]string { return app.ControllerAliases() }

func controllers() []controller {
	out := []controller{}
	for key, d := range app.NewControllerDescriptors() {
		c := controller{Key: key, Name: d.Name(), Aliases: sorted(d.GetAliases()), Disabled: d.IsDisabledByDefault(), Cloud: isCloud(d), Special: d.RequiresSpecialHandling()}
		for _, g := range d.GetRequiredFeatureGates() {
			c.Gates = append(c.Gates, string(g))
		}
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}
