// Program target is Go's own net/http server as the target kind "go": its settings are the real ones
// (IdleTimeout, or ReadTimeout that it falls back to), and around it are books of what it did, a service time to
// order, and faults on purpose.
//
// It answers the calls of harness/target/go.ts: start, stop.
package main

import (
	"encoding/json"
	"errors"

	"idlerace/base/go/calls"
	"idlerace/base/go/columns"
	"idlerace/base/go/cpus"
)

type started struct {
	Port int `json:"port"`
}

func main() {
	var running *server
	calls.Answer(map[string]calls.Handler{
		"start": func(argument json.RawMessage) (any, error) {
			var wanted setup
			if err := json.Unmarshal(argument, &wanted); err != nil {
				return nil, err
			}
			cpus.Fit(1)
			running = newServer(wanted)
			port, err := running.listen()
			if err != nil {
				return nil, &calls.Failure{Code: "target-start-failed", Message: "The Go target cannot listen: " + err.Error() + "."}
			}
			return started{port}, nil
		},
		"stop": func(argument json.RawMessage) (any, error) {
			var wanted struct {
				ReportFile string `json:"reportFile"`
			}
			if err := json.Unmarshal(argument, &wanted); err != nil {
				return nil, err
			}
			if running == nil {
				return nil, errors.New("the target was never started")
			}
			meta, written := running.books.report()
			return nil, columns.Write(wanted.ReportFile, meta, written)
		},
	})
}
