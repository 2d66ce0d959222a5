//go:build pre131

package electors

import "k8s.io/client-go/tools/leaderelection"

const hasCoordinated = false

func coordinate(_ *leaderelection.LeaderElectionConfig, yes bool) {
	if yes {
		panic("coordinated election needs client-go 0.31")
	}
}
