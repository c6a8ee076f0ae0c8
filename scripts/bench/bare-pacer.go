// The minimal generator with a rate: one locked thread sleeps by clock_nanosleep until each request is due and writes
// it. It records nothing, so its lateness is the limit of the machine.
//
//	bare-pacer PORT CONNECTIONS RATE SECONDS
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"unsafe"
)

const clockMonotonic = 1
const timerAbsolute = 1

func main() {
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	port, connections, rate, seconds := argument(1), argument(2), argument(3), argument(4)
	sockets := make([]int, connections)
	for index := range sockets {
		socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		check(err)
		check(syscall.Connect(socket, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}))
		check(syscall.SetsockoptInt(socket, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1))
		sockets[index] = socket
	}
	request := []byte("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
	answers := make([]byte, 65536)
	var now syscall.Timespec
	_, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&now)), 0)
	if errno != 0 {
		panic(errno)
	}
	startNs := now.Nano() + 10_000_000
	for row := 0; row < rate*seconds; row++ {
		due := syscall.NsecToTimespec(startNs + int64(row)*1_000_000_000/int64(rate))
		for {
			_, _, errno := syscall.RawSyscall6(syscall.SYS_CLOCK_NANOSLEEP, clockMonotonic, timerAbsolute, uintptr(unsafe.Pointer(&due)), 0, 0, 0)
			if errno == 0 {
				break
			}
			if errno != syscall.EINTR {
				panic(errno)
			}
		}
		socket := sockets[row%connections]
		// Reads the previous answer, so that the kernel's buffer does not fill.
		syscall.Recvfrom(socket, answers, syscall.MSG_DONTWAIT)
		_, err := syscall.Write(socket, request)
		check(err)
	}
}

func argument(index int) int {
	value, err := strconv.Atoi(os.Args[index])
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
