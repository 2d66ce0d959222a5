//go:build pre122
// +build pre122

package main

// Release 0.21 has no built-in configuration: --leader-migration-config is required.
func defaultConfiguration() *configuration { return nil }

func defaultFilter() map[string]map[string]string { return nil }
