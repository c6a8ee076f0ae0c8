// The words of the contract, in its order: the position is the code that samples store. harness/contract/outcome.ts
// and samples.ts have them with their meanings; a test holds docs/drivers.md equal to those.

package main

type outcome uint8

const (
	ok outcome = iota
	status
	idleRace
	reset
	eof
	refused
	connectTimeout
	timeout
	portsExhausted
	fdExhausted
	tlsFailed
	protocol
	dropped
	aborted

	notDone outcome = 255
)

var outcomeNames = [...]string{
	"ok", "status", "idle-race", "reset", "eof", "refused", "connect-timeout", "timeout",
	"ports-exhausted", "fd-exhausted", "tls", "protocol", "dropped", "aborted",
}

type sign uint8

const (
	byFin sign = iota
	byRst
	byEpipe
	byTimeout
	byConnect
	byProtocol
	byOther
)

type closeCause uint8

const (
	stillOpen closeCause = iota
	serverIdle
	serverRace
	announced
	evicted
	limit
	failed
)
