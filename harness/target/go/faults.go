// What the server does for each fault of harness/contract/fault.ts: the same as harness/target/faults.ts does in
// Node. harness/target/go.ts refuses the one that is missing here.

package main

import (
	"io"
	"net/http"
	"time"
)

// The connection that carries the faulted request, as the fault sees it.
type place struct {
	server *server
	conn   *conn
	writer http.ResponseWriter
}

type fault struct {
	executed bool
	// In place of a complete answer; without it there is one.
	instead func(*place)
	// Of the complete answer; 0: 200.
	status int
	// Of the complete answer, beside the server's own.
	headers map[string]string
	before  func(*place)
	// Once the answer has been handed to the kernel.
	after func(*place)
}

var faultTable = map[string]fault{
	"fin-unexecuted": {executed: false, instead: fin},
	"fin-executed":   {executed: true, instead: fin},
	"rst-unexecuted": {executed: false, instead: rst},
	"rst-executed":   {executed: true, instead: rst},
	"half-close": {executed: false, instead: func(at *place) {
		at.hijack()
		at.conn.CloseWrite()
		go at.readOn()
	}},
	"black-hole": {executed: false, instead: func(at *place) {
		at.hijack()
		go at.readOn()
	}},
	"close-in-head": {executed: true, instead: finAfter("HTTP/1.1 200 OK\r\nContent-Type: te")},
	"close-in-body": {executed: true, instead: finAfter("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nxxxxxxx")},
	"close-in-chunk": {executed: true, instead: finAfter(
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nxxxxx\r\n14\r\nxxxxxxx")},
	"malformed-status": {executed: true, instead: func(at *place) {
		at.hijack()
		io.WriteString(at.conn, "HTTQ/1.1 OK 200\r\nContent-Length: 2\r\n\r\nxx")
		go at.readOn()
	}},
	"status-500":       {executed: true, status: http.StatusInternalServerError},
	"idle-fin":         {executed: true, after: finWhenIdle},
	"lying-keep-alive": {executed: true, headers: map[string]string{"Connection": "keep-alive"}, after: closeNow},
	"hint-too-long":    {executed: true, headers: map[string]string{"Keep-Alive": "timeout=3600"}},
	"hint-too-short":   {executed: true, headers: map[string]string{"Keep-Alive": "timeout=1"}},
	"refuse":           {executed: true, after: func(at *place) { at.server.outage.refuse() }},
	"freeze":           {executed: true, before: func(at *place) { standStill(at.server.outage.lasts) }},
	"restart":          {executed: true, after: func(at *place) { at.server.outage.restart() }},
	"crash":            {executed: true, instead: func(at *place) { at.server.outage.crash() }},
}

// Takes the connection from net/http, which then forgets it.
func (at *place) hijack() {
	if _, _, err := at.writer.(http.Hijacker).Hijack(); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// Reads until the client goes away, and then closes.
func (at *place) readOn() {
	io.Copy(io.Discard, at.conn)
	at.conn.Close()
}

func closeNow(at *place) { at.conn.Close() }

func fin(at *place) {
	at.hijack()
	at.conn.Close()
}

func rst(at *place) {
	at.hijack()
	at.conn.SetLinger(0)
	at.conn.Close()
}

func finAfter(bytes string) func(*place) {
	return func(at *place) {
		at.hijack()
		io.WriteString(at.conn, bytes)
		at.conn.Close()
	}
}

// How long a connection has been answered, at least, when the fault idle-fin closes it.
const idleFinAfter = 20 * time.Millisecond

// On the first occasion that no request is under way.
func finWhenIdle(at *place) {
	time.AfterFunc(idleFinAfter, func() {
		isIdle, isClosed := at.conn.idle()
		switch {
		case isClosed:
		case isIdle:
			at.conn.Close()
		default:
			finWhenIdle(at)
		}
	})
}
