package electors

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"

	typed "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// Script is everything that is decided before a run: the same on every minor.
type Script struct {
	Name     string
	Electors []Elector
	Writes   []Write
	End      time.Duration // every elector is stopped, whatever it does
}

// Elector is one elector with what happens to it. It runs once, from Start until it stops leading or is stopped.
type Elector struct {
	Identity        string
	LeaseDuration   time.Duration
	RenewDeadline   time.Duration
	RetryPeriod     time.Duration
	ReleaseOnCancel bool
	Coordinated     bool // needs client-go 0.31
	Start, Stop     time.Duration
	Outcomes        []Outcome // by request, over and over
	Outages         []Outage
}

// Outage replaces the fault of every request that is sent in From ≤ time < Until.
type Outage struct {
	From, Until time.Duration
	Outcome     Outcome
}

// Write is done to the Lease by someone else, at a time and whatever the Lease is. It gets the Lease as it is, nil if absent,
// and returns what it becomes, nil for absent.
type Write struct {
	At   time.Duration
	Edit func(old *lease, now time.Time) *lease
}

// run is a script being carried out; begin is virtual and a whole second.
type run struct {
	script  Script
	store   *store
	journal *journal
	mu      sync.Mutex
	sent    []int // requests so far, by elector
	serving sync.WaitGroup
}

// execute carries out a script inside a synctest bubble, and returns when everything has come to rest.
func execute(script Script, clientGo string, out io.Writer) error {
	r := &run{script: script, store: &store{}, sent: make([]int, len(script.Electors))}
	r.journal = &journal{out: out, begin: time.Now()}
	if err := r.header(clientGo); err != nil {
		return err
	}
	var done sync.WaitGroup
	for i := range script.Electors {
		done.Go(func() { r.elector(i) })
	}
	for _, w := range script.Writes {
		done.Go(func() {
			time.Sleep(w.At)
			r.foreign(w)
		})
	}
	done.Wait()
	r.serving.Wait()
	return nil
}

// header writes the first line of a run.
func (r *run) header(clientGo string) error {
	type elector struct {
		Identity        string        `json:"identity"`
		LeaseDuration   time.Duration `json:"leaseDuration"`
		RenewDeadline   time.Duration `json:"renewDeadline"`
		RetryPeriod     time.Duration `json:"retryPeriod"`
		ReleaseOnCancel bool          `json:"releaseOnCancel,omitempty"`
		Coordinated     bool          `json:"coordinated,omitempty"`
		Start           time.Duration `json:"start"`
		Stop            time.Duration `json:"stop"`
	}
	electors := make([]elector, 0, len(r.script.Electors))
	for _, e := range r.script.Electors {
		electors = append(electors, elector{
			e.Identity, e.LeaseDuration, e.RenewDeadline, e.RetryPeriod, e.ReleaseOnCancel, e.Coordinated, e.Start, r.stop(e),
		})
	}
	writes := make([]time.Duration, 0, len(r.script.Writes))
	for _, w := range r.script.Writes {
		writes = append(writes, w.At)
	}
	slices.Sort(writes)
	return json.NewEncoder(r.journal.out).Encode(struct {
		Run      string          `json:"run"`
		ClientGo string          `json:"clientGo"`
		Electors []elector       `json:"electors"`
		Writes   []time.Duration `json:"writes"`
	}{r.script.Name, clientGo, electors, writes})
}

// stop is when an elector is stopped at the latest.
func (r *run) stop(e Elector) time.Duration { return min(e.Stop, r.script.End) }

// elector runs the real LeaderElector with the real LeaseLock and the client that client-go makes for it.
func (r *run) elector(i int) {
	e := r.script.Electors[i]
	note := func(what string, identity *string) {
		r.journal.write(Line{Elector: &e.Identity, What: what, Identity: identity})
	}
	config := &rest.Config{
		Host:      "http://kube-apiserver",
		Transport: &transport{r, i},
		QPS:       -1, // no throttle: at the default rate an elector never meets it
		// Protobuf is what newer releases would choose; the store speaks JSON, and the election code sees neither.
		ContentConfig: rest.ContentConfig{ContentType: "application/json", AcceptContentTypes: "application/json"},
	}
	lock, err := resourcelock.NewFromKubeconfig(resourcelock.LeasesResourceLock, "kube-system", "lease",
		resourcelock.ResourceLockConfig{Identity: e.Identity, EventRecorder: events{r.journal, e.Identity}},
		config, e.RenewDeadline)
	if err != nil {
		panic(err)
	}
	leaseLock := lock.(*resourcelock.LeaseLock)
	calls := 0
	leaseLock.Client = getter{leaseLock.Client, func(l typed.LeaseInterface) *leases {
		return &leases{l, r.journal, e.Identity, &calls}
	}}
	settings := leaderelection.LeaderElectionConfig{
		Lock: lock, LeaseDuration: e.LeaseDuration, RenewDeadline: e.RenewDeadline, RetryPeriod: e.RetryPeriod,
		ReleaseOnCancel: e.ReleaseOnCancel, Name: e.Identity,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				note("started", nil)
				<-ctx.Done()
				note("leadingDone", nil)
			},
			OnStoppedLeading: func() { note("stopped", nil) },
			OnNewLeader:      func(identity string) { note("newLeader", &identity) },
		},
	}
	coordinate(&settings, e.Coordinated)
	elector, err := leaderelection.NewLeaderElector(settings)
	if err != nil {
		panic(err)
	}
	time.Sleep(e.Start)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	over := make(chan struct{})
	go func() {
		select {
		case <-time.After(r.stop(e) - e.Start):
			note("cancel", nil)
			cancel()
		case <-over:
		}
	}()
	note("run", nil)
	elector.Run(ctx)
	close(over)
	note("ended", nil)
}

// outcome is what happens to the next request of an elector.
func (r *run) outcome(i int) Outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.script.Electors[i]
	o := e.Outcomes[r.sent[i]%len(e.Outcomes)]
	r.sent[i]++
	now := time.Since(r.journal.begin)
	for _, outage := range e.Outages {
		if outage.From <= now && now < outage.Until {
			return outage.Outcome
		}
	}
	return o
}

func (r *run) foreign(w Write) {
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	var old *lease
	if r.store.lease != nil {
		l := *r.store.lease
		old = &l
	}
	edited := w.Edit(old, time.Now())
	if edited == nil {
		if old == nil {
			r.journal.write(Line{What: "nothing"})
			return
		}
		r.store.remove()
		r.journal.write(Line{What: "delete"})
		return
	}
	if !valid(edited.Spec) {
		panic("the script writes a Lease that no API server takes")
	}
	if old == nil {
		stored, _ := r.store.create(*edited)
		edited = &stored
	} else {
		stored := r.store.put(*edited)
		edited = &stored
	}
	r.journal.write(Line{What: "write", Version: &edited.Metadata.ResourceVersion, Record: r.journal.record(edited.Spec)})
}
