// Standing still, with everything in this process.

package main

import (
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"idlerace/base/go/clock"
)

const (
	clockMonotonic = 1
	timerAbstime   = 1
)

// Nothing else runs in this process meanwhile: the one processor that is left waits in a system call that the
// scheduler does not know of. No goroutine can be preempted there, and no code of Go's runs until it is over.
func standStill(lasts time.Duration) {
	before := runtime.GOMAXPROCS(1)
	until := syscall.NsecToTimespec(int64(clock.NowNs()) + int64(lasts))
	sleepUnknown(&until)
	runtime.GOMAXPROCS(before)
}

//go:nosplit
func sleepUnknown(until *syscall.Timespec) {
	for {
		// The scheduler's attempts to preempt interrupt it.
		_, _, failed := syscall.RawSyscall6(
			syscall.SYS_CLOCK_NANOSLEEP, clockMonotonic, timerAbstime, uintptr(unsafe.Pointer(until)), 0, 0, 0,
		)
		if failed != syscall.EINTR {
			return
		}
	}
}
