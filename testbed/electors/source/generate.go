package electors

import (
	"fmt"
	"math"
	"time"
)

// random is splitmix64: the scripts of a seed must stay the same whatever Go's own generators become.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) intn(n int) int               { return int(r.next() % uint64(n)) }
func (r *random) float() float64               { return float64(r.next()>>11) / (1 << 53) }
func (r *random) chance(percent int) bool      { return r.intn(100) < percent }
func (r *random) between(a, b float64) float64 { return a + r.float()*(b-a) }

// within is a time up to d, at least 1 ns.
func (r *random) within(d time.Duration) time.Duration { return 1 + time.Duration(r.next()%uint64(d)) }

// about is a time between a and b seconds, as likely in each decade.
func (r *random) about(a, b float64) time.Duration {
	return 1 + time.Duration(math.Exp(r.between(math.Log(a), math.Log(b)))*float64(time.Second))
}

func pick[T any](r *random, from ...T) T { return from[r.intn(len(from))] }

// Every eighth seed is a script of coordinated election, which a client-go before 0.31 cannot run.
func coordinated(seed uint64) bool { return seed%8 == 7 }

type durations struct{ lease, renew, retry time.Duration }

// generate makes the script of a seed. Which faults there are at all is drawn first, per script, so that some runs are quiet,
// some know one fault only, and some know all.
func generate(seed uint64) Script {
	r := &random{seed}
	for range 4 {
		r.next()
	}
	s := Script{Name: fmt.Sprintf("seed-%d", seed)}
	common := someDurations(r)
	unequal := r.chance(30)
	release := r.intn(3) // nobody, everybody, some
	faults, rate := someFaults(r)
	latency := pick(r, 0.004, 0.02, 0.3)
	longest := common
	for i := range pick(r, 1, 2, 2, 3) {
		d := common
		if unequal {
			d = someDurations(r)
		}
		if d.lease > longest.lease {
			longest = d
		}
		s.Electors = append(s.Electors, Elector{
			Identity: string(rune('a' + i)), LeaseDuration: d.lease, RenewDeadline: d.renew, RetryPeriod: d.retry,
			ReleaseOnCancel: release == 1 || release == 2 && r.chance(50), Coordinated: coordinated(seed),
		})
	}
	s.End = min(4*longest.lease+r.within(longest.lease), 70*common.retry) + r.within(common.retry)
	for i := range s.Electors {
		someLife(r, &s.Electors[i], s.End, faults, rate, latency)
	}
	s.Writes = someWrites(r, s)
	return s
}

func someDurations(r *random) durations {
	seconds := func(a, b, c float64) durations {
		f := float64(time.Second)
		return durations{time.Duration(a * f), time.Duration(b * f), time.Duration(c * f)}
	}
	switch r.intn(12) {
	case 0, 1, 2, 3:
		return seconds(15, 10, 2) // the default of the controller managers
	case 4:
		return seconds(137, 107, 26) // OpenShift's
	case 5:
		return seconds(15, 8, 1)
	case 6:
		return seconds(4, 3, 1)
	case 7:
		return seconds(2.9, 2.4, 0.4) // stored as 2 s
	case 8:
		return seconds(0.9, 0.7, 0.2) // stored as 0 s, which no API server takes
	}
	retry := r.about(0.05, 6)
	renew := time.Duration(1.2*float64(retry)) + r.within(5*retry)
	return durations{renew + r.within(2*renew), renew, retry}
}

// someFaults draws the faults of a script and how many of a hundred requests have one.
func someFaults(r *random) ([]string, int) {
	all := []string{
		unsent, lost, lost, dropped, silent, silent, "forbidden", "conflict", "conflict", "notFound", "internal", "unavailable",
		"gateway", "busy",
	}
	var chosen []string
	share := pick(r, 0, 15, 50, 100)
	for _, f := range all {
		if r.chance(share) {
			chosen = append(chosen, f)
		}
	}
	if len(chosen) == 0 {
		return nil, 0
	}
	return chosen, pick(r, 3, 10, 30)
}

// someLife decides when an elector starts and stops, and what happens to its requests.
func someLife(r *random, e *Elector, end time.Duration, faults []string, rate int, latency float64) {
	if r.chance(70) {
		e.Start = r.within(end / 3)
	}
	if r.chance(35) {
		e.Stop = e.Start + r.within(end-e.Start)
	} else {
		e.Stop = end
	}
	slow := r.chance(25)
	for range 20 + r.intn(40) {
		o := Outcome{Before: r.about(latency/100, latency), After: r.about(latency/100, latency)}
		if slow && r.chance(15) {
			// around the retry period, the client's timeout and the renew deadline, before or after the store is reached
			long := time.Duration(r.between(0.3, 1.3) * float64(pick(r, e.RetryPeriod, e.RenewDeadline/2, e.RenewDeadline)))
			if r.chance(50) {
				o.Before += long
			} else {
				o.After += long
			}
		}
		if r.chance(rate) {
			o.Fault = pick(r, faults...)
		}
		e.Outcomes = append(e.Outcomes, o)
	}
	for range pick(r, 0, 0, 1, 2) {
		from := e.Start + r.within(end)
		fault := pick(r, unsent, lost, dropped, silent, "unavailable", "forbidden", "conflict")
		until := from + r.within(2*e.RenewDeadline)
		e.Outages = append(e.Outages, Outage{from, until, Outcome{r.about(0.001, 0.1), r.about(0.001, 0.1), fault, 0}})
	}
}

func someWrites(r *random, s Script) (writes []Write) {
	always := func(e edit) func(*random, Script) edit { return func(*random, Script) edit { return e } }
	kinds := []func(*random, Script) edit{
		takeOver, handTo, always(emptyHolder), setDuration, always(touch), always(bareLease), always(removal), always(removal),
	}
	for range pick(r, 0, 0, 1, 2, 5) {
		writes = append(writes, Write{r.within(s.End), kinds[r.intn(len(kinds))](r, s)})
	}
	if s.Electors[0].Coordinated {
		// a coordinator that assigns the Lease early, renames the holder, and sometimes ends a term
		for range 1 + r.intn(4) {
			at, holder := r.within(s.End/2), pick(r, s.Electors...).Identity
			writes = append(writes, Write{at, assign(holder, seconds(s.Electors[0].LeaseDuration))})
		}
		if r.chance(40) {
			writes = append(writes, Write{r.within(s.End), prefer("someone")})
		}
	} else if r.chance(5) {
		writes = append(writes, Write{r.within(s.End), prefer("someone")})
	}
	return writes
}
