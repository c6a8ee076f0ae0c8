// One request of the plan, from its start to its outcome: attempt after attempt, those that http.Transport makes by
// itself among them.

package main

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// Where a dial finds the request that it is for.
type flightKey struct{}

type flight struct {
	fleet  *fleet
	client *http.Client
	row    int
	// Ends with the request's timeout.
	context context.Context
	// Attempts so far.
	attempts int
	// nil: none has a connection now.
	current *attempt

	mu sync.Mutex
	// The last connection that was opened for the attempt that has none yet, and how that failed.
	dial dialState
}

type dialState struct {
	conn  *conn
	err   error
	isTCP bool
}

// One try on the wire.
type attempt struct {
	number int
	conn   *conn
	// How many requests its connection has carried, this one included.
	use           int
	sentNs        float64
	idleAgeNs     float64
	readBefore    int64
	writtenBefore int64
}

// Carries out row `row` of the plan, and returns when it is over.
func (f *fleet) send(row int) {
	f.books.started[row] = f.books.nowNs()
	ctx, cancel := context.WithTimeout(f.context, ms(f.job.Limits.RequestTimeoutMs))
	defer cancel()
	one := &flight{fleet: f, client: f.clients[int(f.plan.client[row])], row: row}
	trace := &httptrace.ClientTrace{GetConn: one.getConn, GotConn: one.gotConn}
	one.context = httptrace.WithClientTrace(context.WithValue(ctx, flightKey{}, one), trace)
	f.books.requestDone(row, one.run())
}

func (one *flight) run() outcome {
	retry := &one.fleet.job.Policy.Retry
	method := one.fleet.requests[one.fleet.plan.template[one.row]].Method
	for {
		became := one.try()
		if became == ok || became == status || !retry.again(method, one.attempts, became) {
			return became
		}
		if wait := retry.wait(one.attempts); wait > 0 {
			select {
			case <-time.After(wait):
			case <-one.context.Done():
				return one.givenUp()
			}
		}
		if retry.Connection == "fresh" {
			// What Go has for it: with no idle connection left, Transport opens one, and keeps it.
			one.client.CloseIdleConnections()
		}
	}
}

// Hands the request to http.Client once; Transport may make several attempts of it.
func (one *flight) try() outcome {
	one.noDial()
	response, err := one.client.Do(one.fleet.request(one.context, one.row))
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	if err != nil {
		return one.failed(err)
	}
	answered := one.current
	one.current = nil
	answered.conn.attemptOver(answered.use, true, response.Close || !one.fleet.job.Policy.Connection.Reuse)
	one.fleet.books.attemptAnswered(one.row, response.StatusCode)
	if response.StatusCode >= 400 {
		return status
	}
	return ok
}

// Transport wants a connection. Where the attempt before had one, it has died and Transport makes another by itself.
func (one *flight) getConn(string) {
	if one.current != nil {
		became, by := one.current.becameOf(nil)
		one.died(became, by)
	}
	one.noDial()
}

func (one *flight) gotConn(got httptrace.GotConnInfo) {
	one.begin(got.Conn.(*conn), !got.Reused)
}

func (one *flight) begin(on *conn, isFreshlyDialed bool) {
	one.attempts++
	one.current = on.take(isFreshlyDialed)
	one.current.number = one.attempts
	one.fleet.books.attemptSent(one.row, one.current)
}

func (one *flight) noDial() {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.dial = dialState{}
}

// Told by the goroutine that dials.
func (one *flight) dialing(c *conn) {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.dial = dialState{conn: c}
}

func (one *flight) dialFailed(c *conn, err error, isTCP bool) {
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.dial.conn == c {
		one.dial = dialState{c, err, isTCP}
	}
}

// The attempt under way is over without an answer; returns what became of it.
func (one *flight) failed(err error) outcome {
	if one.current == nil {
		one.mu.Lock()
		dial := one.dial
		one.mu.Unlock()
		if dial.conn == nil {
			// It waited in line and never had an attempt.
			return one.givenUp()
		}
		one.begin(dial.conn, true)
		if one.context.Err() != nil {
			return one.died(one.givenUp(), signOfGivenUp(one.givenUp()))
		}
		became, by := becameOfDial(err, dial)
		return one.died(became, by)
	}
	if one.context.Err() != nil && (errors.Is(err, one.context.Err()) || one.current.conn.facts().ended == notEnded) {
		return one.died(one.givenUp(), signOfGivenUp(one.givenUp()))
	}
	became, by := one.current.becameOf(err)
	return one.died(became, by)
}

// Of a request whose context is over.
func (one *flight) givenUp() outcome {
	if errors.Is(one.context.Err(), context.DeadlineExceeded) {
		return timeout
	}
	return aborted
}

func signOfGivenUp(became outcome) sign {
	if became == timeout {
		return byTimeout
	}
	return byOther
}

func (one *flight) died(became outcome, by sign) outcome {
	dead := one.current
	one.current = nil
	facts := dead.conn.facts()
	diedNs := one.fleet.books.nowNs()
	if facts.ended != notEnded {
		// When the connection showed it, which is before Transport has told.
		diedNs = math.Max(dead.sentNs, math.Min(diedNs, facts.endedNs))
	}
	one.fleet.books.attemptDied(death{
		request: one.row, attempt: dead.number, outcome: became, sign: by,
		connection: dead.conn.row, idleAgeNs: dead.idleAgeNs, sentNs: dead.sentNs, diedNs: diedNs,
		bytesWritten: facts.written - dead.writtenBefore, bytesRead: facts.read - dead.readBefore,
	})
	dead.conn.attemptOver(dead.use, false, false)
	return became
}
