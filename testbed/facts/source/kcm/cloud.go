//go:build !pre137

package main

import "k8s.io/kubernetes/cmd/kube-controller-manager/app"

// Since 1.37 no controller is a cloud controller.
func isCloud(*app.ControllerDescriptor) bool { return false }
