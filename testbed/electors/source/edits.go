package electors

import "time"

// An edit is what someone else makes of the Lease: old is nil if there is none, and so is the result if there is none any more.
type edit = func(old *lease, now time.Time) *lease

func ptr[T any](v T) *T { return &v }

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// seconds is a duration as LeaseLock stores it, but at least 1, since someone who edits a Lease by hand must be let through.
func seconds(d time.Duration) int32 { return max(int32(d/time.Second), 1) }

func fresh(old *lease) *lease {
	if old == nil {
		return &lease{Metadata: meta{Name: "lease", Namespace: "kube-system"}}
	}
	return old
}

// held is a Lease as a holder writes it.
func held(old *lease, holder string, duration int32, now time.Time) *lease {
	l := fresh(old)
	transitions := value(l.Spec.LeaseTransitions)
	if old != nil {
		transitions++
	}
	at := instant{now.Truncate(time.Microsecond)}
	l.Spec = spec{
		HolderIdentity: &holder, LeaseDurationSeconds: &duration, AcquireTime: &at, RenewTime: &at, LeaseTransitions: &transitions,
		Strategy: l.Spec.Strategy, PreferredHolder: l.Spec.PreferredHolder,
	}
	return l
}

// hold makes a holder that takes no part in the run, whose clock is off by skew.
func hold(holder string, duration int32, skew time.Duration) edit {
	return func(old *lease, now time.Time) *lease { return held(old, holder, duration, now.Add(skew)) }
}

func takeOver(r *random, s Script) edit {
	return hold("someone", seconds(pick(r, s.Electors...).LeaseDuration), time.Duration(r.between(-100, 100)*float64(time.Second)))
}

// handTo writes one of the run's own identities into the Lease.
func handTo(r *random, s Script) edit {
	e := pick(r, s.Electors...)
	return hold(e.Identity, seconds(e.LeaseDuration), 0)
}

// change edits the spec of a Lease that is there, and leaves an absent one alone.
func change(f func(*spec)) edit {
	return func(old *lease, _ time.Time) *lease {
		if old != nil {
			f(&old.Spec)
		}
		return old
	}
}

var emptyHolder = change(func(s *spec) { s.HolderIdentity = ptr("") })

func setDuration(r *random, s Script) edit {
	d := pick(r, 1, 2, 3600, seconds(r.within(3*s.Electors[0].LeaseDuration)))
	return change(func(s *spec) { s.LeaseDurationSeconds = &d })
}

// touch changes the resource version and nothing that an elector looks at.
var touch = change(func(*spec) {})

// bareLease leaves a Lease without any of its optional fields.
func bareLease(old *lease, _ time.Time) *lease {
	l := fresh(old)
	l.Spec = spec{}
	return l
}

func removal(*lease, time.Time) *lease { return nil }

// assign is what a coordinator does: it names the holder, and clears what it preferred.
func assign(holder string, duration int32) edit {
	return func(old *lease, now time.Time) *lease {
		l := held(old, holder, duration, now)
		l.Spec.Strategy, l.Spec.PreferredHolder = ptr("OldestEmulationVersion"), nil
		return l
	}
}

// prefer is how a coordinator ends a term.
func prefer(holder string) edit {
	return change(func(s *spec) { s.Strategy, s.PreferredHolder = ptr("OldestEmulationVersion"), &holder })
}
