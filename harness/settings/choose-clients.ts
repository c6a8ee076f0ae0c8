/** Finds the stacks that `--for` names, in its order and without repeats. */
import { HarnessError } from '../base/errors.ts';
import { didYouMean, nearest } from '../base/nearest.ts';
import { settingsClients } from './settings.ts';
import type { SettingsClient } from './settings-client.ts';

/**
 * @param command The command in the hint, without `--for`.
 * @throws HarnessError `usage` for an unknown name.
 */
export function chooseClients(list: string, command: string): readonly SettingsClient[] {
  const ids = settingsClients.map(({ id }) => id);
  const names = list.split(',').map((name) => name.trim());
  return [...new Set(names)].flatMap((name) => {
    if (name === '') return [];
    const found = settingsClients.find(({ id }) => id === name);
    if (found !== undefined) return found;
    const guess = nearest(name, ids);
    throw new HarnessError(
      'usage',
      `There are no settings for a client "${name}"; there are: ${ids.join(', ')}.${didYouMean(guess)}`,
      { hint: `${command} --for ${guess ?? ids[0]}` },
    );
  });
}
