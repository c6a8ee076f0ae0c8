import { expect, test } from 'vitest';
import { settingsPage } from './settings-page.ts';

const one = { id: 'go', title: 'Go', language: 'go', notes: ['retry.on: too much'], text: 'package x\n' };

test('settingsPage() puts the command and the notes before the text, as comments of its language', () => {
  expect(settingsPage([one], (id) => `idlerace settings evict --for ${id}`)).toBe(
    '// Go, by: idlerace settings evict --for go\n// - retry.on: too much\n\npackage x\n',
  );
});

test('settingsPage() leaves an empty line between two', () => {
  const other = { ...one, id: 'alb', title: 'ALB', language: 'sh', notes: [], text: 'aws\n' };
  expect(settingsPage([one, other], (id) => id)).toContain('package x\n\n# ALB, by: alb\n\naws\n');
});
