import { describe, expect, it } from 'vitest'
import { canonicalFingerprint, fingerprintOf, redact } from './redact.ts'

const key = '0f'.repeat(32)

describe('redaction', () => {
  it.each([
    ['gateway token', { gateway: { auth: { token: 's3cret-value' } } }],
    ['password', { gateway: { auth: { password: 's3cret-value' } } }],
    ['bot token', { channels: { telegram: { botToken: 's3cret-value' } } }],
    ['account token', { channels: { telegram: { accounts: { shop: { botToken: 's3cret-value' } } } } }],
    ['provider key', { models: { providers: { x: { apiKey: 's3cret-value' } } } }],
    ['header', { models: { providers: { x: { headers: { 'X-Team': 's3cret-value' } } } } }],
    ['environment', { env: { vars: { ANYTHING: 's3cret-value' } } }],
    ['skill environment', { skills: { entries: { gog: { env: { ACCOUNT: 's3cret-value' } } } } }],
    ['in a list', { mcp: { servers: { a: { headers: { Cookie: ['s3cret-value'] } } } } }],
    ['in a URL', { mcp: { servers: { a: { url: 'https://u:s3cret-value@host/x' } } } }],
    ['by its looks', { anything: { note: 'sk-s3cret-value-0123456789abcdef' } }],
    ['a bot token by its looks', { anything: { note: '123456789:AAs3cret-valueXXXXXXXXXXXXXXXXXXXXXXXX' } }],
  ])('takes the %s', (_, settings) => {
    expect(JSON.stringify(redact(settings, key))).not.toContain('s3cret-value')
  })

  it.each([
    { agents: { defaults: { maxTokens: 4000, contextTokens: 64_000 } } },
    { gateway: { auth: { mode: 'token' } } },
    { channels: { imessage: { allowFrom: ['+15550001'], dmPolicy: 'allowlist' } } },
    { gateway: { auth: { token: `\${GATEWAY_TOKEN}` } } },
    { models: { providers: { x: { apiKey: { source: 'env', provider: 'default', id: 'X_KEY' } } } } },
    { channels: { telegram: { botToken: '' } } },
  ])('leaves %j', (settings) => {
    expect(redact(settings, key)).toEqual(settings)
  })

  it('shows that a secret changed and nothing about it', () => {
    const of = (token: string) => JSON.stringify(redact({ token }, key))
    expect(of('a')).not.toBe(of('b'))
    expect(of('a')).toBe(of('a'))
    expect(fingerprintOf(key, 'a')).toMatch(/^#[0-9a-f]{12}$/)
    expect(fingerprintOf('aa'.repeat(32), 'a')).not.toBe(fingerprintOf(key, 'a'))
  })
})

describe('the fingerprint of a config', () => {
  it('does not follow order, nor the stamps of the runtime', () => {
    const one = canonicalFingerprint({ a: 1, b: { c: [1, 2], d: 'x' }, meta: { lastTouchedVersion: '1' } }, key)
    expect(
      canonicalFingerprint(
        { wizard: { at: 3 }, b: { d: 'x', c: [1, 2] }, a: 1, meta: { lastTouchedVersion: '2' } },
        key,
      ),
    ).toBe(one)
    expect(canonicalFingerprint({ a: 1, b: { c: [2, 1], d: 'x' } }, key)).not.toBe(one)
  })

  it('follows a secret', () => {
    expect(canonicalFingerprint({ token: 'a' }, key)).not.toBe(canonicalFingerprint({ token: 'b' }, key))
  })
})
