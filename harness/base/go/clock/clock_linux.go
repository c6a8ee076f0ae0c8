package clock

import (
	"syscall"
	"unsafe"
)

const clockMonotonic = 1

func monotonicNs() int64 {
	var now syscall.Timespec
	_, _, failed := syscall.RawSyscall(
		syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&now)), 0,
	)
	if failed != 0 {
		panic("no CLOCK_MONOTONIC: " + failed.Error())
	}
	return now.Nano()
}
