// Package alike shows with the real client-go that two writes of one leader can read alike, and that two electors then
// lead at the same time (docs/lease-theorem.md). Virtual time, the real LeaderElector and LeaseLock, a store in memory.
//
//	./each 0.29.15 0.30.14 0.37.2        what this printed is in answers.txt
//
// Durations are the defaults: 15 s, 10 s, 2 s. In both situations every request of the leader after one renewal is lost.
package alike

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	typed "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/tools/leaderelection"
	rl "k8s.io/client-go/tools/leaderelection/resourcelock"
)

// limit is the time limit of one request: half of RenewDeadline.
const limit = 5 * time.Second

var leases = schema.GroupResource{Group: "coordination.k8s.io", Resource: "leases"}

// A fate is what becomes of a request: it travels for some time, may be lost, and so may its reply.
type fate struct {
	travels           time.Duration
	lost, replyIsLost bool
}

type store struct {
	lease    *coordinationv1.Lease
	versions int
}

// client is one elector's way to the store, and a LeasesGetter.
type client struct {
	typed.LeaseInterface
	store *store
	fate  func(operation string) fate
}

func (c *client) Leases(string) typed.LeaseInterface { return c }

func (c *client) do(ctx context.Context, operation string, f func() (*coordinationv1.Lease, error)) (*coordinationv1.Lease, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	fate := c.fate(operation)
	if fate.lost {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	select {
	case <-time.After(fate.travels):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	lease, err := f()
	if fate.replyIsLost {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return lease, err
}

func (c *client) put(lease *coordinationv1.Lease) (*coordinationv1.Lease, error) {
	c.store.versions++
	c.store.lease = lease.DeepCopy()
	c.store.lease.ResourceVersion = strconv.Itoa(c.store.versions)
	return c.store.lease.DeepCopy(), nil
}

func (c *client) Get(ctx context.Context, name string, _ metav1.GetOptions) (*coordinationv1.Lease, error) {
	return c.do(ctx, "get", func() (*coordinationv1.Lease, error) {
		if c.store.lease == nil {
			return nil, apierrors.NewNotFound(leases, name)
		}
		return c.store.lease.DeepCopy(), nil
	})
}

func (c *client) Create(ctx context.Context, lease *coordinationv1.Lease, _ metav1.CreateOptions) (*coordinationv1.Lease, error) {
	return c.do(ctx, "create", func() (*coordinationv1.Lease, error) {
		if c.store.lease != nil {
			return nil, apierrors.NewAlreadyExists(leases, lease.Name)
		}
		return c.put(lease)
	})
}

func (c *client) Update(ctx context.Context, lease *coordinationv1.Lease, _ metav1.UpdateOptions) (*coordinationv1.Lease, error) {
	return c.do(ctx, "update", func() (*coordinationv1.Lease, error) {
		if lease.ResourceVersion != c.store.lease.ResourceVersion {
			return nil, apierrors.NewConflict(leases, lease.Name, errors.New("changed"))
		}
		return c.put(lease)
	})
}

// overlap runs a leader with the given fate of its requests and a challenger whose requests are instant, and returns how
// long both lead; negative: how long nobody does.
func overlap(t *testing.T, leaders func() func(string) fate) (both time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		begin, store := time.Now(), &store{}
		var started, stopped [2]time.Duration
		run := func(i int, fate func(string) fate) {
			elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
				Lock: &rl.LeaseLock{
					LeaseMeta:  metav1.ObjectMeta{Namespace: "kube-system", Name: "lease"},
					Client:     &client{store: store, fate: fate},
					LockConfig: rl.ResourceLockConfig{Identity: strconv.Itoa(i)},
				},
				LeaseDuration: 15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 2 * time.Second,
				Callbacks: leaderelection.LeaderCallbacks{
					OnStartedLeading: func(context.Context) { started[i] = time.Since(begin) },
					OnStoppedLeading: func() { stopped[i] = time.Since(begin) },
				},
			})
			if err != nil {
				t.Error(err)
				return
			}
			elector.Run(ctx)
		}
		go run(0, leaders())
		time.Sleep(time.Millisecond)
		go run(1, func(string) fate { return fate{} })
		time.Sleep(90 * time.Second)
		cancel()
		synctest.Wait()
		if started[1] == 0 {
			t.Error("the challenger never leads")
		}
		both = stopped[0] - started[1]
	})
	return both
}

// lostReply: the reply to one renewal is lost; the attempt it belongs to then succeeds.
func lostReply() func(string) fate {
	updates := 0
	return func(operation string) fate {
		if operation == "update" {
			updates++
		}
		return fate{lost: updates > 11 || updates == 11 && operation == "get", replyIsLost: updates == 10 && operation == "update"}
	}
}

// slowRequests: the read and the write of the first renewal travel for 4.9 s each.
func slowRequests() func(string) fate {
	gets, updates := 0, 0
	return func(operation string) fate {
		switch operation {
		case "get":
			gets++
		case "update":
			updates++
		}
		slow := operation == "get" && gets == 2 || operation == "update" && updates == 1
		after := gets > 2 || updates > 1
		if slow {
			return fate{travels: 4900 * time.Millisecond}
		}
		return fate{lost: after}
	}
}

func TestTwoLeaders(t *testing.T) {
	const runs = 300
	for _, situation := range []struct {
		name    string
		leaders func() func(string) fate
	}{{"slow requests in the first renewal", slowRequests}, {"one lost reply", lostReply}} {
		overlapping, longest := 0, time.Duration(-1<<62)
		for range runs {
			both := overlap(t, situation.leaders)
			if both > 0 {
				overlapping++
			}
			longest = max(longest, both)
		}
		fmt.Printf("ANSWER %s: two leaders in %d of %d runs; longest %.1f s\n", situation.name, overlapping, runs, longest.Seconds())
	}
}
