//go:build pre128

package main

// Before 1.28 a controller has one name.
func aliases() map[string]string { return map[string]string{} }
