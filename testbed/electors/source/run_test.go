// The logs need a deterministic jitter: client-go draws it from math/rand's global generator.
//go:debug randseednop=0

package electors

import (
	"bufio"
	"flag"
	"io"
	"math/rand"
	"os"
	"regexp"
	"runtime"
	"testing"
	"testing/synctest"

	"k8s.io/klog/v2"
)

var (
	clientGo  = flag.String("client-go", "", "the client-go this program was built with, for the header")
	seeds     = flag.Uint64("seeds", 0, "run the scripts of the seeds 0 to this, exclusive")
	situation = flag.String("situations", "", "run the situations whose names match this regular expression")
	out       = flag.String("o", "", "the file to write")
)

// TestRuns is the program: `go test` is the only way into a synctest bubble. It fails only if a script cannot be carried out.
func TestRuns(t *testing.T) {
	if *out == "" {
		t.Skip("nothing to write: say -o FILE, and -seeds or -situations")
	}
	// One thread, so that what happens at one instant of virtual time happens in the same order every time.
	runtime.GOMAXPROCS(1)
	quiet := flag.NewFlagSet("klog", flag.PanicOnError)
	klog.InitFlags(quiet)
	quiet.Set("logtostderr", "false")
	quiet.Set("stderrthreshold", "FATAL")
	klog.SetOutput(io.Discard)

	file, err := os.Create(*out)
	if err != nil {
		t.Fatal(err)
	}
	buffer := bufio.NewWriter(file)
	for _, script := range chosen(t) {
		if script.Electors[0].Coordinated && !hasCoordinated {
			continue
		}
		rand.Seed(1)
		synctest.Test(t, func(t *testing.T) {
			if err := execute(script, *clientGo, buffer); err != nil {
				t.Fatal(err)
			}
		})
	}
	if err := buffer.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func chosen(t *testing.T) (scripts []Script) {
	if *situation != "" {
		wanted, err := regexp.Compile(*situation)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range situations() {
			if wanted.MatchString(s.Name) {
				scripts = append(scripts, s)
			}
		}
	}
	for seed := range *seeds {
		scripts = append(scripts, generate(seed))
	}
	return scripts
}
