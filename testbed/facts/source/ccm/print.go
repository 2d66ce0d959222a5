// Printing, the same file in every program here.

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"sort"
	"strings"
)

// An entry is one line of the printed document; its order is the order of the calls to add.
type entry struct {
	key   string
	value interface{}
}

type document struct{ entries []entry }

func (d *document) add(key string, value interface{}) {
	d.entries = append(d.entries, entry{key, value})
}

// modules names what was linked: the Kubernetes modules and the YAML and JSON readers below them.
func modules() map[string]string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		fail(fmt.Errorf("no build information"))
	}
	out := map[string]string{}
	for _, m := range info.Deps {
		if strings.HasPrefix(m.Path, "k8s.io/") || strings.HasPrefix(m.Path, "sigs.k8s.io/yaml") || strings.HasPrefix(m.Path, "sigs.k8s.io/json") ||
			strings.HasSuffix(m.Path, "/json-iterator/go") || strings.HasPrefix(m.Path, "gopkg.in/yaml") || strings.Contains(m.Path, "go.yaml.in/yaml") || strings.HasSuffix(m.Path, "spf13/pflag") {
			v := m.Version
			if m.Replace != nil {
				if m.Replace.Version == "" || m.Replace.Version == "(devel)" {
					v += " (public repository at that tag)"
				} else {
					v = m.Replace.Version
				}
			}
			out[m.Path] = v
		}
	}
	return out
}

// print writes one line per element of a list or map, so that a change of a release is a change of few lines.
func (d *document) print() {
	var b bytes.Buffer
	b.WriteString("{\n")
	for i, e := range d.entries {
		fmt.Fprintf(&b, "%s: %s", compact(e.key), block(e.value))
		if i+1 < len(d.entries) {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("}\n")
	os.Stdout.Write(b.Bytes())
}

func block(v interface{}) string {
	text := compact(v)
	var list []json.RawMessage
	var object map[string]json.RawMessage
	switch {
	case json.Unmarshal([]byte(text), &list) == nil && len(list) > 0:
		lines := make([]string, len(list))
		for i, x := range list {
			lines[i] = "  " + string(x)
		}
		return "[\n" + strings.Join(lines, ",\n") + "\n]"
	case json.Unmarshal([]byte(text), &object) == nil && len(object) > 0:
		keys := make([]string, 0, len(object))
		for k := range object {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		lines := make([]string, len(keys))
		for i, k := range keys {
			lines[i] = "  " + compact(k) + ": " + string(object[k])
		}
		return "{\n" + strings.Join(lines, ",\n") + "\n}"
	}
	return text
}

func compact(v interface{}) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		fail(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// relevantGates are the feature gates about leader election and cloud providers, as the help text of --feature-gates has them.
func relevantGates(usage string) []string {
	out := []string{}
	for _, line := range strings.Split(usage, "\n") {
		if g := strings.TrimPrefix(strings.TrimSpace(line), "kube:"); gateLine.MatchString(g) && !strings.Contains(g, "Webhook") {
			out = append(out, g)
		}
	}
	sort.Strings(out)
	return out
}

var gateLine = regexp.MustCompile(`^[A-Za-z]*(Leader|CloudProvider|CloudController|CloudCredential)[A-Za-z]*=true\|false`)

func fail(err error) {
	fmt.Fprintln(os.Stderr, "facts:", err)
	os.Exit(1)
}
