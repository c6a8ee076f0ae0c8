// The server itself: how net/http is set up, and the handler that every request goes to.

package main

import (
	"context"
	"io"
	"log"
	"math"
	"math/rand"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"idlerace/base/go/clock"
	"idlerace/base/go/draw"
)

// What harness/target/go.ts sends with start.
type setup struct {
	Config struct {
		IdleTimeoutBy string            `json:"idleTimeoutBy"`
		ServiceMs     draw.Distribution `json:"serviceMs"`
		ResponseBytes draw.Distribution `json:"responseBytes"`
		FaultMs       float64           `json:"faultMs"`
	} `json:"config"`
	// nil: none.
	IdleTimeoutMs *float64 `json:"idleTimeoutMs"`
	Host          string   `json:"host"`
	Seed          float64  `json:"seed"`
	RequestCount  int      `json:"requestCount"`
	Faults        []struct {
		Request int    `json:"request"`
		Kind    string `json:"kind"`
	} `json:"faults"`
}

// Responses up to this size are one slice of one shared buffer.
const bodyBytesMax = 16 << 20

type server struct {
	setup  setup
	books  *books
	outage *outage

	mu     sync.Mutex
	random *rand.Rand
	// Request id → the fault that it suffers the next time that it is read.
	faults map[int]fault
	body   []byte
}

func newServer(wanted setup) *server {
	s := &server{
		setup:  wanted,
		books:  newBooks(wanted.RequestCount),
		random: rand.New(rand.NewSource(int64(wanted.Seed))),
		faults: map[int]fault{},
		body:   bodyOf(64 << 10),
	}
	for _, one := range wanted.Faults {
		s.faults[one.Request] = faultTable[one.Kind]
	}
	s.outage = &outage{server: s, lasts: time.Duration(wanted.Config.FaultMs * clock.NsPerMs)}
	return s
}

// Returns the port.
func (s *server) listen() (int, error) {
	return s.outage.begin(s.setup.Host)
}

// A server of its own for each start: a Go server that was shut down never serves again.
func (s *server) newHTTP() *http.Server {
	own := &http.Server{
		Handler:     http.HandlerFunc(s.handle),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		ConnState: func(c net.Conn, state http.ConnState) {
			c.(*conn).changed(state)
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	if timeout := s.idleTimeout(); timeout > 0 {
		if s.setup.Config.IdleTimeoutBy == "ReadTimeout" {
			own.ReadTimeout = timeout
		} else {
			own.IdleTimeout = timeout
		}
	}
	return own
}

// 0: none, which is Go's word for it too.
func (s *server) idleTimeout() time.Duration {
	if s.setup.IdleTimeoutMs == nil {
		return 0
	}
	return time.Duration(*s.setup.IdleTimeoutMs * clock.NsPerMs)
}

// An answer is flushed before the handler returns, so that the books are written between the last byte's way to
// the kernel and the idle timer's start; it goes out in the one write in which it would have gone anyway.
func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	nowNs := clock.NowNs()
	c := r.Context().Value(connKey{}).(*conn)
	id := requestID(r.Header.Get("X-Request-Id"))
	suffered, serviceMs, bodyBytes := s.drawFor(id)
	if suffered == nil || suffered.executed {
		s.books.executed(id, nowNs)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
	if serviceMs > 0 {
		time.Sleep(time.Duration(serviceMs * clock.NsPerMs))
	}
	at := &place{s, c, w}
	if suffered != nil {
		if suffered.before != nil {
			suffered.before(at)
		}
		if suffered.instead != nil {
			suffered.instead(at)
			return
		}
		for name, value := range suffered.headers {
			w.Header().Set(name, value)
		}
	}
	header := w.Header()
	header.Set("Content-Type", "text/plain")
	header.Set("Content-Length", strconv.Itoa(bodyBytes))
	if suffered != nil && suffered.status != 0 {
		w.WriteHeader(suffered.status)
	}
	w.Write(s.bodyOf(bodyBytes))
	w.(http.Flusher).Flush()
	if answeredNs, whole := c.lastWrite(); whole {
		s.books.answered(id, answeredNs)
	}
	if suffered != nil && suffered.after != nil {
		suffered.after(at)
	}
}

// At the request's arrival, so that draws do not depend on how long bodies take. A fault is handed out once.
func (s *server) drawFor(id int) (suffered *fault, serviceMs float64, bodyBytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.faults[id]; ok {
		delete(s.faults, id)
		suffered = &found
	}
	serviceMs = draw.From(&s.setup.Config.ServiceMs, s.random)
	size := draw.From(&s.setup.Config.ResponseBytes, s.random)
	return suffered, serviceMs, int(math.Min(bodyBytesMax, math.Round(size)))
}

func (s *server) bodyOf(bytes int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes > len(s.body) {
		s.body = bodyOf(bytes)
	}
	return s.body[:bytes]
}

func bodyOf(bytes int) []byte {
	body := make([]byte, bytes)
	for index := range body {
		body[index] = 'x'
	}
	return body
}

// The row that an x-request-id names; -1 for none.
func requestID(header string) int {
	id, err := strconv.ParseUint(header, 10, 31)
	if err != nil {
		return -1
	}
	return int(id)
}
