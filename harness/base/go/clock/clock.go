// Package clock reads CLOCK_MONOTONIC in ns, the axis on which all processes of a machine put their events.
//
// Go's own monotonic reading has a zero of its own, so the distance between the two is taken once, from a system
// call, and every later reading is one of Go's cheap ones.
package clock

import (
	"math"
	"time"
)

// NsPerMs is the factor from the unit of the settings to that of the columns.
const NsPerMs = 1e6

var (
	origin   time.Time
	originNs float64
)

// The tightest of a few readings: the pair is not atomic, and a pause between the two is an error.
func init() {
	best := time.Duration(math.MaxInt64)
	for reading := 0; reading < 16; reading++ {
		before := time.Now()
		ns := monotonicNs()
		span := time.Since(before)
		if span < best {
			best = span
			origin = before
			originNs = float64(ns) - float64(span)/2
		}
	}
}

// NowNs is CLOCK_MONOTONIC in ns. A float64 holds it exactly for 104 days of uptime.
func NowNs() float64 {
	return originNs + float64(time.Since(origin))
}
