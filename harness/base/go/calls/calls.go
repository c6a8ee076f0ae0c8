// Package calls is the child's side of the call protocol for a program in Go: one JSON object a line, calls on
// standard input, answers on standard output. It answers until the parent goes away, and then exits.
//
// docs/drivers.md describes the protocol; harness/base/processes/calls.ts has the same objects for TypeScript.
package calls

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Handler answers one call. Its value is sent as JSON.
type Handler func(argument json.RawMessage) (any, error)

// Failure is an expected one: its code is one of the table in docs/errors.md.
type Failure struct {
	Code    string
	Message string
	// The next command to type; empty: the table's own.
	Hint string
}

func (failure *Failure) Error() string { return failure.Message }

type call struct {
	Call     int             `json:"call"`
	Name     string          `json:"name"`
	Argument json.RawMessage `json:"argument"`
}

type answer struct {
	Answer int          `json:"answer"`
	Value  any          `json:"value,omitempty"`
	Error  *answerError `json:"error,omitempty"`
}

type answerError struct {
	Message string `json:"message"`
	Code    string `json:"code,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// Answer answers calls, several at a time if the parent asks so, and exits when standard input ends: the parent
// is gone. SIGINT is ignored, because the parent decides how a run ends.
func Answer(handlers map[string]Handler) {
	signal.Ignore(syscall.SIGINT)
	var writing sync.Mutex
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			os.Exit(0)
		}
		var asked call
		if err := json.Unmarshal(line, &asked); err != nil {
			fmt.Fprintf(os.Stderr, "not a call: %v\n", err)
			os.Exit(1)
		}
		go func() {
			reply := answerTo(asked, handlers)
			writing.Lock()
			defer writing.Unlock()
			os.Stdout.Write(append(reply, '\n'))
		}()
	}
}

func answerTo(asked call, handlers map[string]Handler) []byte {
	reply := answer{Answer: asked.Call}
	handler, found := handlers[asked.Name]
	var err error
	if found {
		reply.Value, err = handler(asked.Argument)
	} else {
		err = fmt.Errorf("no call %q here", asked.Name)
	}
	if err != nil {
		reply.Value, reply.Error = nil, errorOf(err)
	}
	encoded, err := json.Marshal(reply)
	if err != nil {
		encoded, _ = json.Marshal(answer{Answer: asked.Call, Error: errorOf(err)})
	}
	return encoded
}

func errorOf(err error) *answerError {
	var expected *Failure
	if errors.As(err, &expected) {
		return &answerError{expected.Message, expected.Code, expected.Hint}
	}
	return &answerError{Message: err.Error()}
}
