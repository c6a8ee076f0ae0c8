// Package cpus fits Go's scheduler to the cpus that the process was pinned to after its start: Go asks for them
// once, when it starts, and would go on with more threads than there are cpus for.
package cpus

import (
	"math/bits"
	"runtime"
	"syscall"
	"unsafe"
)

// Fit sets GOMAXPROCS to the number of cpus that the main thread may use, and at least to `least`.
func Fit(least int) {
	var mask [128]uint64
	written, _, failed := syscall.RawSyscall(
		syscall.SYS_SCHED_GETAFFINITY, uintptr(syscall.Getpid()), unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)),
	)
	if failed != 0 {
		return
	}
	allowed := 0
	for _, word := range mask[:written/8] {
		allowed += bits.OnesCount64(word)
	}
	if allowed < least {
		allowed = least
	}
	runtime.GOMAXPROCS(allowed)
}
