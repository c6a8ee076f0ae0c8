/** Draws from a `Distribution`, and says its mean. Never negative. */
import type { Distribution } from '../contract/distribution.ts';
import type { Prng } from './prng.ts';

export function draw(distribution: Distribution, random: Prng): number {
  return Math.max(0, drawUnclamped(distribution, random));
}

/** Mean of the distribution before clamping at zero. */
export function mean(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.value;
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'normal':
    case 'exponential':
      return distribution.mean;
    case 'lognormal':
      return distribution.median * Math.exp(distribution.sigma ** 2 / 2);
    case 'mixture': {
      let weightSum = 0;
      let sum = 0;
      for (const part of distribution.parts) {
        weightSum += part.weight;
        sum += part.weight * mean(part.of);
      }
      return sum / weightSum;
    }
  }
}

function drawUnclamped(distribution: Distribution, random: Prng): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.value;
    case 'uniform':
      return distribution.min + random() * (distribution.max - distribution.min);
    case 'normal':
      return distribution.mean + distribution.sd * standardNormal(random);
    case 'lognormal':
      return distribution.median * Math.exp(distribution.sigma * standardNormal(random));
    case 'exponential':
      return -distribution.mean * Math.log(1 - random());
    case 'mixture': {
      let rest = random() * distribution.parts.reduce((sum, part) => sum + part.weight, 0);
      for (const part of distribution.parts) {
        rest -= part.weight;
        if (rest < 0) return drawUnclamped(part.of, random);
      }
      return drawUnclamped(distribution.parts[distribution.parts.length - 1].of, random);
    }
  }
}

/** Box and Muller; one of the pair, so that each draw takes the same number of uniforms. */
function standardNormal(random: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
