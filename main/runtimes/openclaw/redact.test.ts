import { describe, expect, it } from 'vitest'
import { maskText } from '../secret-text.ts'
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
    ['list of tokens', { gateway: { extraTokens: ['s3cret-value'] } }],
    ['number', { gateway: { auth: { password: 903_417_552 } } }, '903417552'],
    ['pin', { channels: { signal: { pin: 903_417 } } }, '903417'],
    ['key with a dash', { tools: { 'api-key': 's3cret-value' } }],
    ['access key', { tools: { accessKey: 's3cret-value' } }],
    ['object under a secret key', { tools: { apiKey: { plain: 's3cret-value' } } }],
    ['false reference', { tools: { apiKey: { source: 'env', id: 'X', value: 's3cret-value' } } }],
    ['argument behind its flag', { mcp: { servers: { a: { args: ['--api-key', 's3cret-value'] } } } }],
    ['argument with its flag', { mcp: { servers: { a: { args: ['--token=s3cret-value'] } } } }],
    ['assignment in a list', { sandbox: { docker: { environment: ['OPENAI_API_KEY=s3cret-value'] } } }],
    ['parameter of a URL', { mcp: { servers: { a: { url: 'https://host/x?region=eu&api_key=s3cret-value' } } } }],
    ['login of a URL', { plugins: { source: 'git+https://s3cret-value@host/x.git' } }],
    ['web hook', { hooks: { post: 'https://hooks.slack.com/services/T01/B02/s3cret-value' } }],
    ['long path of a URL', { hooks: { post: 'https://host/in/s3cret-value0123456789abcdef0123456789' } }],
    ['command line', { hooks: { run: 'curl -H "Authorization: Bearer s3cret-value" https://host' } }],
    ['text around it', { note: 'use sk-s3cret-value-0123456789abcdef for tests' }],
    ['name of a key', { seen: { 'sk-s3cret-value-0123456789abcdef': true } }],
    ['a bot token by its looks', { anything: { note: '123456789:AAs3cret-valueXXXXXXXXXXXXXXXXXXXXXXXX' } }],
  ])('takes the %s', (_, settings, secret = 's3cret-value') => {
    expect(JSON.stringify(settings)).toContain(secret)
    expect(JSON.stringify(redact(settings, key))).not.toContain(secret)
  })

  it.each([
    { agents: { defaults: { maxTokens: 4000, contextTokens: 64_000 } } },
    { gateway: { auth: { mode: 'token' } } },
    { channels: { imessage: { allowFrom: ['+15550001'], dmPolicy: 'allowlist' } } },
    { gateway: { auth: { token: `\${GATEWAY_TOKEN}` } } },
    { models: { providers: { x: { apiKey: { source: 'env', provider: 'default', id: 'X_KEY' } } } } },
    { channels: { telegram: { botToken: '' } } },
    { mcp: { servers: { a: { command: 'npx', args: ['-y', '--port', '8080', '@scope/server'] } } } },
    { models: { providers: { x: { baseUrl: 'https://api.example.com/v1?region=eu' } } } },
    { agents: { list: [{ id: 'main', workspace: '~/clawd', model: 'anthropic/claude-opus-4' }] } },
    { auth: { profiles: { 'anthropic:default': { provider: 'anthropic', mode: 'oauth' } } } },
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

describe('words of a program', () => {
  const mask = (text: string, ...known: string[]) => maskText(text, known, () => '#')

  it.each([
    ['401 Incorrect API key provided: sk-abcdefghijklmnop1234', '401 Incorrect API key provided: #'],
    ['the token hunter2hunter2 was refused', 'the token # was refused'],
    ['GET https://host/x?key=abcdef failed', 'GET # failed'],
    ['cannot parse password=abcdef, line 3', 'cannot parse #, line 3'],
    ['Cannot read /home/a/.openclaw/openclaw.json', 'Cannot read /home/a/.openclaw/openclaw.json'],
    ['gateway.auth.token: expected string', 'gateway.auth.token: expected string'],
  ])('%s', (text, masked) => expect(mask(text, 'hunter2hunter2', '/home/a', 'short')).toBe(masked))

  it('are read in time that grows with their length', () => {
    for (const piece of ['-eyJ', '://a@', '?token', '.sk-', '1:', '-----BEGIN ']) mask(piece.repeat(100_000))
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
