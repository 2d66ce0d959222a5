package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	internal "k8s.io/controller-manager/config"
	"k8s.io/controller-manager/pkg/leadermigration"
	migrationconfig "k8s.io/controller-manager/pkg/leadermigration/config"
)

// filterKeys are the names the two filters are asked about: the map keys of the cloud controllers in both managers
// in every release, the names of the built-in configuration that are no keys, vendors' node-ipam, and one that is no cloud controller.
var filterKeys = []string{
	"service", "route", "cloud-node-lifecycle", "cloud-node", "nodeipam",
	"service-lb-controller", "node-route-controller", "cloud-node-lifecycle-controller", "cloud-node-controller", "node-ipam-controller",
	"service-controller", "route-controller", "node-ipam", "deployment-controller",
}

const (
	kcm = "kube-controller-manager"
	ccm = "cloud-controller-manager"
)

// A configuration is upstream's internal LeaderMigrationConfiguration, each entry as [name, component].
type configuration struct {
	LeaderName        string      `json:"leaderName"`
	ResourceLock      string      `json:"resourceLock"`
	ControllerLeaders [][2]string `json:"controllerLeaders"`
}

func plain(c *internal.LeaderMigrationConfiguration) *configuration {
	out := &configuration{LeaderName: c.LeaderName, ResourceLock: c.ResourceLock, ControllerLeaders: [][2]string{}}
	for _, l := range c.ControllerLeaders {
		out.ControllerLeaders = append(out.ControllerLeaders, [2]string{l.Name, l.Component})
	}
	return out
}

// words are upstream's names of the letters.
var words = map[string]string{"M": "ControllerMigrated", "N": "ControllerNonMigrated", "U": "ControllerUnowned"}

func letters(c *internal.LeaderMigrationConfiguration, component string, keys []string) string {
	m := leadermigration.NewLeaderMigrator(c, component)
	out := ""
	for _, k := range keys {
		switch r := m.FilterFunc(k); r {
		case leadermigration.ControllerMigrated:
			out += "M"
		case leadermigration.ControllerNonMigrated:
			out += "N"
		case leadermigration.ControllerUnowned:
			out += "U"
		default:
			fail(fmt.Errorf("unknown filter result %v", r))
		}
	}
	return out
}

// ask gives one text to the real reader, and what it accepts to the real validator and filters.
func ask(path, text string) interface{} {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		fail(err)
	}
	c, err := migrationconfig.ReadLeaderMigrationConfiguration(path)
	if err != nil {
		return err.Error()
	}
	refusals := []string{}
	for _, e := range migrationconfig.ValidateLeaderMigrationConfiguration(c) {
		refusals = append(refusals, e.Error())
	}
	p := plain(c)
	return []interface{}{p.LeaderName, p.ResourceLock, p.ControllerLeaders, refusals, letters(c, kcm, filterKeys), letters(c, ccm, filterKeys)}
}

func scratch() (string, func()) {
	dir, err := os.MkdirTemp("", "facts")
	if err != nil {
		fail(err)
	}
	return filepath.Join(dir, "leadermigration.conf"), func() { os.RemoveAll(dir) }
}

// answers prints one answer per text: the reader's error, or, for a text that it accepts,
// [leaderName, resourceLock, [[name, component], ...], [validation error, ...], KCM's letters, CCM's letters].
// The file is a list of texts, or of objects with name and text.
func answers(path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		fail(err)
	}
	var texts []string
	if json.Unmarshal(data, &texts) != nil {
		var documents []struct{ Name, Text string }
		if err := json.Unmarshal(data, &documents); err != nil {
			fail(err)
		}
		texts = nil
		for _, d := range documents {
			texts = append(texts, d.Text)
		}
	}
	file, done := scratch()
	defer done()
	out := []interface{}{}
	for _, t := range texts {
		out = append(out, ask(file, t))
	}
	fmt.Println(block(out))
}
