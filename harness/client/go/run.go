// One run of a load plan, from the start that all generators share to the samples file.

package main

import (
	"encoding/json"
	"sync"
	"time"

	"idlerace/base/go/calls"
	"idlerace/base/go/clock"
)

// Rows unsent this long after the last intended time are dropped.
const giveUpNs = 1_000 * clock.NsPerMs

type run struct {
	job   *job
	plan  *plan
	fleet *fleet
	over  chan error
}

func prepare(argument json.RawMessage) (*run, error) {
	wanted := &job{}
	if err := json.Unmarshal(argument, wanted); err != nil {
		return nil, err
	}
	read, err := readPlan(wanted.PlanFile)
	if err != nil {
		return nil, err
	}
	fleet, err := openFleet(wanted, read, newBooks(read))
	if err != nil {
		return nil, err
	}
	return &run{wanted, read, fleet, make(chan error, 1)}, nil
}

func (r *run) run(startNs float64) {
	books := r.fleet.books
	books.startNs = startNs
	rows := r.plan.rowsOf(r.job.Share.Index, r.job.Share.Count)
	load := watchOwnLoad(startNs + r.plan.WarmupNs)
	var started int
	if r.plan.Loop == "closed" {
		started = r.closedLoop(startNs)
	} else {
		started = r.openLoop(startNs, rows)
	}
	own := load.stop()
	r.fleet.close()
	written := books.finish(rows, started, r.plan.Loop == "closed", r.fleet.idleTimeoutNs())
	if err := written.write(r.job.SamplesFile, startNs, own); err != nil {
		r.over <- &calls.Failure{Code: "output-failed", Message: "Cannot write the samples: " + err.Error() + "."}
		return
	}
	r.over <- nil
}

// Sends each row at its intended time, whatever became of the rows before, and waits for the last answers.
func (r *run) openLoop(startNs float64, rows []int) int {
	intendedNs := make([]float64, len(rows))
	for index, row := range rows {
		intendedNs[index] = r.plan.intendedNs[row]
	}
	var underWay sync.WaitGroup
	started := pace(intendedNs, startNs, giveUpNs, func(index int) {
		underWay.Add(1)
		go func() {
			defer underWay.Done()
			r.fleet.send(rows[index])
		}()
	})
	done := make(chan struct{})
	go func() {
		underWay.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(ms(r.job.Limits.RequestTimeoutMs) + time.Second):
		// Every request ends by its own timeout, so this is not met; if it is, what is left is aborted.
		r.fleet.abort()
		<-done
	}
	return started
}

// Keeps every client busy: rows go round robin, client c sends c, c + clients, c + 2·clients, …
func (r *run) closedLoop(startNs float64) int {
	newPreciseSleep().until(startNs)
	sent := make([]int, r.plan.Clients)
	var busy sync.WaitGroup
	for client := r.job.Share.Index; client < r.plan.Clients; client += r.job.Share.Count {
		busy.Add(1)
		go func(client int) {
			defer busy.Done()
			for row := client; row < len(r.plan.client) && clock.NowNs()-startNs < r.plan.EndNs; row += r.plan.Clients {
				sent[client]++
				r.fleet.send(row)
			}
		}(client)
	}
	busy.Wait()
	total := 0
	for _, count := range sent {
		total += count
	}
	return total
}

func ms(value float64) time.Duration { return time.Duration(value * clock.NsPerMs) }
