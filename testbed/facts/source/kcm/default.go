//go:build !pre122

package main

import (
	"k8s.io/controller-manager/pkg/leadermigration"
	migrationconfig "k8s.io/controller-manager/pkg/leadermigration/config"
)

// builtInFilter is the filter that this manager has when the flag names no file.
func builtInFilter() leadermigration.FilterFunc {
	return leadermigration.NewLeaderMigrator(migrationconfig.DefaultLeaderMigrationConfiguration(), "kube-controller-manager").FilterFunc
}
