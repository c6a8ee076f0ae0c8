import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{harness,strategies,results,reports,scripts,test}/**/*.test.ts'],
    // Two cores: end-to-end files spawn processes of their own and must not share them.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
