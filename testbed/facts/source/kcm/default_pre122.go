//go:build pre122

package main

import "k8s.io/controller-manager/pkg/leadermigration"

// Release 1.21 has no built-in configuration: --leader-migration-config is required.
func builtInFilter() leadermigration.FilterFunc { return nil }
