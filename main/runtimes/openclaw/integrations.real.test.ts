import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fakeSettings, startFakeProvider } from '../../testing/fake-provider.ts'
import { installOpenclaw, makeOpenclawHome, startGateway } from '../../testing/openclaw.ts'
import { readIntegrations } from './read-integrations.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wh-integrations-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A calendar program that works, and one that does not. */
function programs(bin: string): void {
  mkdirSync(bin, { recursive: true })
  const script = (name: string, text: string) => {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(path.join(bin, name), 0o755)
  }
  script('gog', 'echo "Lunch with Sam"')
  script('khal', 'echo "401 unauthorized: Sam" >&2; exit 3')
}

describe.each(['2026.9.6', '2026.6.11'] as const)('OpenClaw %s', (version) => {
  it('writes down what its tools did, and that is read without a word of it', { timeout: 400_000 }, async () => {
    const [install, provider] = await Promise.all([installOpenclaw(version), startFakeProvider()])
    const home = path.join(folder, version)
    const bin = path.join(home, 'bin')
    programs(bin)
    const port = await makeOpenclawHome(home, fakeSettings(provider.url, ['111']))
    const gateway = await startGateway(install, home, port)
    try {
      provider.command = `${bin}/gog calendar events; ${bin}/khal list`
      provider.message(111, 'what is on today')
      await expect.poll(() => provider.sent.length, { timeout: 120_000, interval: 500 }).toBeGreaterThan(0)
      const found = () =>
        readIntegrations(path.join(home, '.openclaw'), {}).map(
          ({ kind, name, workedAtMs, failuresSince, failure }) => ({
            is: `${kind}/${name}`,
            worked: workedAtMs !== null,
            failuresSince,
            failure,
          }),
        )
      await expect
        .poll(found, { timeout: 60_000, interval: 1000 })
        .toEqual([{ is: 'calendar/khal', worked: false, failuresSince: 1, failure: 'its login was refused' }])
      expect(JSON.stringify(readIntegrations(path.join(home, '.openclaw'), {}))).not.toContain('Sam')
    } finally {
      await gateway.stop()
      await provider.stop()
    }
  })
})
