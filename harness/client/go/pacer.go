// Sends each row at its intended time. A row that is late is sent at once and keeps its intended time, so its wait
// shows as lateness and in the response time.

package main

import (
	"runtime"

	"idlerace/base/go/clock"
)

// Returns the number of rows sent, once the last is sent or the rest is given up. `send` must not block.
func pace(intendedNs []float64, startNs, giveUpNs float64, send func(index int)) int {
	// Of its own, because how late a thread is woken is a setting of the thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	sleep := newPreciseSleep()
	if len(intendedNs) == 0 {
		return 0
	}
	lastNs := intendedNs[len(intendedNs)-1]
	next := 0
	for {
		sleep.until(startNs + intendedNs[next])
		sinceStartNs := clock.NowNs() - startNs
		if sinceStartNs > lastNs+giveUpNs {
			return next
		}
		for next < len(intendedNs) && intendedNs[next] <= sinceStartNs {
			send(next)
			next++
		}
		if next == len(intendedNs) {
			return next
		}
	}
}

const (
	// Bounds of how much longer than asked for a sleep is taken to last.
	overshootNsMin = 20_000
	overshootNsMax = 300_000
	// With each sleep the worst overshoot counts a little less: half after some 350.
	overshootDecay = 0.998
)

// Waits for a moment more exactly than Go's timers can, which count whole ms while nothing else happens: asleep in
// the kernel, then awake for as long as sleeps have lately overshot.
type preciseSleep struct {
	overshootNs float64
}

func newPreciseSleep() *preciseSleep {
	wakeExactly()
	return &preciseSleep{overshootNs: overshootNsMin}
}

func (s *preciseSleep) until(dueNs float64) {
	wakeNs := dueNs - s.overshootNs
	if wakeNs > clock.NowNs() {
		sleepUntil(wakeNs)
		overshootNs := clock.NowNs() - wakeNs
		s.overshootNs *= overshootDecay
		if overshootNs > s.overshootNs {
			s.overshootNs = overshootNs
		}
		if s.overshootNs < overshootNsMin {
			s.overshootNs = overshootNsMin
		}
		if s.overshootNs > overshootNsMax {
			s.overshootNs = overshootNsMax
		}
	}
	for clock.NowNs() < dueNs {
	}
}
