/** The declaration of `idlerace init`. */
import type { CommandDeclaration } from './command-declaration.ts';

export const init: CommandDeclaration = {
  name: 'init',
  summary: 'write a commented matrix file to start from',
  description: 'Writes a commented matrix file to start from. Does not overwrite a file.',
  argument: ['[file]', 'file to write', 'matrix.yaml'],
  run: async (host, _, file) => (await import('../init.ts')).initCommand(host, file),
};
