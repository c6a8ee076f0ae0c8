// What the driver writes down, in the columns of harness/contract/samples.ts. A request's row belongs to the one
// goroutine that carries it out; deaths and connections are shared.

package main

import (
	"math"
	"sort"
	"sync"
	"sync/atomic"

	"idlerace/base/go/clock"
	"idlerace/base/go/columns"
)

type books struct {
	// CLOCK_MONOTONIC ns of the plan's time 0.
	startNs float64
	// What ends now ends because everything does.
	isOver atomic.Bool

	started    []float64
	sent       []float64
	lastSent   []float64
	done       []float64
	outcome    []uint8
	attempts   []uint8
	status     []uint16
	connection []uint32
	reused     []uint8
	idleAge    []float64

	mu            sync.Mutex
	deaths        []death
	connections   []*conn
	open, openMax int
	attemptCount  int
	answeredCount int
}

type death struct {
	request      int
	attempt      int
	outcome      outcome
	sign         sign
	connection   int
	idleAgeNs    float64
	sentNs       float64
	diedNs       float64
	bytesWritten int64
	bytesRead    int64
}

func newBooks(p *plan) *books {
	rows := len(p.client)
	b := &books{
		started: columns.Never(rows), sent: columns.Never(rows), lastSent: columns.Never(rows), done: columns.Never(rows),
		outcome: make([]uint8, rows), attempts: make([]uint8, rows), status: make([]uint16, rows),
		connection: make([]uint32, rows), reused: make([]uint8, rows), idleAge: columns.Never(rows),
	}
	for row := range b.outcome {
		b.outcome[row] = uint8(notDone)
	}
	return b
}

// ns from the start of the trial.
func (b *books) nowNs() float64 { return clock.NowNs() - b.startNs }

func (b *books) attemptSent(request int, one *attempt) {
	if one.number == 1 {
		b.sent[request] = one.sentNs
		b.idleAge[request] = one.idleAgeNs
		if !math.IsNaN(one.idleAgeNs) {
			b.reused[request] = 1
		}
	}
	b.lastSent[request] = one.sentNs
	b.attempts[request] = uint8(one.number)
	b.connection[request] = uint32(one.conn.row)
	b.mu.Lock()
	b.attemptCount++
	b.mu.Unlock()
}

func (b *books) attemptDied(one death) {
	b.mu.Lock()
	b.deaths = append(b.deaths, one)
	b.mu.Unlock()
}

func (b *books) attemptAnswered(request int, code int) {
	b.status[request] = uint16(code)
	b.mu.Lock()
	b.answeredCount++
	b.mu.Unlock()
}

func (b *books) requestDone(request int, became outcome) {
	b.done[request] = b.nowNs()
	b.outcome[request] = uint8(became)
}

func (b *books) connectionOpened(c *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.row = len(b.connections)
	b.connections = append(b.connections, c)
	b.open++
	if b.open > b.openMax {
		b.openMax = b.open
	}
}

func (b *books) connectionClosed() {
	b.mu.Lock()
	b.open--
	b.mu.Unlock()
}

func (b *books) openCount() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open
}

type counters struct {
	Attempts int `json:"attempts"`
	Started  int `json:"started"`
	Dropped  int `json:"dropped"`
	Answered int `json:"answered"`
	OpenMax  int `json:"openMax"`
}

type samples struct {
	counters counters
	columns  []columns.Column
}

// Marks the rows that were never started as dropped; a closed loop's are not scheduled at all.
func (b *books) finish(rows []int, started int, isClosedLoop bool, idleTimeoutNs float64) *samples {
	// A dial that nobody waits for any more may still end.
	b.mu.Lock()
	defer b.mu.Unlock()
	count := counters{Attempts: b.attemptCount, Started: started, Answered: b.answeredCount, OpenMax: b.openMax}
	for _, row := range rows {
		if outcome(b.outcome[row]) == notDone && !isClosedLoop {
			b.outcome[row] = uint8(dropped)
			count.Dropped++
		}
	}
	written := []columns.Column{
		{Name: "requests.startedNs", Values: b.started},
		{Name: "requests.sentNs", Values: b.sent},
		{Name: "requests.lastSentNs", Values: b.lastSent},
		{Name: "requests.doneNs", Values: b.done},
		{Name: "requests.outcome", Values: b.outcome},
		{Name: "requests.attempts", Values: b.attempts},
		{Name: "requests.status", Values: b.status},
		{Name: "requests.connection", Values: b.connection},
		{Name: "requests.reused", Values: b.reused},
		{Name: "requests.idleAgeNs", Values: b.idleAge},
	}
	written = append(written, deathColumns(b.deaths)...)
	written = append(written, connectionColumns(b.connections, idleTimeoutNs)...)
	return &samples{count, written}
}

func (s *samples) write(file string, startNs float64, own ownLoad) error {
	return columns.Write(file, struct {
		StartNs             float64  `json:"startNs"`
		Counters            counters `json:"counters"`
		CPUShare            float64  `json:"cpuShare"`
		EventLoopDelayMsP99 float64  `json:"eventLoopDelayMsP99"`
	}{startNs, s.counters, own.cpuShare, own.wakeDelayMsP99}, s.columns)
}

// In order of death.
func deathColumns(deaths []death) []columns.Column {
	sort.SliceStable(deaths, func(a, b int) bool { return deaths[a].diedNs < deaths[b].diedNs })
	rows := len(deaths)
	request, connection := make([]uint32, rows), make([]uint32, rows)
	attempt, became, by, reused := make([]uint8, rows), make([]uint8, rows), make([]uint8, rows), make([]uint8, rows)
	idleAge, sent, died := make([]float64, rows), make([]float64, rows), make([]float64, rows)
	written, read := make([]uint32, rows), make([]uint32, rows)
	for row, one := range deaths {
		request[row], connection[row] = uint32(one.request), uint32(one.connection)
		attempt[row], became[row], by[row] = uint8(one.attempt), uint8(one.outcome), uint8(one.sign)
		if !math.IsNaN(one.idleAgeNs) {
			reused[row] = 1
		}
		idleAge[row], sent[row], died[row] = one.idleAgeNs, one.sentNs, one.diedNs
		written[row], read[row] = uint32(one.bytesWritten), uint32(one.bytesRead)
	}
	return []columns.Column{
		{Name: "deaths.request", Values: request},
		{Name: "deaths.attempt", Values: attempt},
		{Name: "deaths.outcome", Values: became},
		{Name: "deaths.sign", Values: by},
		{Name: "deaths.connection", Values: connection},
		{Name: "deaths.reused", Values: reused},
		{Name: "deaths.idleAgeNs", Values: idleAge},
		{Name: "deaths.sentNs", Values: sent},
		{Name: "deaths.diedNs", Values: died},
		{Name: "deaths.bytesWritten", Values: written},
		{Name: "deaths.bytesRead", Values: read},
	}
}

func connectionColumns(connections []*conn, idleTimeoutNs float64) []columns.Column {
	rows := len(connections)
	client, requests := make([]uint32, rows), make([]uint32, rows)
	localPort, cause := make([]uint16, rows), make([]uint8, rows)
	opened, connected, closed := make([]float64, rows), make([]float64, rows), make([]float64, rows)
	for row, c := range connections {
		c.mu.Lock()
		client[row], requests[row] = uint32(c.client), uint32(c.uses)
		localPort[row], cause[row] = c.localPort, uint8(c.cause(idleTimeoutNs))
		opened[row], connected[row], closed[row] = c.openedNs, c.connectedNs, c.closedNs
		c.mu.Unlock()
	}
	return []columns.Column{
		{Name: "connections.client", Values: client},
		{Name: "connections.localPort", Values: localPort},
		{Name: "connections.openedNs", Values: opened},
		{Name: "connections.connectedNs", Values: connected},
		{Name: "connections.closedNs", Values: closed},
		{Name: "connections.requests", Values: requests},
		{Name: "connections.cause", Values: cause},
	}
}
