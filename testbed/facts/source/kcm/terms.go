package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// A term is one run of the real command against an API server that gives every lock to whoever creates it, and knows
// nothing else. took has the locks it created, in order; error how it ended, absent if it was still alive termTime
// after it took its first lock.
type term struct {
	Flags []string `json:"flags"`
	Took  []string `json:"took"`
	Error string   `json:"error,omitempty"`
}

const termTime = 20 * time.Second

// terms ask what follows the main lease: the signal of the token controller, and the refusals of cloud providers and
// lock types. One harmless controller stands for all others, because the server has nothing for them to work on.
func terms() []term {
	dir, done := scratch()
	defer done()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		fail(err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)})
	if err := os.WriteFile(filepath.Join(dir, "private-key"), block, 0o600); err != nil {
		fail(err)
	}
	const (
		on     = "--enable-leader-migration"
		file   = "--leader-migration-config=DIR/one-lease"
		locked = "--leader-migration-config=DIR/endpoints"
		key    = "--service-account-private-key-file=DIR/private-key"
		gate   = "--feature-gates=DisableCloudProviders=true"
		other  = "--cloud-provider=no-such-provider"
	)
	token, noToken := "--controllers=ttl,serviceaccount-token", "--controllers=ttl"
	cases := [][]string{
		{token, key}, {token, key, on, file}, {token, on, file}, {noToken, key, on, file}, {noToken, on, file},
		{token, key, on, locked}, {noToken, key, on, locked},
		{token, key, other}, {token, key, other, "--leader-elect=false"},
		{token, key, "--cloud-provider=external", "--external-cloud-volume-plugin=no-such-provider"},
	}
	for _, provider := range []string{"aws", "azure", "gce", "openstack", "vsphere"} {
		cases = append(cases, []string{token, key, gate, "--cloud-provider=" + provider})
	}
	out := make([]term, len(cases))
	var all sync.WaitGroup
	places := make(chan bool, 4) // at a time, so that none starves
	for i := range cases {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			places <- true
			out[i] = serve(dir, cases[i])
			<-places
		}(i)
	}
	all.Wait()
	return out
}

// serve runs one term with an API server of its own.
func serve(dir string, flags []string) term {
	api := &locks{objects: map[string][]byte{}, took: []string{}}
	server := httptest.NewServer(api)
	defer server.Close()
	args := []string{"--master=" + server.URL, "--kube-api-content-type=application/json"}
	p := start(dir, append(args, flags...))
	api.first = func() { time.AfterFunc(termTime, p.kill) }
	for p.lines.Scan() {
		p.read(p.lines.Text())
	}
	t := term{Flags: flags}
	if message := p.end(dir); !p.wasKilled() {
		t.Error = message
	}
	api.Lock()
	defer api.Unlock()
	t.Took = append([]string{}, api.took...)
	return t
}

// locks is the API server.
type locks struct {
	sync.Mutex
	objects map[string][]byte
	took    []string
	first   func()
}

var lockPath = regexp.MustCompile(`^/(?:api/v1|apis/coordination\.k8s\.io/v1)/namespaces/([^/]+)/(leases|endpoints|configmaps)(?:/([^/]+))?$`)

func (s *locks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	w.Header().Set("Content-Type", "application/json")
	body, _ := io.ReadAll(r.Body)
	at := lockPath.FindStringSubmatch(r.URL.Path)
	switch {
	case r.URL.Path == "/healthz" || r.URL.Path == "/livez" || r.URL.Path == "/readyz":
		fmt.Fprint(w, "ok")
	case r.URL.Path == "/api":
		fmt.Fprint(w, `{"kind":"APIVersions","versions":["v1"]}`)
	case r.URL.Path == "/apis":
		fmt.Fprint(w, `{"kind":"APIGroupList","apiVersion":"v1","groups":[]}`)
	case r.URL.Path == "/api/v1":
		fmt.Fprint(w, `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"v1","resources":[]}`)
	case at != nil && r.Method == http.MethodPost:
		var object struct{ Metadata struct{ Name string } }
		if err := json.Unmarshal(body, &object); err != nil {
			fail(fmt.Errorf("a lock that is not JSON: %v", err))
		}
		s.objects[r.URL.Path+"/"+object.Metadata.Name] = body
		s.took = append(s.took, at[2]+" "+at[1]+"/"+object.Metadata.Name)
		if len(s.took) == 1 {
			s.first()
		}
		w.WriteHeader(http.StatusCreated)
		w.Write(body)
	case at != nil && r.Method == http.MethodPut:
		s.objects[r.URL.Path] = body
		w.Write(body)
	case at != nil && s.objects[r.URL.Path] != nil:
		w.Write(s.objects[r.URL.Path])
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404,"message":%q}`, strings.TrimPrefix(r.URL.Path, "/")+" not found")
	}
}
