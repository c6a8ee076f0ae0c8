/** `idlerace list`, declared. */
import type { CommandDeclaration } from './command-declaration.ts';

export const list: CommandDeclaration = {
  name: 'list',
  summary: 'list strategies, clients, targets, balancers or traffic kinds',
  description: 'Lists what a matrix file can name: strategies, clients, targets, balancers or traffic kinds.',
  argument: ['<topic>', 'strategies, clients, targets, balancers or traffic'],
  run: async (host, _, topic) => (await import('../list.ts')).listCommand(host, topic),
};
