// What became of an attempt, from what its connection showed: Transport's own errors do not tell a FIN from an RST,
// and some not even a death from a malformed answer.

package main

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"syscall"
)

func (one *attempt) becameOf(err error) (outcome, sign) {
	facts := one.conn.facts()
	// On a reused connection without a response byte it is the race.
	raced := func(otherwise outcome) outcome {
		if !math.IsNaN(one.idleAgeNs) && facts.read == one.readBefore {
			return idleRace
		}
		return otherwise
	}
	switch facts.ended {
	case endedByFin:
		return raced(eof), byFin
	case endedByRst:
		return raced(reset), byRst
	case endedByEpipe:
		return raced(reset), byEpipe
	case endedOtherwise:
		return raced(reset), byOther
	}
	if err == nil {
		// Transport gave it up by itself, and the connection has not shown why.
		return raced(eof), byOther
	}
	return protocol, byProtocol
}

func becameOfDial(err error, dial dialState) (outcome, sign) {
	if dial.err != nil {
		err = dial.err
	}
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return connectTimeout, byTimeout
	case dial.isTCP && errors.Is(err, io.EOF):
		return tlsFailed, byFin
	case dial.isTCP:
		return tlsFailed, byConnect
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.Is(err, syscall.EADDRINUSE):
		return portsExhausted, byConnect
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return fdExhausted, byConnect
	}
	return refused, byConnect
}
