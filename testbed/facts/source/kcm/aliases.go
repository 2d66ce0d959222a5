//go:build pre129 && !pre128

package main

import "k8s.io/kubernetes/cmd/kube-controller-manager/names"

func aliases() map[string]string { return names.KCMControllerAliases() }
