//go:build !linux

package main

import (
	"time"

	"idlerace/base/go/clock"
)

func wakeExactly() {}

func sleepUntil(ns float64) { time.Sleep(time.Duration(ns - clock.NowNs())) }
