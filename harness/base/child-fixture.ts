/** A child for the tests of `child.ts`: answers, throws, dies, or stays. Not used by the product. */
import { answerParent } from './answer-parent.ts';
import { HarnessError } from './errors.ts';

answerParent({
  echo: (argument: unknown) => argument,
  known: () => {
    throw new HarnessError('port-taken', 'Port 1 is taken.', { hint: 'take 2' });
  },
  unknown: () => {
    throw new Error('a bug');
  },
  die: () => {
    process.stderr.write('last words\n');
    process.exitCode = 7;
    process.disconnect();
    setImmediate(() => process.kill(process.pid, 'SIGTERM'));
  },
  hang: () => new Promise(() => {}),
});
