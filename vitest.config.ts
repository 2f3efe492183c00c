import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['main/**/*.test.ts', 'shared/**/*.test.ts', 'scripts/**/*.test.ts', 'renderer/**/*.test.ts'],
    globalSetup: ['./vitest.setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Real gateways, daemons and kills on a shared machine: once more where nobody watches. What is broken fails twice.
    retry: process.env.CI ? 1 : 0,
    // Tests talk to this computer only.
    env: { WHEELHOUSE_NO_REGISTRY: '1' },
  },
})
