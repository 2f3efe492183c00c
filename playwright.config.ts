import { defineConfig } from '@playwright/test'

/** `standin` runs everywhere; `desktop` needs Electron's own binary and a display. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'out/e2e',
  workers: 1,
  // Once more where nobody watches: `npm test` counts what needed it, as of the other tests (scripts/go/test.mjs).
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
