//go:build !pre122
// +build !pre122

package main

import migrationconfig "k8s.io/controller-manager/pkg/leadermigration/config"

// defaultConfiguration is what a manager of this minor uses when the flag names no file.
func defaultConfiguration() *configuration {
	return plain(migrationconfig.DefaultLeaderMigrationConfiguration())
}

// defaultFilter has the real filters' results under that configuration, for every filter key and both components.
func defaultFilter() map[string]map[string]string {
	c := migrationconfig.DefaultLeaderMigrationConfiguration()
	out := map[string]map[string]string{}
	for _, k := range filterKeys {
		out[k] = map[string]string{kcm: words[letters(c, kcm, []string{k})], ccm: words[letters(c, ccm, []string{k})]}
	}
	return out
}
