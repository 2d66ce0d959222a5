//go:build noapp
// +build noapp

package main

import "fmt"

// Built without k8s.io/cloud-provider: its facts are not executed and must not look as if they were.
func addApp(*document) {}

func launches() interface{} { return nil }

func launchChild([]string) { fail(fmt.Errorf("built without the command")) }
