// What a driver is told: the job as JSON (GeneratorJob of harness/contract/client-kind.ts), and the load plan.

package main

import (
	"encoding/json"
	"fmt"

	"idlerace/base/go/columns"
)

type job struct {
	PlanFile    string `json:"planFile"`
	SamplesFile string `json:"samplesFile"`
	Endpoint    struct {
		Host      string `json:"host"`
		Port      int    `json:"port"`
		Authority string `json:"authority"`
		// nil: plain HTTP.
		TLS *struct {
			// nil: the system's alone.
			CA       *string `json:"ca"`
			Insecure bool    `json:"insecure"`
		} `json:"tls"`
	} `json:"endpoint"`
	Policy struct {
		Connection struct {
			Reuse          bool     `json:"reuse"`
			IdleTimeoutMs  *float64 `json:"idleTimeoutMs"`
			TCPKeepAliveMs *float64 `json:"tcpKeepAliveMs"`
		} `json:"connection"`
		Retry retryPolicy `json:"retry"`
	} `json:"policy"`
	Limits struct {
		ConnectionsPerClientMax *int    `json:"connectionsPerClientMax"`
		ConnectTimeoutMs        float64 `json:"connectTimeoutMs"`
		RequestTimeoutMs        float64 `json:"requestTimeoutMs"`
	} `json:"limits"`
	// "policy" or "own".
	Settings string `json:"settings"`
	// Client c belongs to generator c mod Count.
	Share struct {
		Index int `json:"index"`
		Count int `json:"count"`
	} `json:"share"`
}

type retryPolicy struct {
	AttemptsMax int `json:"attemptsMax"`
	// nil: any.
	Methods        []string `json:"methods"`
	On             []string `json:"on"`
	Connection     string   `json:"connection"`
	BackoffMs      float64  `json:"backoffMs"`
	IdempotencyKey bool     `json:"idempotencyKey"`
}

// The answer to "prepare": for every knob that this driver knows, true or why Transport cannot carry it out. The
// harness refuses a policy that sets a knob whose answer is not true.
func (j *job) knobs() map[string]any {
	const carried = true
	answer := map[string]any{
		"connection.reuse":          carried,
		"connection.idleTimeoutMs":  carried,
		"connection.idleCheck":      "Transport always checks the age at checkout, so it cannot evict by timer alone",
		"connection.hintMarginMs":   "Transport does not read the Keep-Alive hint",
		"connection.ageMaxMs":       "Transport has no maximum connection age",
		"connection.requestsMax":    "Transport has no limit on requests per connection",
		"connection.pick":           "Transport always takes the connection used last",
		"connection.tcpKeepAliveMs": carried,
		"retry.attemptsMax":         carried,
		"retry.methods":             carried,
		"retry.on":                  carried,
		"retry.connection":          carried,
		"retry.backoffMs":           carried,
		"retry.idempotencyKey":      carried,
	}
	if idle := j.Policy.Connection.IdleTimeoutMs; idle != nil && *idle <= 0 {
		answer["connection.idleTimeoutMs"] = "Transport treats 0 as \"never\"; expected more than 0 ms"
	}
	return answer
}

type planMeta struct {
	Loop        string     `json:"loop"`
	Clients     int        `json:"clients"`
	WarmupNs    float64    `json:"warmupNs"`
	EndNs       float64    `json:"endNs"`
	Templates   []template `json:"templates"`
	Fingerprint string     `json:"fingerprint"`
}

type template struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
}

type plan struct {
	planMeta
	intendedNs []float64
	client     []uint32
	template   []uint8
	bodyBytes  []uint32
}

func readPlan(name string) (*plan, error) {
	file, err := columns.Read(name)
	if err != nil {
		return nil, err
	}
	read := &plan{}
	if err := json.Unmarshal(file.Meta, &read.planMeta); err != nil {
		return nil, fmt.Errorf("cannot read %q: %w", name, err)
	}
	if read.intendedNs, err = columns.Of[float64](file, "intendedNs"); err != nil {
		return nil, err
	}
	if read.client, err = columns.Of[uint32](file, "client"); err != nil {
		return nil, err
	}
	if read.template, err = columns.Of[uint8](file, "template"); err != nil {
		return nil, err
	}
	if read.bodyBytes, err = columns.Of[uint32](file, "bodyBytes"); err != nil {
		return nil, err
	}
	return read, nil
}

// The plan's rows of this share, in the plan's order.
func (p *plan) rowsOf(index, count int) []int {
	rows := make([]int, 0, len(p.client)/count+1)
	for row, client := range p.client {
		if int(client)%count == index {
			rows = append(rows, row)
		}
	}
	return rows
}
