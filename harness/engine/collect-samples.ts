/**
 * The samples of a trial, wherever its generators left them: one file as it is, several merged into one in the
 * same format, so that nobody downstream knows how many there were.
 */
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { decodeSamples, encodeSamples } from '../base/columns/samples-file.ts';
import { HarnessError } from '../base/errors.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import { mergeReports } from './share-plan.ts';
import type { TrialSetup } from './trial-parts.ts';

type SamplesSetup = Pick<TrialSetup, 'samplesFile' | 'generators' | 'plan'>;

/** Where generator `index` writes. */
export function partFile({ samplesFile, generators }: SamplesSetup, index: number): string {
  return generators === 1 ? samplesFile : `${samplesFile}.part${index}`;
}

/** @throws HarnessError `run-unreadable` for a file that is cut off, `output-failed` when the merged one cannot be written. */
export function collectSamples(setup: SamplesSetup): GeneratorReport {
  const parts = Array.from({ length: setup.generators }, (_, index) => partFile(setup, index));
  const report = mergeReports(
    setup.plan,
    parts.map((file) => decodeSamples(readFileSync(file), file)),
  );
  if (parts.length === 1) return report;
  try {
    writeFileSync(setup.samplesFile, encodeSamples(report));
  } catch (error) {
    throw new HarnessError('output-failed', `Cannot write "${setup.samplesFile}": ${String(error)}.`);
  }
  for (const file of parts) unlinkSync(file);
  return report;
}
