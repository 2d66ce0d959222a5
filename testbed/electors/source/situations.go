package electors

import "time"

const (
	ms = time.Millisecond
	s1 = time.Second
)

var (
	prompt = Outcome{Before: 7 * ms, After: 4 * ms}
	never  = Outcome{Before: 7 * ms, After: 4 * ms, Fault: dropped}
)

// with is a prompt answer with a fault.
func with(fault string) Outcome { return Outcome{Before: 7 * ms, After: 4 * ms, Fault: fault} }

// slow is a request that takes so long before and after it is applied.
func slow(before, after time.Duration) Outcome { return Outcome{Before: before, After: after} }

// one is an elector with the controller managers' default durations; the outcomes apply to its first requests.
func one(identity string, outcomes ...Outcome) Elector {
	e := Elector{Identity: identity, Stop: forever, Outcomes: outcomes}.lasting(15*s1, 10*s1, 2*s1)
	for len(e.Outcomes) < 200 {
		e.Outcomes = append(e.Outcomes, prompt)
	}
	return e
}

func (e Elector) lasting(lease, renew, retry time.Duration) Elector {
	e.LeaseDuration, e.RenewDeadline, e.RetryPeriod = lease, renew, retry
	return e
}

func (e Elector) from(start time.Duration) Elector { e.Start = start; return e }
func (e Elector) until(stop time.Duration) Elector { e.Stop = stop; return e }
func (e Elector) releasing() Elector               { e.ReleaseOnCancel = true; return e }
func (e Elector) coordinated() Elector             { e.Coordinated = true; return e }

// after replaces what happens to all requests that are sent in from ≤ time < until.
func (e Elector) after(from, until time.Duration, o Outcome) Elector {
	e.Outages = append(e.Outages, Outage{from, until, o})
	return e
}

const forever = time.Hour

func script(name string, end time.Duration, electors ...Elector) Script {
	return Script{Name: name, End: end, Electors: electors}
}

func (s Script) write(at time.Duration, e edit) Script {
	s.Writes = append(s.Writes, Write{at, e})
	return s
}

// situations are named for what happens in them; README.md tells what client-go makes of the surprising ones.
func situations() []Script {
	return []Script{
		script("acquire-renew-stop", 9*s1, one("a")),
		script("release-on-cancel", 20*s1, one("a").releasing().until(9*s1), one("b").from(3*s1)),
		script("stop-while-waiting", 12*s1, one("a"), one("b").from(1*s1).until(6100*ms).releasing()),
		script("leader-cut-off", 45*s1, one("a").after(5*s1, forever, never), one("b").from(3*s1)),
		script("two-start-at-once", 9*s1, one("a"), one("b").from(2*ms)),
		script("reply-to-create-lost", 9*s1, one("a", prompt, with(lost))),
		script("reply-to-takeover-lost", 30*s1,
			one("a", prompt, prompt, prompt, prompt, prompt, prompt, prompt, prompt, prompt, with(lost), with(lost))).
			write(1*ms, hold("someone", 15, 0)),
		script("reply-to-renewal-lost", 14*s1, one("a").after(4*s1, 6*s1, with(lost))),
		script("lost-answer-hides-the-next-write", 30*s1,
			one("a").after(6*s1, 6500*ms, with(silent)).after(12*s1, forever, never),
			one("b").lasting(15*s1, 10*s1, 500*ms).from(1*s1)),
		script("renewal-conflicts-once", 12*s1, one("a")).write(5*s1, touch),
		script("conflict-on-every-update", 20*s1, one("a").after(3*s1, forever, with("conflict"))),
		script("forbidden-for-ever", 14*s1, one("a").after(0, forever, with("forbidden"))),
		script("forbidden-while-leading", 20*s1, one("a").after(5*s1, forever, with("forbidden"))),
		script("server-errors-pass", 16*s1,
			one("a", with("internal"), with("unavailable"), prompt, with("gateway"), with("busy"), with(unsent)).
				after(8*s1, 12*s1, with("unavailable"))),
		script("lease-deleted-while-leading", 14*s1, one("a")).write(5*s1, removal),
		script("lease-deleted-another-takes-it", 26*s1, one("a"), one("b").from(1*s1)).write(5*s1, removal),
		script("lease-deleted-while-waiting", 9*s1, one("a")).write(1*ms, hold("someone", 15, 0)).write(4*s1, removal),
		script("holder-edited-by-hand", 30*s1, one("a")).write(5*s1, hold("someone", 15, 0)),
		script("own-name-written-by-hand", 12*s1,
			one("a")).
			write(1*ms, hold("someone", 15, 0)).
			write(5*s1, hold("a", 15, 0)),
		script("holder-emptied-by-hand", 14*s1,
			one("a"), one("b").from(1*s1)).
			write(5*s1, emptyHolder),
		script("another-renews", 26*s1,
			one("a")).
			write(1*ms, hold("someone", 15, 0)).
			write(3*s1, hold("someone", 15, 0)).
			write(7*s1, hold("someone", 15, -60*s1)),
		script("same-second-writes-look-unchanged", 14*s1, one("a").lasting(5*s1, 2*s1, 200*ms)).
			write(4010*ms, hold("someone", 5, 0)).write(4950*ms, hold("someone", 5, 0)),
		script("bare-lease", 9*s1, one("a")).write(1*ms, bareLease),
		script("bare-lease-while-leading", 12*s1, one("a")).write(5*s1, bareLease),
		script("duration-edited-to-one-second", 12*s1,
			one("a")).
			write(1*ms, hold("someone", 15, 0)).
			write(3*s1, change(func(s *spec) { s.LeaseDurationSeconds = ptr[int32](1) })),
		script("duration-edited-to-an-hour", 24*s1,
			one("a")).
			write(1*ms, hold("someone", 15, 0)).
			write(3*s1, change(func(s *spec) { s.LeaseDurationSeconds = ptr[int32](3600) })),
		script("short-lease-challenged-by-long", 30*s1,
			one("a").lasting(6*s1, 4*s1, s1).until(8*s1), one("b").lasting(20*s1, 12*s1, 3*s1).from(2*s1)),
		script("long-lease-challenged-by-short", 30*s1,
			one("a").lasting(20*s1, 15*s1, 9*s1), one("b").lasting(6*s1, 4*s1, s1).from(2*s1)),
		script("renewals-within-a-second", 3*s1,
			one("a").lasting(2*s1, s1, 150*ms), one("b").lasting(2*s1, s1, 150*ms).from(200*ms)),
		script("fraction-of-a-second-cut", 12*s1,
			one("a").lasting(2900*ms, 2400*ms, 400*ms).until(3*s1),
			one("b").lasting(2900*ms, 2400*ms, 400*ms).from(s1)),
		script("less-than-a-second-refused", 3*s1, one("a").lasting(900*ms, 700*ms, 300*ms)),
		script("less-than-a-second-over-another", 9*s1,
			one("a").lasting(900*ms, 700*ms, 300*ms)).
			write(1*ms, hold("someone", 2, 0)),
		script("update-longer-than-retry-period", 16*s1, one("a").after(5*s1, 6*s1, slow(2300*ms, 50*ms))),
		script("failing-attempts-longer-than-retry-period", 24*s1,
			one("a").after(5*s1, forever, Outcome{Before: 2700 * ms, After: 100 * ms, Fault: "unavailable"})),
		script("client-timeout-while-leading", 24*s1, one("a").after(5*s1, forever, never)),
		script("client-timeout-short", 8*s1,
			one("a", never, slow(1200*ms, ms)).lasting(3*s1, 1500*ms, 500*ms).after(4*s1, forever, never)),
		script("update-in-flight-at-deadline", 24*s1,
			one("a").after(5*s1, 8*s1, never).after(8*s1, forever, slow(4*s1, 50*ms))),
		script("create-applied-after-client-timeout", 24*s1, one("a", prompt, slow(6*s1, 50*ms))),
		script("answers-fail-at-once", 20*s1,
			one("a").after(5*s1, forever, Outcome{Before: 1, After: 1, Fault: unsent})),
		script("cancel-during-get", 3*s1, one("a", slow(1*s1, s1)).until(1500*ms)),
		script("cancel-during-create", 5*s1, one("a", prompt, slow(1*s1, s1)).until(1500*ms), one("b").from(3*s1)),
		script("cancel-during-renewal", 12*s1,
			one("a").releasing().after(4*s1, 5*s1, slow(300*ms, 300*ms)).until(4500*ms), one("b").from(2*s1)),
		script("cancel-between-renewals", 6*s1, one("a").until(5*s1)),
		script("cancel-as-create-returns", 4*s1, one("a", prompt, slow(10*ms, 1*s1)).until(1021*ms+1)),
		script("release-after-lost-lease", 20*s1,
			one("a").releasing().after(5*s1, 15500*ms, with("unavailable")), one("b").from(2*s1)),
		script("release-erases-another", 24*s1,
			one("a").releasing().after(5*s1, 14*s1, never), one("b").from(2*s1), one("c").from(3*s1)).
			write(9*s1, hold("someone", 15, 0)),
		script("release-unanswered", 30*s1, one("a").releasing().until(5*s1).after(4500*ms, forever, never)),
		script("release-unanswered-within-a-second", 5*s1,
			one("a").lasting(s1, 700*ms, 200*ms).releasing().until(3*s1).after(2900*ms, forever, never)),
		script("release-forbidden", 12*s1,
			one("a").releasing().until(5*s1).after(4500*ms, forever, with("forbidden"))),
		script("release-conflicts", 9*s1, one("a").releasing().until(5*s1)).write(5016*ms, touch),
		script("release-of-a-deleted-lease", 9*s1, one("a").releasing().until(5*s1)).write(4990*ms, removal),
		script("release-after-failed-get", 24*s1, one("a").releasing().after(5*s1, 14900*ms, with(unsent))),
		script("renewal-after-failed-create", 18*s1,
			one("a").releasing().
				after(5*s1, 5500*ms, with("internal")).
				after(6*s1, 6500*ms, with("notFound")).
				after(8*s1, 8500*ms, with("notFound"))).
			write(6*s1, touch),
		script("create-fails-for-the-leader", 20*s1,
			one("a", prompt, prompt, prompt, prompt, prompt, with("internal"), prompt, with("internal"), with("internal")).releasing()).
			write(4*s1, removal),
		script("server-asks-to-wait", 16*s1,
			one("a").after(5*s1, 6500*ms, Outcome{Before: 7 * ms, After: 4 * ms, Fault: "busy", RetryAfter: s1})),
		script("preferred-holder-ignored", 9*s1, one("a")).write(5*s1, prefer("someone")),
		script("coordinated-assigned", 16*s1,
			one("a").coordinated(), one("b").coordinated()).
			write(3*s1, assign("b", 15)),
		script("coordinated-without-lease", 9*s1, one("a").coordinated()),
		script("coordinated-expired", 30*s1,
			one("a").coordinated()).
			write(1*s1, assign("someone", 5)).
			write(12*s1, assign("a", 15)),
		script("coordinated-end-of-term", 24*s1,
			one("a").coordinated().releasing(), one("b").coordinated()).
			write(1*s1, assign("a", 15)).
			write(7*s1, prefer("b")),
		script("coordinated-errors", 24*s1,
			one("a").coordinated().after(4*s1, 6*s1, with("conflict")).after(9*s1, forever, with("unavailable"))).
			write(1*s1, assign("a", 15)),
	}
}
