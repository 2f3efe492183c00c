import { defineConfig } from '@playwright/test'

/** `standin` runs everywhere; `desktop` needs Electron's own binary and a display. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'out/e2e',
  workers: 1,
  // As in vitest.config.ts: once more in CI, and `npm test` counts what needed it.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  projects: [
    { name: 'standin', testMatch: '*.spec.ts', testIgnore: '**/electron/**' },
    { name: 'desktop', testMatch: 'electron/*.spec.ts' },
  ],
})
