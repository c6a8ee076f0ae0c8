// What this process costs and how late it is, from the end of the warm-up on.

package main

import (
	"math"
	"sort"
	"syscall"
	"time"

	"idlerace/base/go/clock"
)

type ownLoad struct {
	// Share of one core.
	cpuShare float64
	// Go has no event loop. What comes nearest: how much later than asked for a goroutine that sleeps for 5 ms is
	// run again, 99th percentile; about 1 ms of it is the grain of Go's own timers.
	wakeDelayMsP99 float64
}

type loadWatch struct {
	ask  chan struct{}
	told chan ownLoad
}

const watchEvery = 5 * time.Millisecond

func watchOwnLoad(fromNs float64) *loadWatch {
	watch := &loadWatch{make(chan struct{}), make(chan ownLoad, 1)}
	go watch.run(fromNs)
	return watch
}

func (w *loadWatch) stop() ownLoad {
	close(w.ask)
	return <-w.told
}

func (w *loadWatch) run(fromNs float64) {
	select {
	case <-time.After(time.Duration(fromNs - clock.NowNs())):
	case <-w.ask:
	}
	cpuNs, sinceNs := cpuTimeNs(), clock.NowNs()
	var lateNs []float64
	for {
		askedNs := clock.NowNs()
		select {
		case <-w.ask:
			spentNs := clock.NowNs() - sinceNs
			w.told <- ownLoad{(cpuTimeNs() - cpuNs) / math.Max(1, spentNs), percentile99(lateNs) / clock.NsPerMs}
			return
		case <-time.After(watchEvery):
			lateNs = append(lateNs, math.Max(0, clock.NowNs()-askedNs-float64(watchEvery)))
		}
	}
}

func percentile99(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sort.Float64s(values)
	return values[int(math.Ceil(float64(len(values))*0.99))-1]
}

func cpuTimeNs() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return float64(usage.Utime.Nano() + usage.Stime.Nano())
}
