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
	"fmt"
	"os"
)

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
