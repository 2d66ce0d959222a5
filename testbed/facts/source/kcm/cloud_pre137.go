//go:build pre137 && !pre129

package main

import "k8s.io/kubernetes/cmd/kube-controller-manager/app"

func isCloud(d *app.ControllerDescriptor) bool { return d.IsCloudProviderController() }
