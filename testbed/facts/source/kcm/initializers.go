//go:build pre129

package main

import "k8s.io/kubernetes/cmd/kube-controller-manager/app"

func disabledByDefault() []string { return app.ControllersDisabledByDefault.List() }

// Before 1.29 there are two maps, with and without the cloud loops, and one special controller outside of both.
// Controllers behind a feature gate are in the maps only if it is on.
func controllers() []controller {
	all, external := app.NewControllerInitializers(app.IncludeCloudLoops), app.NewControllerInitializers(app.ExternalLoops)
	out := []controller{}
	for _, key := range sorted(app.KnownControllers()) {
		c := controller{Key: key, Name: key, Aliases: []string{}, Disabled: app.ControllersDisabledByDefault.Has(key)}
		for alias, name := range aliases() {
			if name == key {
				c.Aliases = sorted(append(c.Aliases, alias))
			}
		}
		_, included := all[key]
		_, remains := external[key]
		c.Special, c.Cloud = !included, included && !remains
		out = append(out, c)
	}
	return out
}
