package main

import (
	"syscall"
	"unsafe"
)

const (
	clockMonotonic   = 1
	timerAbstime     = 1
	prSetTimerslack  = 29
	timerslackNsBest = 1
)

// The kernel may else be 50 µs late on purpose. Of the calling thread.
func wakeExactly() {
	syscall.RawSyscall(syscall.SYS_PRCTL, prSetTimerslack, timerslackNsBest, 0)
}

// Blocks the thread, with the scheduler's knowledge.
func sleepUntil(ns float64) {
	until := syscall.NsecToTimespec(int64(ns))
	for {
		_, _, failed := syscall.Syscall6(
			syscall.SYS_CLOCK_NANOSLEEP, clockMonotonic, timerAbstime, uintptr(unsafe.Pointer(&until)), 0, 0, 0,
		)
		if failed != syscall.EINTR {
			return
		}
	}
}
