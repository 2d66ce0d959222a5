//go:build !pre131

package electors

import "k8s.io/client-go/tools/leaderelection"

// hasCoordinated says whether this client-go knows coordinated election: tools/leaderelection/leaderelection.go:165@v0.31.14.
const hasCoordinated = true

func coordinate(c *leaderelection.LeaderElectionConfig, yes bool) { c.Coordinated = yes }
