package main

import (
	"context"
	"time"

	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// lockTypes asks client-go for a lock of each type: "" if it makes one, else its error.
func lockTypes() map[string]string {
	out := map[string]string{}
	for _, t := range []string{"leases", "endpoints", "configmaps", "endpointsleases", "configmapsleases", "other", ""} {
		_, err := resourcelock.New(t, "kube-system", "name", nil, nil, resourcelock.ResourceLockConfig{Identity: "me"})
		out[t] = text(err)
	}
	return out
}

// A guard is what client-go's constructor says of a set of durations: "" if it accepts them.
type guard struct {
	LeaseDuration string `json:"leaseDuration"`
	RenewDeadline string `json:"renewDeadline"`
	RetryPeriod   string `json:"retryPeriod"`
	Error         string `json:"error"`
}

func electionGuards() []guard {
	out := []guard{}
	for _, d := range [][3]time.Duration{
		{15 * time.Second, 10 * time.Second, 2 * time.Second},
		{10 * time.Second, 10 * time.Second, 2 * time.Second},
		{9 * time.Second, 10 * time.Second, 20 * time.Second},
		{15 * time.Second, 12 * time.Second, 10 * time.Second},
		{15 * time.Second, 12*time.Second + 1, 10 * time.Second},
		{15 * time.Second, 10 * time.Second, 0},
		{15 * time.Second, 10 * time.Second, -time.Second},
		{15 * time.Second, 0, 2 * time.Second},
		{2 * time.Second, time.Second, 0},
		{0, 0, 0},
		{time.Second, 0, -time.Second},
	} {
		lock, err := resourcelock.New("leases", "kube-system", "name", nil, nil, resourcelock.ResourceLockConfig{Identity: "me"})
		if err != nil {
			fail(err)
		}
		_, err = leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
			Lock: lock, LeaseDuration: d[0], RenewDeadline: d[1], RetryPeriod: d[2],
			Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) {}, OnStoppedLeading: func() {}},
		})
		out = append(out, guard{d[0].String(), d[1].String(), d[2].String(), text(err)})
	}
	return out
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
