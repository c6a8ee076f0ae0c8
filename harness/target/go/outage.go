// The acts of faults that need the whole server: it listens, stops listening for a while, and what becomes of the
// connections meanwhile. Outages that overlap end with the last.

package main

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

type outage struct {
	server *server
	lasts  time.Duration

	mu       sync.Mutex
	http     *http.Server
	listener net.Listener
	address  string
	underWay int
}

// Listens for the first time; returns the port.
func (o *outage) begin(host string) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.http = o.server.newHTTP()
	o.address = net.JoinHostPort(host, "0")
	if err := o.listen(); err != nil {
		return 0, err
	}
	o.address = o.listener.Addr().String()
	_, port, err := net.SplitHostPort(o.address)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}

func (o *outage) listen() error {
	opened, err := net.Listen("tcp", o.address)
	if err != nil {
		return err
	}
	o.listener = opened
	// Returns when the listener is closed, which the outage does; connections live on.
	go o.http.Serve(&listener{opened, o.server})
	return nil
}

// Connections that are there stay.
func (o *outage) refuse() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closeFor()
}

// As a deploy does: idle connections are closed, requests under way answered.
func (o *outage) restart() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closeFor()
	old := o.http
	o.http = o.server.newHTTP()
	go old.Shutdown(context.Background())
}

// As the death of the process does: everything is cut.
func (o *outage) crash() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closeFor()
	for _, c := range o.server.books.allOpen() {
		c.Close()
	}
	o.http.Close()
	o.http = o.server.newHTTP()
}

func (o *outage) closeFor() {
	o.underWay++
	if o.underWay == 1 {
		o.listener.Close()
	}
	time.AfterFunc(o.lasts, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.underWay--
		if o.underWay > 0 {
			return
		}
		if err := o.listen(); err != nil {
			// Somebody else has taken the port: nothing after this would be the target's doing.
			panic(err)
		}
	})
}
