import { defineConfig } from 'vitest/config';

const rooms = '{harness,strategies,results,reports,scripts}/**/*.test.ts';

export default defineConfig({
  test: {
    // Two cores. End-to-end files spawn processes of their own: one at a time, after all others.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [rooms, 'test/*.test.ts', 'test/golden/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
