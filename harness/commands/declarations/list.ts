/** The declaration of `idlerace list`. */
import type { CommandDeclaration } from './command-declaration.ts';

export const list: CommandDeclaration<{ for?: string }> = {
  name: 'list',
  summary: 'list strategies, clients, targets, balancers, or traffic kinds',
  description:
    'Lists what a matrix file can name: strategies, clients, targets, balancers, or traffic kinds.',
  argument: ['<topic>', 'strategies, clients, targets, balancers, or traffic'],
  options: [['--for <client>', 'with strategies: show which of them this client can carry out']],
  run: async (host, options, topic) =>
    (await import('../list.ts')).listCommand(host, topic, options.for ?? null),
};
