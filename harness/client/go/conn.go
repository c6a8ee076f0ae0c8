// A connection as http.Transport sees it, with what Transport does not tell: who ended it and how, when the last
// byte came, how many went each way. With TLS it stands above it, so that bytes are those of HTTP.

package main

import (
	"errors"
	"io"
	"math"
	"net"
	"sync"
	"syscall"
)

// How the other side ended a connection.
type ending uint8

const (
	notEnded ending = iota
	endedByFin
	endedByRst
	endedByEpipe
	endedOtherwise
)

type conn struct {
	net.Conn
	books  *books
	client int
	row    int

	mu sync.Mutex
	// ns from the start of the trial; NaN: not yet.
	openedNs, connectedNs, closedNs float64
	localPort                       uint16
	// Requests handed to it.
	uses       int
	read       int64
	written    int64
	lastReadNs float64
	ended      ending
	endedNs    float64
	// The run was over.
	isClosedByEnd bool
	// Of the last attempt on it.
	hasAnswered, hasDied, isAnnounced bool
}

// What an attempt needs to know of its connection when it is over.
type connFacts struct {
	ended         ending
	endedNs       float64
	read, written int64
}

func (b *books) newConn(client int) *conn {
	c := &conn{books: b, client: client, openedNs: b.nowNs(), connectedNs: math.NaN(), closedNs: math.NaN()}
	b.connectionOpened(c)
	return c
}

func (c *conn) connected(over net.Conn) {
	c.Conn = over
	c.mu.Lock()
	defer c.mu.Unlock()
	c.connectedNs = c.books.nowNs()
	if local, isTCP := over.LocalAddr().(*net.TCPAddr); isTCP {
		c.localPort = uint16(local.Port)
	}
}

// It never came to be.
func (c *conn) neverConnected() {
	c.mu.Lock()
	c.closedNs = c.books.nowNs()
	c.hasDied = true
	c.mu.Unlock()
	c.books.connectionClosed()
}

func (c *conn) Read(into []byte) (int, error) {
	read, err := c.Conn.Read(into)
	c.mu.Lock()
	defer c.mu.Unlock()
	nowNs := c.books.nowNs()
	if read > 0 {
		c.read += int64(read)
		c.lastReadNs = nowNs
	}
	c.noteEnd(err, nowNs)
	return read, err
}

func (c *conn) Write(bytes []byte) (int, error) {
	written, err := c.Conn.Write(bytes)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written += int64(written)
	c.noteEnd(err, c.books.nowNs())
	return written, err
}

// The first counts; what follows from our own closing does not.
func (c *conn) noteEnd(err error, nowNs float64) {
	if err == nil || c.ended != notEnded || !math.IsNaN(c.closedNs) || errors.Is(err, net.ErrClosed) {
		return
	}
	c.endedNs = nowNs
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		c.ended = endedByFin
	case errors.Is(err, syscall.ECONNRESET):
		c.ended = endedByRst
	case errors.Is(err, syscall.EPIPE):
		c.ended = endedByEpipe
	default:
		c.ended = endedOtherwise
	}
}

func (c *conn) Close() error {
	c.mu.Lock()
	isFirst := math.IsNaN(c.closedNs)
	if isFirst {
		c.closedNs = c.books.nowNs()
		c.isClosedByEnd = c.books.isOver.Load()
	}
	c.mu.Unlock()
	if isFirst {
		c.books.connectionClosed()
	}
	return c.Conn.Close()
}

// An attempt goes out on it. Its idle age is NaN when nothing has been answered on it before.
func (c *conn) take(isFreshlyDialed bool) *attempt {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := &attempt{
		conn: c, use: c.uses + 1, sentNs: c.books.nowNs(), idleAgeNs: math.NaN(),
		readBefore: c.read, writtenBefore: c.written,
	}
	if c.uses > 0 {
		one.idleAgeNs = one.sentNs - c.lastReadNs
	} else if isFreshlyDialed {
		// Connecting is part of the service time.
		one.sentNs = c.openedNs
	}
	c.uses = one.use
	c.hasAnswered, c.hasDied, c.isAnnounced = false, false, false
	return one
}

func (c *conn) facts() connFacts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return connFacts{c.ended, c.endedNs, c.read, c.written}
}

// A later attempt may have taken it already: then its own end will tell.
func (c *conn) attemptOver(use int, hasAnswered, isAnnounced bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.uses != use {
		return
	}
	c.hasAnswered, c.hasDied, c.isAnnounced = hasAnswered, !hasAnswered, isAnnounced
}

// Known when everything is over: Transport closes connections in goroutines of its own, before or after the
// attempt on it has been told to be over.
func (c *conn) cause(idleTimeoutNs float64) closeCause {
	switch {
	case math.IsNaN(c.closedNs), c.isClosedByEnd:
		return stillOpen
	case c.isAnnounced:
		return announced
	case c.ended != notEnded && c.hasDied:
		return serverRace
	case c.ended != notEnded:
		return serverIdle
	case c.hasDied:
		return failed
	case c.closedNs-math.Max(c.lastReadNs, c.connectedNs) >= idleTimeoutNs:
		return evicted
	default:
		return limit
	}
}
