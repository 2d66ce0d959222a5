package electors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// What may happen to a request besides being answered by the store.
const (
	unsent  = "unsent"  // no connection: fails after Before, never applied
	lost    = "lost"    // applied after Before, then the connection breaks after After
	dropped = "dropped" // never applied, never answered
	silent  = "silent"  // applied after Before, never answered
)

// Neither is an error that the REST client repeats a request for.
var (
	refusedConnection = errors.New("dial tcp: connection refused")
	brokenConnection  = errors.New("read tcp: connection aborted")
)

// refusals are answers given in place of the store's, after Before and After; the store is not asked.
var refusals = map[string]*refusal{
	"forbidden":   {http.StatusForbidden, "Forbidden"},
	"conflict":    conflict,
	"notFound":    notFound,
	"internal":    {http.StatusInternalServerError, "InternalError"},
	"unavailable": {http.StatusServiceUnavailable, "ServiceUnavailable"},
	"gateway":     {http.StatusGatewayTimeout, "Timeout"},
	"busy":        {http.StatusTooManyRequests, "TooManyRequests"},
}

// Outcome is what happens to one request. Both delays are at least 1 ns, and do not depend on whether the client still waits:
// a request that was sent is applied even if the client has given up.
type Outcome struct {
	Before, After time.Duration
	Fault         string // "", one of the constants above, or a key of refusals
	// RetryAfter is the header of a refusal, whole seconds: the REST client repeats the request after it by itself, up to ten
	// times. 0: no such header.
	RetryAfter time.Duration
}

// transport carries the requests of one elector's REST client to the store, as its script says.
type transport struct {
	run   *run
	index int // of the elector
}

// RoundTrip answers like http.Transport does: with the response, or with the context's error as soon as the context is done.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := ctx.Value(callKey{}).(*call)
	var body []byte
	if request.Body != nil {
		body, _ = io.ReadAll(request.Body)
	}
	outcome := t.run.outcome(t.index)
	c.send(ctx, outcome)
	answer := make(chan any, 1)
	t.run.serving.Go(func() { t.serve(c, outcome, body, answer) })
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-answer:
		if err, is := a.(error); is {
			return nil, err
		}
		return a.(*http.Response), nil
	}
}

func (t *transport) serve(c *call, o Outcome, body []byte, answer chan<- any) {
	time.Sleep(o.Before)
	switch {
	case o.Fault == unsent:
		answer <- refusedConnection
		return
	case o.Fault == dropped:
		return
	case refusals[o.Fault] != nil:
		c.refused(refusals[o.Fault])
		time.Sleep(o.After)
		answer <- response(nil, refusals[o.Fault], o.RetryAfter)
		return
	}
	s := t.run.store
	s.mu.Lock()
	var sent, stored lease
	var refused *refusal
	if body != nil {
		if err := json.Unmarshal(body, &sent); err != nil {
			panic(err)
		}
	}
	switch c.op {
	case "get":
		stored, refused = s.get()
	case "create":
		stored, refused = s.create(sent)
	case "update":
		stored, refused = s.update(sent)
	}
	c.applied(stored, refused)
	s.mu.Unlock()
	if o.Fault == silent {
		return
	}
	time.Sleep(o.After)
	if o.Fault == lost {
		answer <- brokenConnection
		return
	}
	answer <- response(&stored, refused, 0)
}

// response is the API server's answer on the wire: a Lease, or a Status.
func response(l *lease, refused *refusal, retryAfter time.Duration) *http.Response {
	header := http.Header{"Content-Type": {"application/json"}}
	code := http.StatusOK
	var body any = l
	if refused != nil {
		code = refused.code
		body = map[string]any{"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": refused.reason, "code": code}
		if retryAfter > 0 {
			header.Set("Retry-After", strconv.Itoa(int(retryAfter/time.Second)))
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return &http.Response{
		StatusCode: code, Status: http.StatusText(code), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(text)), ContentLength: int64(len(text)),
	}
}

type callKey struct{}

// withCall lets the transport know which call of the typed client it works for.
func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}
