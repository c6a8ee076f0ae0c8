//go:build !linux

package main

import "time"

// Elsewhere only the request itself waits; the program does not get this far there.
func standStill(lasts time.Duration) { time.Sleep(lasts) }
