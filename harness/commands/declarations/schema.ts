/** The declaration of `idlerace schema`. */
import type { CommandDeclaration } from './command-declaration.ts';

export const schema: CommandDeclaration<{ summary?: boolean }> = {
  name: 'schema',
  summary: 'print the JSON Schema of the matrix file or of summary.json',
  description: 'Prints the JSON Schema of the matrix file. Editors use it to check and complete a matrix.',
  options: [['--summary', 'print the schema of summary.json instead, for programs that read it']],
  run: async (host, options) => (await import('../schema.ts')).schemaCommand(host, options),
};
