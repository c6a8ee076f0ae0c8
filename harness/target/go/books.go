// What the target writes down: who was executed and answered when, which connections came and went, how late the
// idle timer was. Nobody reads it while it runs.

package main

import (
	"math"
	"sync"

	"idlerace/base/go/columns"
)

type books struct {
	mu         sync.Mutex
	executions []uint8
	answers    []uint8
	noticedNs  []float64
	answeredNs []float64

	openedNs   []float64
	closedNs   []float64
	open       map[*conn]struct{}
	openMax    int
	latenessNs []float64
}

// requestCount is the number of rows of the load plan; ids outside of it are served and not booked.
func newBooks(requestCount int) *books {
	return &books{
		executions: make([]uint8, requestCount),
		answers:    make([]uint8, requestCount),
		noticedNs:  columns.Never(requestCount),
		answeredNs: columns.Never(requestCount),
		open:       map[*conn]struct{}{},
	}
}

func (b *books) opened(c *conn, nowNs float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.row = len(b.openedNs)
	b.openedNs = append(b.openedNs, nowNs)
	b.closedNs = append(b.closedNs, math.NaN())
	b.open[c] = struct{}{}
	if len(b.open) > b.openMax {
		b.openMax = len(b.open)
	}
}

func (b *books) closed(c *conn, nowNs float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closedNs[c.row] = nowNs
	delete(b.open, c)
}

func (b *books) allOpen() []*conn {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]*conn, 0, len(b.open))
	for c := range b.open {
		all = append(all, c)
	}
	return all
}

func (b *books) idleTimerLate(ns float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.latenessNs = append(b.latenessNs, ns)
}

func (b *books) executed(id int, nowNs float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	count(b.executions, b.noticedNs, id, nowNs)
}

func (b *books) answered(id int, nowNs float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	count(b.answers, b.answeredNs, id, nowNs)
}

func count(counts []uint8, momentsNs []float64, id int, nowNs float64) {
	if id < 0 || id >= len(counts) {
		return
	}
	if counts[id] < math.MaxUint8 {
		counts[id]++
	}
	momentsNs[id] = nowNs
}

type reportMeta struct {
	ConnectionsOpenMax int `json:"connectionsOpenMax"`
}

// The names are those of TargetReport and Ledger in harness/contract/target.ts.
func (b *books) report() (reportMeta, []columns.Column) {
	b.mu.Lock()
	defer b.mu.Unlock()
	clone := func(column []float64) []float64 { return append([]float64{}, column...) }
	return reportMeta{b.openMax}, []columns.Column{
		{Name: "executions", Values: append([]uint8{}, b.executions...)},
		{Name: "answers", Values: append([]uint8{}, b.answers...)},
		{Name: "noticedNs", Values: clone(b.noticedNs)},
		{Name: "answeredNs", Values: clone(b.answeredNs)},
		{Name: "connectionOpenedNs", Values: clone(b.openedNs)},
		{Name: "connectionClosedNs", Values: clone(b.closedNs)},
		{Name: "idleTimerLatenessNs", Values: clone(b.latenessNs)},
	}
}
