//go:build !linux

package cpus

// Fit does nothing: only Linux pins.
func Fit(least int) {}
