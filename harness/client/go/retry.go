// The retry rule of harness/client/retry.ts.

package main

import "time"

// attempt is the number of the one that died, from 1.
func (r *retryPolicy) again(method string, attempt int, became outcome) bool {
	if attempt >= r.AttemptsMax || !contains(r.On, outcomeNames[became]) {
		return false
	}
	return r.Methods == nil || contains(r.Methods, method)
}

func (r *retryPolicy) wait(attempt int) time.Duration {
	wait := ms(r.BackoffMs)
	for ; attempt > 1 && wait < time.Hour; attempt-- {
		wait *= 2
	}
	return wait
}

func contains(words []string, word string) bool {
	for _, one := range words {
		if one == word {
			return true
		}
	}
	return false
}
