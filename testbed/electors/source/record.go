package electors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	typed "k8s.io/client-go/kubernetes/typed/coordination/v1"
)

// Line is one line of a log; README.md says which fields each kind has.
type Line struct {
	At       int64   `json:"at"` // nanoseconds since the run began
	Elector  *string `json:"elector,omitempty"`
	What     string  `json:"what"`
	Call     *int    `json:"call,omitempty"`
	Op       string  `json:"op,omitempty"`
	Version  *string `json:"version,omitempty"`
	Record   *record `json:"record,omitempty"`
	Deadline *int64  `json:"deadline,omitempty"`
	Fate     *fate   `json:"fate,omitempty"`
	Error    string  `json:"error,omitempty"`
	Identity *string `json:"identity,omitempty"`
	Message  string  `json:"message,omitempty"`
}

// fate is the Outcome that the script has for a request, as far as it comes to anything.
type fate struct {
	Before time.Duration `json:"before,omitempty"`
	After  time.Duration `json:"after,omitempty"`
	Fault  string        `json:"fault,omitempty"`
	// Of the answer's header Retry-After.
	RetryAfter time.Duration `json:"retryAfter,omitempty"`
}

func fateOf(o Outcome) *fate {
	f := fate{o.Before, o.After, o.Fault, o.RetryAfter}
	switch o.Fault {
	case dropped:
		f.Before, f.After = 0, 0
	case silent, unsent:
		f.After = 0
	}
	return &f
}

// record is the part of a Lease that client-go reads and writes; a field that the Lease lacks is left out. Times are
// nanoseconds since the run began.
type record struct {
	Holder      *string `json:"holder,omitempty"`
	Duration    *int32  `json:"duration,omitempty"`
	Acquire     *int64  `json:"acquire,omitempty"`
	Renew       *int64  `json:"renew,omitempty"`
	Transitions *int32  `json:"transitions,omitempty"`
	Strategy    *string `json:"strategy,omitempty"`
	Preferred   *string `json:"preferred,omitempty"`
}

// journal writes the lines of one run.
type journal struct {
	mu    sync.Mutex
	out   io.Writer
	begin time.Time
}

func (j *journal) write(l Line) {
	j.mu.Lock()
	defer j.mu.Unlock()
	l.At = j.since(time.Now())
	text, err := json.Marshal(l)
	if err != nil {
		panic(err)
	}
	j.out.Write(append(text, '\n'))
}

func (j *journal) since(t time.Time) int64 { return t.Sub(j.begin).Nanoseconds() }

func (j *journal) record(s spec) *record {
	return &record{
		Holder: s.HolderIdentity, Duration: s.LeaseDurationSeconds, Transitions: s.LeaseTransitions,
		Acquire: j.instant(s.AcquireTime), Renew: j.instant(s.RenewTime), Strategy: s.Strategy, Preferred: s.PreferredHolder,
	}
}

func (j *journal) instant(t *instant) *int64 {
	if t == nil {
		return nil
	}
	since := j.since(t.Time)
	return &since
}

// events records the events that LeaseLock puts on the Lease.
type events struct {
	journal *journal
	elector string
}

func (e events) Eventf(_ runtime.Object, _, _, message string, args ...any) {
	e.journal.write(Line{Elector: &e.elector, What: "event", Message: fmt.Sprintf(message, args...)})
}

// leases records every call that LeaseLock makes, and makes it with the real typed client.
type leases struct {
	typed.LeaseInterface
	journal *journal
	elector string
	calls   *int
}

type getter struct {
	typed.LeasesGetter
	wrap func(typed.LeaseInterface) *leases
}

func (g getter) Leases(namespace string) typed.LeaseInterface {
	return g.wrap(g.LeasesGetter.Leases(namespace))
}

// call is one call of the typed client, which is one request unless the REST client repeats it or refuses to send it.
type call struct {
	leases *leases
	number int
	op     string
	line   Line
	sent   bool
}

func (l *leases) begin(op string, object *coordinationv1.Lease) *call {
	*l.calls++
	c := &call{leases: l, number: *l.calls, op: op}
	c.line = Line{Elector: &l.elector, What: "request", Call: &c.number, Op: op}
	if object != nil {
		onWire := wire(object)
		c.line.Record = l.journal.record(onWire.Spec)
		if op == "update" {
			c.line.Version = &onWire.Metadata.ResourceVersion
		}
	}
	return c
}

// wire is the Lease as the typed client would send it.
func wire(object *coordinationv1.Lease) (l lease) {
	text, err := json.Marshal(object)
	if err == nil {
		err = json.Unmarshal(text, &l)
	}
	if err != nil {
		panic(err)
	}
	return l
}

// send writes the request when it reaches the transport, whose context knows the deadline of context and client together.
func (c *call) send(ctx context.Context, o Outcome) {
	line := c.line
	if c.sent {
		line = Line{Elector: line.Elector, What: "again", Call: line.Call}
	}
	if deadline, is := ctx.Deadline(); is {
		at := c.leases.journal.since(deadline)
		line.Deadline = &at
	}
	c.sent = true
	line.Fate = fateOf(o)
	c.leases.journal.write(line)
}

// applied writes what the store did with it.
func (c *call) applied(l lease, refused *refusal) {
	line := Line{Elector: c.line.Elector, What: "applied", Call: c.line.Call}
	if refused != nil {
		line.Error = refused.reason
	} else {
		line.Version = &l.Metadata.ResourceVersion
	}
	c.leases.journal.write(line)
}

// refused writes that the API server answered without asking the store.
func (c *call) refused(r *refusal) {
	c.leases.journal.write(Line{Elector: c.line.Elector, What: "refused", Call: c.line.Call, Error: r.reason})
}

// end writes what the typed client returned to LeaseLock. A call for a Lease without a name, which LeaseLock has after a
// create that failed, is no request: the REST client refuses it at once.
func (c *call) end(object *coordinationv1.Lease, err error) {
	if err != nil && err.Error() == "resource name may not be empty" {
		*c.leases.calls--
		return
	}
	if !c.sent {
		c.line.What = "unsent"
		c.leases.journal.write(c.line)
	}
	line := Line{Elector: c.line.Elector, What: "reply", Call: c.line.Call}
	if err != nil {
		line.Error = class(err)
	} else {
		onWire := wire(object)
		line.Version = &onWire.Metadata.ResourceVersion
		line.Record = c.leases.journal.record(onWire.Spec)
	}
	c.leases.journal.write(line)
}

// class names an error as client-go's election code can tell it apart: the API server's reason, or why there was no answer.
func class(err error) string {
	var timeout net.Error
	switch reason := apierrors.ReasonForError(err); {
	case reason != metav1.StatusReasonUnknown:
		return string(reason)
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "deadline"
	case strings.HasSuffix(err.Error(), refusedConnection.Error()), strings.HasSuffix(err.Error(), brokenConnection.Error()):
		return "connection"
	}
	panic(err)
}

func (l *leases) Get(ctx context.Context, name string, o metav1.GetOptions) (*coordinationv1.Lease, error) {
	c := l.begin("get", nil)
	object, err := l.LeaseInterface.Get(withCall(ctx, c), name, o)
	c.end(object, err)
	return object, err
}

func (l *leases) Create(ctx context.Context, lease *coordinationv1.Lease, o metav1.CreateOptions) (*coordinationv1.Lease, error) {
	c := l.begin("create", lease)
	object, err := l.LeaseInterface.Create(withCall(ctx, c), lease, o)
	c.end(object, err)
	return object, err
}

func (l *leases) Update(ctx context.Context, lease *coordinationv1.Lease, o metav1.UpdateOptions) (*coordinationv1.Lease, error) {
	c := l.begin("update", lease)
	object, err := l.LeaseInterface.Update(withCall(ctx, c), lease, o)
	c.end(object, err)
	return object, err
}
