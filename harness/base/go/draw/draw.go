// Package draw draws from the distributions of a matrix file, never a negative number. The draws are Go's own:
// the same seed gives the same ones again, and others than harness/base/distribution.ts.
package draw

import (
	"math"
	"math/rand"
)

// Distribution is one of harness/contract/distribution.ts; which fields count depends on the kind.
type Distribution struct {
	Kind   string  `json:"kind"`
	Value  float64 `json:"value"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	Sd     float64 `json:"sd"`
	Median float64 `json:"median"`
	Sigma  float64 `json:"sigma"`
	Parts  []Part  `json:"parts"`
}

// Part of a mixture.
type Part struct {
	Weight float64      `json:"weight"`
	Of     Distribution `json:"of"`
}

// From draws one number.
func From(distribution *Distribution, random *rand.Rand) float64 {
	return math.Max(0, unclamped(distribution, random))
}

func unclamped(distribution *Distribution, random *rand.Rand) float64 {
	switch distribution.Kind {
	case "fixed":
		return distribution.Value
	case "uniform":
		return distribution.Min + random.Float64()*(distribution.Max-distribution.Min)
	case "normal":
		return distribution.Mean + distribution.Sd*random.NormFloat64()
	case "lognormal":
		return distribution.Median * math.Exp(distribution.Sigma*random.NormFloat64())
	case "exponential":
		return distribution.Mean * random.ExpFloat64()
	case "mixture":
		total := 0.0
		for _, part := range distribution.Parts {
			total += part.Weight
		}
		rest := random.Float64() * total
		for index := range distribution.Parts {
			part := &distribution.Parts[index]
			rest -= part.Weight
			if rest < 0 || index == len(distribution.Parts)-1 {
				return unclamped(&part.Of, random)
			}
		}
	}
	panic("no distribution " + distribution.Kind)
}
