// A target for load generators with a rate: it answers every request and notes when it arrived, by the kernel's own
// timestamp of the packet (SO_TIMESTAMPNS), so that a late target does not make a generator look late.
// It prints its port. When its standard input ends, it prints a line for each request: connection, nanoseconds.
//
//	go build arrivals.go
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 128\r\n\r\n"
const headEnd = "\r\n\r\n"

type arrival struct {
	connection int
	ns         int64
}

func main() {
	debug.SetGCPercent(-1)
	listener := must(syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))
	check(syscall.SetsockoptInt(listener, syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1)) // accepted sockets inherit it
	check(syscall.Bind(listener, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	check(syscall.Listen(listener, 4096))
	address, err := syscall.Getsockname(listener)
	check(err)
	fmt.Println(address.(*syscall.SockaddrInet4).Port)

	poll := must(syscall.EpollCreate1(0))
	watch := func(fd int) {
		check(syscall.EpollCtl(poll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}))
	}
	watch(listener)
	watch(0)
	response := []byte(answer + strings.Repeat("x", 128))
	arrivals := make([]arrival, 0, 1<<20)
	names := map[int]int{} // file descriptor → connection; a descriptor is used again
	opened := 0
	matched := map[int]int{} // bytes of headEnd that the last read ended with
	events := make([]syscall.EpollEvent, 256)
	bytes := make([]byte, 65536)
	control := make([]byte, 256)
	for {
		ready, err := syscall.EpollWait(poll, events, -1)
		if err == syscall.EINTR {
			continue
		}
		check(err)
		for _, event := range events[:ready] {
			fd := int(event.Fd)
			switch fd {
			case 0:
				print(arrivals)
				return
			case listener:
				accepted, _, err := syscall.Accept(listener)
				check(err)
				check(syscall.SetsockoptInt(accepted, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1))
				names[accepted], matched[accepted] = opened, 0
				opened++
				watch(accepted)
			default:
				read, controlBytes, _, _, err := syscall.Recvmsg(fd, bytes, control, 0)
				if err != nil || read == 0 {
					syscall.Close(fd)
					continue
				}
				ns := kernelNs(control[:controlBytes])
				state := matched[fd]
				for _, b := range bytes[:read] {
					if b == headEnd[state] {
						state++
					} else if b == headEnd[0] {
						state = 1
					} else {
						state = 0
					}
					if state == len(headEnd) {
						state = 0
						arrivals = append(arrivals, arrival{names[fd], ns})
						syscall.Write(fd, response)
					}
				}
				matched[fd] = state
			}
		}
	}
}

// kernelNs returns when the last packet of a read arrived. Until the kernel has switched timestamps on, it returns
// the time of the read.
func kernelNs(control []byte) int64 {
	messages, err := syscall.ParseSocketControlMessage(control)
	check(err)
	for _, message := range messages {
		if message.Header.Type == syscall.SCM_TIMESTAMPNS {
			return (*syscall.Timespec)(unsafe.Pointer(&message.Data[0])).Nano()
		}
	}
	return time.Now().UnixNano()
}

func print(arrivals []arrival) {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, each := range arrivals {
		fmt.Fprintln(out, each.connection, each.ns)
	}
}

func must(value int, err error) int {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
