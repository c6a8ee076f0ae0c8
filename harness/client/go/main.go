// Program client drives load with Go's own net/http client: idlerace's client kind "go", and an example of a driver
// (docs/drivers.md). It reads a load plan, carries it out, and writes samples; what a number means is decided later.
//
// It answers the calls of harness/engine/generator-process.ts: prepare, start, finish.
package main

import (
	"encoding/json"
	"errors"
	"runtime/debug"

	"idlerace/base/go/calls"
	"idlerace/base/go/cpus"
)

const (
	// One processor for the pacer, which mostly sleeps in the kernel, beside those for the requests.
	processorsMin = 2
	// The heap may grow to several times what lives, and never less than this: at 1,000 requests a second the
	// collector then runs about once in a trial. The generator is not what is measured.
	gcPercent    = 400
	ballastBytes = 32 << 20
)

var ballast []byte

func main() {
	debug.SetGCPercent(gcPercent)
	ballast = make([]byte, ballastBytes)
	var ready *run
	calls.Answer(map[string]calls.Handler{
		"prepare": func(argument json.RawMessage) (any, error) {
			// It has been pinned by now.
			cpus.Fit(processorsMin)
			var err error
			if ready, err = prepare(argument); err != nil {
				return nil, err
			}
			return map[string]any{"knobs": ready.job.knobs()}, nil
		},
		"start": func(argument json.RawMessage) (any, error) {
			if ready == nil {
				return nil, errors.New("started before it was prepared")
			}
			var startNs float64
			if err := json.Unmarshal(argument, &startNs); err != nil {
				return nil, err
			}
			go ready.run(startNs)
			return nil, nil
		},
		"finish": func(json.RawMessage) (any, error) {
			if ready == nil {
				return nil, errors.New("asked to finish before it was prepared")
			}
			return nil, <-ready.over
		},
	})
}
