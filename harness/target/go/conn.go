// A connection as net/http sees it, with the moments that net/http does not tell: when the last byte was handed
// to the kernel, and whether it was the idle timer that ended it.

package main

import (
	"errors"
	"net"
	"net/http"
	"os"
	"sync"

	"idlerace/base/go/clock"
)

// Where a handler finds its connection in the request's context.
type connKey struct{}

type conn struct {
	*net.TCPConn
	server *server
	row    int

	mu          sync.Mutex
	lastWriteNs float64
	isBroken    bool
	isClosed    bool
	// net/http waits for the next request.
	isIdle bool
	// The last read ended by its deadline: while idle, that is the idle timeout.
	isTimedOut bool
}

// Accepts connections as conn.
type listener struct {
	net.Listener
	server *server
}

func (l *listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{TCPConn: accepted.(*net.TCPConn), server: l.server}
	l.server.books.opened(c, clock.NowNs())
	return c, nil
}

func (c *conn) Read(into []byte) (int, error) {
	read, err := c.TCPConn.Read(into)
	c.mu.Lock()
	c.isTimedOut = errors.Is(err, os.ErrDeadlineExceeded)
	c.mu.Unlock()
	return read, err
}

func (c *conn) Write(bytes []byte) (int, error) {
	written, err := c.TCPConn.Write(bytes)
	nowNs := clock.NowNs()
	c.mu.Lock()
	c.lastWriteNs = nowNs
	if err != nil {
		c.isBroken = true
	}
	c.mu.Unlock()
	return written, err
}

func (c *conn) Close() error {
	nowNs := clock.NowNs()
	c.mu.Lock()
	wasClosed := c.isClosed
	c.isClosed = true
	byIdleTimer := c.isIdle && c.isTimedOut
	idleNs := nowNs - c.lastWriteNs
	c.mu.Unlock()
	if !wasClosed {
		if byIdleTimer {
			c.server.books.idleTimerLate(idleNs - float64(c.server.idleTimeout()))
		}
		c.server.books.closed(c, nowNs)
	}
	return c.TCPConn.Close()
}

// Told by net/http.
func (c *conn) changed(state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.isIdle = state == http.StateIdle
	// Ending a handler's watch over its connection is a deadline too.
	c.isTimedOut = false
}

func (c *conn) idle() (isIdle, isClosed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.isIdle, c.isClosed
}

// When the last byte was handed to the kernel, and whether all were: writing to a closed connection fails.
func (c *conn) lastWrite() (ns float64, whole bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lastWriteNs, !c.isBroken
}
