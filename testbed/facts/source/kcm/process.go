package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"

	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

// scratch makes the directory that is written DIR in flags and messages, with the files that they name.
func scratch() (string, func()) {
	dir, err := os.MkdirTemp("", "facts")
	if err != nil {
		fail(err)
	}
	kind := "kind: LeaderMigrationConfiguration\napiVersion: controllermanager.config.k8s.io/v1alpha1\nleaderName: m\n"
	for name, text := range map[string]string{
		"kubeconfig": "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {}}]\ncurrent-context: c\n",
		"one-lease":  kind + "resourceLock: leases\ncontrollerLeaders: [{name: route, component: '*'}]\n",
		"endpoints":  kind + "resourceLock: endpoints\ncontrollerLeaders: [{name: route, component: '*'}]\n",
		"no-lock":    kind,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			fail(err)
		}
	}
	return dir, func() { os.RemoveAll(dir) }
}

// A process is this program started again as the real command; its log is read line by line.
type process struct {
	command *exec.Cmd
	lines   *bufio.Scanner
	last    string
	killed  int32
}

func start(dir string, flags []string) *process {
	args := []string{"launch", "--kubeconfig=" + dir + "/kubeconfig", "--secure-port=0", "--v=0"}
	if app.NewControllerManagerCommand().Flags().Lookup("port") != nil {
		args = append(args, "--port=0") // up to 1.23; two processes cannot share its default
	}
	for _, f := range flags {
		args = append(args, strings.ReplaceAll(f, "DIR/", dir+"/"))
	}
	c := exec.Command(os.Args[0], args...)
	pipe, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		fail(err)
	}
	p := &process{command: c, lines: bufio.NewScanner(pipe)}
	p.lines.Buffer(nil, 1<<20)
	return p
}

// read keeps the line if it may be the reason of the end: the first that is a panic, the command's own error, fatal, or
// the manager's own in the log, else the last error there that is not an informer's.
func (p *process) read(line string) {
	final := strings.HasPrefix(p.last, "panic: ") || strings.HasPrefix(p.last, "error: ") || strings.HasPrefix(p.last, "F") || strings.Contains(p.last, " controllermanager.go:")
	switch {
	case final || strings.Contains(line, " reflector.go:"):
	case strings.HasPrefix(line, "error: "), strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "E"), strings.HasPrefix(line, "F"):
		p.last = line
	}
}

// kill ends the process on behalf of this program.
func (p *process) kill() {
	atomic.StoreInt32(&p.killed, 1)
	p.command.Process.Kill()
}

func (p *process) wasKilled() bool { return atomic.LoadInt32(&p.killed) == 1 }

// end waits for the process to be gone and says with which status and why.
func (p *process) end(dir string) string {
	err := p.command.Wait()
	last := p.last
	if i := strings.Index(last, "] "); i > 0 && !strings.HasPrefix(last, "error: ") && !strings.HasPrefix(last, "panic: ") {
		last = last[i+2:]
	}
	return strings.ReplaceAll(fmt.Sprintf("%v: %s", err, ordered(last)), dir, "DIR")
}

// ordered sorts a list of refused feature gates, which upstream makes from a map.
func ordered(message string) string {
	const list, item = "error: [cannot set feature gate ", ", cannot set feature gate "
	if !strings.HasPrefix(message, list) {
		return message
	}
	items := strings.Split(strings.TrimSuffix(strings.TrimPrefix(message, list), "]"), item)
	return list + strings.Join(sorted(items), item) + "]"
}
