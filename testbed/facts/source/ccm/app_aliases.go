//go:build !noapp && !pre128
// +build !noapp,!pre128

package main

import (
	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/wait"
	cloudprovider "k8s.io/cloud-provider"
	"k8s.io/cloud-provider/app"
	appconfig "k8s.io/cloud-provider/app/config"
	"k8s.io/cloud-provider/names"
	"k8s.io/cloud-provider/options"
	cliflag "k8s.io/component-base/cli/flag"
)

func aliases() map[string]string { return names.CCMControllerAliases() }

// command is upstream's own cloud-controller-manager command, as its sample main makes it.
func command(cloud func(*appconfig.CompletedConfig) cloudprovider.Interface) *cobra.Command {
	o, err := options.NewCloudControllerManagerOptions()
	if err != nil {
		fail(err)
	}
	return app.NewCloudControllerManagerCommand(o, cloud, app.DefaultInitFuncConstructors, names.CCMControllerAliases(), cliflag.NamedFlagSets{}, wait.NeverStop)
}
