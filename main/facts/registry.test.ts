import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createRegistry, isDue, readPackageDocument } from './registry.ts'

const day = 86_400_000
const document = {
  'dist-tags': { latest: '2026.9.6', beta: '2026.9.7-beta.1' },
  time: {
    created: '2026-01-01T00:00:00.000Z',
    modified: '2026-11-20T00:00:00.000Z',
    '2026.9.5': '2026-11-06T00:00:00.000Z',
    '2026.9.6': '2026-11-13T00:00:00.000Z',
    '2026.9.7-beta.1': 'no date',
  },
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => new Promise((resolve) => server.close(() => resolve())))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/openclaw`
}
const ask = (url: string) => createRegistry(silentLog, systemClock, url).ask(new AbortController().signal)

test('the newest version and the publish times are read; anything else is not believed', () => {
  expect(readPackageDocument(document)).toEqual({
    newest: '2026.9.6',
    versions: [
      { version: '2026.9.5', publishedAtMs: Date.UTC(2026, 10, 6) },
      { version: '2026.9.6', publishedAtMs: Date.UTC(2026, 10, 13) },
      { version: '2026.9.7-beta.1', publishedAtMs: null },
    ],
  })
  for (const wrong of [null, [], 'x', {}, { 'dist-tags': {}, time: {} }, { 'dist-tags': { latest: 3 }, time: {} }])
    expect(readPackageDocument(wrong)).toBeNull()
})

test('one answer a day', () => {
  expect(isDue(null, 0)).toBe(true)
  expect(isDue(0, day - 1)).toBe(false)
  expect(isDue(0, day)).toBe(true)
  expect(isDue(2 * day, day + 1)).toBe(false)
})

test('a registry that answers, one that answers nonsense, one that is away', async () => {
  expect((await ask(await serve((_, response) => response.end(JSON.stringify(document)))))?.newest).toBe('2026.9.6')
  expect(await ask(await serve((_, response) => response.end('<html>')))).toBeNull()
  expect(await ask(await serve((_, response) => response.writeHead(503).end()))).toBeNull()
  expect(await ask(await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end()))).toBeNull()
  expect(await ask(await serve((request) => request.socket.destroy()))).toBeNull()
})

test('without an address of a registry nobody is asked', async () => {
  vi.stubEnv('WHEELHOUSE_REGISTRY', '')
  vi.stubEnv('npm_config_registry', '')
  const asked = vi.spyOn(globalThis, 'fetch')
  expect(await createRegistry(silentLog, systemClock).ask(new AbortController().signal)).toBeNull()
  expect(asked).not.toHaveBeenCalled()
  vi.stubEnv('WHEELHOUSE_REGISTRY', 'http://127.0.0.1:1/')
  expect(await createRegistry(silentLog, systemClock).ask(new AbortController().signal)).toBeNull()
  expect(asked).toHaveBeenCalledWith('http://127.0.0.1:1/openclaw', expect.anything())
  asked.mockRestore()
  vi.unstubAllEnvs()
})
