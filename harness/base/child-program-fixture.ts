#!/usr/bin/env node
/** A program that speaks the call protocol in JSON lines, for the tests of `child.ts`. Not used by the product. */
import { createInterface } from 'node:readline';

const say = (answer: unknown) => process.stdout.write(`${JSON.stringify(answer)}\n`);

process.on('SIGINT', () => {});
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { call, name, argument } = JSON.parse(line);
    switch (name) {
      case 'echo':
        return say({ answer: call, value: argument });
      case 'known':
        return say({
          answer: call,
          error: { code: 'port-taken', message: 'Port 1 is taken.', hint: 'take 2' },
        });
      case 'babble':
        return process.stdout.write('no JSON\n');
      case 'die':
        process.stderr.write('last words\n');
        return process.exit(7);
      default:
        return say({ answer: call, error: { message: `No call "${name}" here` } });
    }
  })
  .on('close', () => process.exit(0));
