// Command ccm prints, as JSON, what one minor release of k8s.io/controller-manager and k8s.io/cloud-provider
// does about leader migration. It only calls upstream's own functions: nothing is restated here.
//
//	ccm facts            the document for that minor, cloud-provider/0.NN.json
//	ccm answers FILE     what reader, validator and filters say of each text of corpus.json or generated.json
//	ccm launch FLAG...   (used by facts) the real command, up to the initialisation of the cloud
//
// Build tags: pre122 (no built-in configuration), pre128 (no controller aliases),
// noapp (only k8s.io/controller-manager, where the command's other modules cannot be had).
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
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

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: ccm facts | answers FILE | launch FLAG..."))
	}
	switch os.Args[1] {
	case "facts":
		facts()
	case "answers":
		answers(os.Args[2])
	case "launch":
		launchChild(os.Args[2:])
	default:
		fail(fmt.Errorf("unknown verb %q", os.Args[1]))
	}
}

func facts() {
	d := &document{}
	d.add("how", "executed")
	d.add("generator", "ci/facts")
	d.add("modules", modules())
	d.add("defaultConfiguration", defaultConfiguration())
	addApp(d)
	d.add("filterKeys", filterKeys)
	d.add("filterLetters", words)
	d.add("defaultFilter", defaultFilter())
	d.add("lockTypes", lockTypes())
	d.add("electionGuards", electionGuards())
	d.add("launches", launches())
	d.print()
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
				if m.Replace.Version == "" {
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

func fail(err error) {
	fmt.Fprintln(os.Stderr, "ccm:", err)
	os.Exit(1)
}
