import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { redactFully, redactLine } from './redact-line.ts'

const key = '5c'.repeat(32)
const otherKey = '7d'.repeat(32)
/** Every line here also proves that no rule would have changed what a look found harmless. */
const redact = (line: string): string => {
  const found = redactLine(line, key)
  if (found === line && redactFully(line, key) !== line) throw new Error(`passed by: ${line}`)
  return found
}

/** The same words in every dress a log has for them. */
const dresses: readonly (readonly [string, (words: string) => string])[] = [
  ['a service line', (words) => `2026-11-28T09:12:44.101Z [gateway] ${words}`],
  ['a bare line', (words) => words],
  [
    'the runtime’s JSON',
    (words) =>
      JSON.stringify({ 0: '{"subsystem":"gateway"}', 1: words, _meta: { logLevelName: 'INFO' }, message: words }),
  ],
  ['a field of a field', (words) => JSON.stringify({ 1: { error: { detail: words } }, message: 'request failed' })],
  ['JSON in a text of JSON', (words) => JSON.stringify({ 1: JSON.stringify({ detail: words }), level: 'warn' })],
  ['colours', (words) => `\u001b[31merror\u001b[39m ${words}`],
  ['a cut line', (words) => `{"0":"x","1":"${words}`],
]

const lower = 'k3v9qz1x7m2p8w4t6r0y5n'
/** 40 shapes of secrets: the words around, and what must not be seen. */
const planted: readonly (readonly [string, string, ...string[]])[] = [
  ['OpenAI key', 'using sk-proj-abc123DEF456ghi789JKL012mno345', 'abc123DEF456ghi789'],
  ['Anthropic key', 'key sk-ant-api03-Zk9vQxT2bLr8WmN4pYc6 refused', 'Zk9vQxT2bLr8WmN4pYc6'],
  ['GitHub token', 'push with ghp_16C7e42F292c6912E7710c838347Ae178B4a', '16C7e42F292c6912E7710c838347Ae178B4a'],
  ['GitHub fine-grained', 'github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwx', 'ABCDEFG0abcdefghijkl'],
  ['GitLab token', 'glpat-Zx81kQwT5yLmN0pRvS2u', 'Zx81kQwT5yLmN0pRvS2u'],
  // Put together here, for a scanner of repositories would take it for a real one.
  ['Slack bot token', `joined with ${'xoxb'}-2048123456-3091123456-AbCdEfGhIjKlMnOpQr`, 'AbCdEfGhIjKlMnOpQr'],
  [
    'Slack web hook',
    `https://hooks.slack.com/${'services'}/T0AB12CD3/B0EF45GH6/q1W2e3R4t5Y6u7I8o9P0`,
    'q1W2e3R4t5Y6u7I8o9P0',
  ],
  [
    'Discord web hook',
    'https://discord.com/api/webhooks/1098765432109876543/Qw3rTy_uI0pAsD-fGhJkL',
    'Qw3rTy_uI0pAsD-fGhJkL',
  ],
  ['Telegram bot token', 'getMe 7412583690:AAF1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q', 'AAF1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'],
  [
    'Telegram address',
    'POST https://api.telegram.org/bot7412583690:AAF1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q/sendMessage',
    'AAF1b2C3d4E5f6',
  ],
  ['AWS key id', 'AKIAIOSFODNN7EXAMPLE was used', 'AKIAIOSFODNN7EXAMPLE'],
  ['AWS secret', 'aws wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'wJalrXUtnFEMI', 'bPxRfiCYEXAMPLEKEY'],
  ['Google key', 'maps AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY', 'AIzaSyD-9tSrke72PouQMnMX'],
  ['Google access token', 'ya29.a0AfH6SMBx7Zk9vQxT2bLr8WmN4p', 'a0AfH6SMBx7Zk9vQxT2b'],
  ['Facebook token', 'EAABsbCS1iHgBAKZCZAZBw4Zk9vQxT2bLr8WmN4pYc6', 'bCS1iHgBAKZCZAZBw4'],
  ['SendGrid key', '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', 'ngeVfQFYQlKU0ufo8x5d1A'],
  [
    'JWT',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P',
    'eyJzdWIiOiIxMjM0NTY3ODkwIn0',
    'dozjgNryP4J3jVmNHl0w5N',
  ],
  ['bearer', 'Authorization: Bearer 9f86d081884c7d65', '9f86d081884c7d65'],
  ['basic', 'Authorization: Basic ZGFuYTpodW50ZXIy', 'ZGFuYTpodW50ZXIy'],
  ['cookie', 'Cookie: theme=dark; connect.sid=s%3Aq1W2e3R4.t5Y6', 's%3Aq1W2e3R4', 't5Y6'],
  ['set cookie', 'Set-Cookie: sid=q1W2e3R4t5; Path=/; HttpOnly', 'q1W2e3R4t5'],
  ['header of a key', 'X-Api-Key: q1w2e3r4', 'q1w2e3r4'],
  ['password', 'password=hunter2', 'hunter2'],
  ['password in words', 'the password is hunter2!', 'hunter2'],
  ['passphrase', "passphrase: 'correct horse battery staple'", 'horse', 'staple'],
  ['PIN', 'PIN: 4829', '4829'],
  ['one-time code', 'verification code: 482913', '482913'],
  ['pairing code', 'Pairing code: TRPJUT3R', 'TRPJUT3R'],
  ['variable', 'OPENAI_API_KEY=q1w2e3r4t5', 'q1w2e3r4t5'],
  ['variable of a shell', 'export CRM_CLIENT_SECRET=q1w2e3r4t5 && run', 'q1w2e3r4t5'],
  ['argument', 'started with --token q1w2e3r4t5 --port 18789', 'q1w2e3r4t5'],
  ['argument of curl', 'curl -u dana:hunter2 https://crm.example.com', 'hunter2'],
  ['login in an address', 'postgres://dana:hunter2@db.example.com/crm', 'hunter2'],
  ['key in an address', 'GET https://api.example.com/v1/leads?limit=20&api_key=q1w2e3r4t5', 'q1w2e3r4t5'],
  ['signed address', 'https://b.s3.amazonaws.com/f?X-Amz-Signature=0a1b2c3d4e5f', '0a1b2c3d4e5f'],
  ['code of a login', 'GET /callback http://127.0.0.1:1455/auth?code=4%2F0AbCDeFgHi&scope=mail', '0AbCDeFgHi'],
  ['card', 'paid with 4111 1111 1111 1111 today', '4111 1111 1111', '1111'],
  ['card without spaces', 'card 5555555555554444', '5555555555554444'],
  [
    'private key',
    '-----BEGIN RSA PRIVATE KEY----- MIIEowIBAAKCAQEA1 -----END RSA PRIVATE KEY-----',
    'MIIEowIBAAKCAQEA1',
  ],
  ['unknown key', `shop ${lower}`, lower],
  [
    'unknown key in hex',
    'gateway token 3f786850e387550fdab836ed7e6dc881de23001b',
    '3f786850e387550fdab836ed7e6dc881de23001b',
  ],
  ['what somebody wrote', 'text="see you at nine, Dana"', 'nine'],
  ['a mail', 'Subject: Offer for 12 Elm Street, second visit', 'Elm', 'visit'],
]

describe.each(dresses)('in %s', (_, dress) => {
  test.each(planted)('%s is not seen', (_name, words, ...secrets) => {
    const found = redact(dress(words))
    for (const secret of secrets) expect(found).not.toContain(secret)
  })
})

test('at least 40 shapes are planted', () => expect(planted.length).toBeGreaterThanOrEqual(40))

test.each([
  [{ password: 'correcthorse' }, 'correcthorse'],
  [{ password: 12345678 }, '12345678'],
  [{ headers: { Authorization: 'Token q1w2' } }, 'q1w2'],
  [{ headers: [{ name: 'X-Api-Key', value: 'q1w2e3r4' }] }, 'q1w2e3r4'],
  [{ env: { ANY_NAME: 'q1w2e3r4' } }, 'q1w2e3r4'],
  [{ argv: ['node', '--token', 'q1w2e3r4'] }, 'q1w2e3r4'],
  [{ credentials: { user: 'dana', value: 'hunter2' } }, 'hunter2'],
  [{ card: 4111111111111111 }, '4111111111111111'],
  [{ body: 'Dear Dana, the keys are under the mat.' }, 'mat'],
  [{ content: [{ type: 'text', text: 'see you' }] }, 'see you'],
  [{ senderName: 'Dana Bright' }, 'Dana B'],
])('a field of JSON: %j', (fields, secret) => {
  const found = redact(JSON.stringify({ 1: fields, message: 'x' }))
  expect(found).not.toContain(secret)
  expect(() => JSON.parse(found)).not.toThrow()
})

test('a field that is there twice hides its secret in both', () => {
  expect(redact('{"password":"hunter2","password":""}')).not.toContain('hunter2')
})

test('a secret between marks that cannot be seen is found', () => {
  expect(redact('token=hun\u200bter\u202e22\u2069')).not.toMatch(/hun|ter/)
  expect(redact('sk-proj-abc123\u001b[1mDEF456ghi789JKL\u001b[0m012mno')).not.toContain('DEF456ghi789JKL')
})

describe('people', () => {
  const phone = /⟨phone ([0-9a-f]{8})…567⟩/
  const numberIn = (line: string, shown = phone): string => shown.exec(redact(line))?.[1] ?? `nobody in ${redact(line)}`

  test('one person stays one person, in every way of writing the number', () => {
    const one = numberIn('call from +1 555 123 4567')
    for (const line of [
      'sent to +15551234567',
      'whatsapp:+15551234567 joined',
      'reply to (555) 123-4567 failed',
      'phone 555-123-4567',
      '{"1":{"phone":"+1-555-123-4567"}}',
      '{"1":{"phoneNumber":15551234567}}',
      'jid 15551234567@s.whatsapp.net',
    ])
      expect(numberIn(line), line).toBe(one)
    expect(numberIn('call from +1 555 999 4567')).not.toBe(one)
    expect(redactLine('call from +1 555 123 4567', otherKey)).not.toContain(one)
  })

  test('an address keeps its last three characters', () => {
    expect(redact('mail from Dana.Bright@example.com')).toMatch(/^mail from ⟨mail [0-9a-f]{8}…com⟩$/)
    expect(redact('mail from dana.bright@EXAMPLE.com')).toContain(redact('dana.bright@example.com').slice(6, 14))
  })

  test('a messenger’s handle is one person in lines and session keys', () => {
    const found = redact('[telegram] Inbound message telegram:7412345 -> @bot (direct, 15 chars)')
    expect(found).toMatch(/^\[telegram] Inbound message telegram:⟨id [0-9a-f]{8}…345⟩ -> @bot \(direct, 15 chars\)$/)
    const id = /⟨id ([0-9a-f]{8})/.exec(found)?.[1] ?? ''
    for (const line of [
      'sessionKey=agent:main:telegram:direct:7412345',
      'outbound send ok accountId=default chatId=7412345',
      '{"1":{"chat_id":7412345}}',
      '{"1":{"senderId":"7412345"}}',
    ])
      expect(redact(line), line).toContain(`⟨id ${id}…345⟩`)
  })
})

test('of a debug line the program’s own words stay', () => {
  const line = (level: string) =>
    JSON.stringify({
      0: '{"subsystem":"agent"}',
      1: { runId: 'r-1', model: 'gpt-5', prompt: 'you are Dana’s helper', tokens: 1200 },
      2: 'calling the model with "what are the opening hours"',
      _meta: { logLevelName: level },
    })
  const quiet = redact(line('DEBUG'))
  expect(quiet).toContain('calling the model with')
  expect(quiet).toContain('"model":"gpt-5"')
  expect(quiet).toContain('"tokens":1200')
  expect(quiet).not.toMatch(/opening hours|Dana/)
  expect(redact(line('INFO'))).toContain('opening hours')
})

test('what was redacted stays as it is', () => {
  for (const [, dress] of dresses)
    for (const [, words] of planted) {
      const once = redact(dress(words))
      expect(redact(once)).toBe(once)
    }
})

/** Numbers that are the same in every run. */
function dice(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const upTo = (most: number): number => Math.floor(next() * most)
  return {
    upTo,
    between: (least: number, most: number): number => least + upTo(most - least + 1),
    of: <T>(list: readonly T[]): T => list[upTo(list.length)] as T,
    text: (alphabet: string, length: number): string =>
      Array.from({ length }, () => alphabet[upTo(alphabet.length)]).join(''),
  }
}

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const small = capitals.toLowerCase()
const digits = '0123456789'
const hex = '0123456789abcdef'

test('secrets that no list names are not seen: 6 000 of a seeded generator', () => {
  const { of, between, text } = dice(20261128)
  const alphabets = [
    capitals + small + digits,
    `${capitals + small + digits}-_`,
    `${capitals + small + digits}+/`,
    small + digits,
    `${capitals}234567`,
  ]
  const secretNames = [
    'acmeApiToken',
    'ACME_SECRET',
    'clientSecret',
    'x-acme-auth-token',
    'dbPassword',
    'signing_key',
    'refresh_token',
    'app-password',
  ]
  const bare = (secret: string) =>
    of([
      `connected with ${secret}`,
      `response 401 for ${secret}, trying again`,
      `[acme] (${secret}) rejected`,
      `arg0 "${secret}" arg1`,
      JSON.stringify({ 1: { detail: secret }, message: 'x' }),
      JSON.stringify({ 1: `refused: ${secret}` }),
      JSON.stringify({ 1: JSON.stringify({ a: [secret] }) }),
      `https://api.example.com/v2/${secret}/leads`,
      `https://api.example.com/v2/leads?x=${encodeURIComponent(secret)}`,
      `2026-11-28 09:12:44 ERROR ${secret}`,
    ])
  const named = (name: string, secret: string) =>
    of([
      `${name}=${secret}`,
      `${name}: "${secret}"`,
      `"${name}":"${secret}"`,
      `{'${name}': '${secret}'}`,
      `--${name} ${secret}`,
      JSON.stringify({ 1: { [name]: secret }, message: 'x' }),
      JSON.stringify({ 1: JSON.stringify({ [name]: secret }) }),
      JSON.stringify({ 1: `failed with \\"${name}\\":\\"${secret}\\"` }),
      `https://api.example.com/v2/leads?${name}=${encodeURIComponent(secret)}`,
    ])
  const missed: string[] = []
  for (let count = 0; count < 6000; count++) {
    const isNamed = count % 3 === 0
    const isHex = count % 10 === 1
    const length = isNamed ? between(8, 48) : isHex ? of([32, 40, 48, 64]) : between(24, 72)
    const secret = isHex
      ? text(hex, length)
      : `${text(small + digits, 1)}${text(of(alphabets), length - 2)}${text(digits, 1)}`
    const line = isNamed ? named(of(secretNames), secret) : bare(secret)
    const found = redact(line)
    if (found.includes(secret) || found.includes(secret.slice(0, 12)) || found.includes(secret.slice(-12)))
      missed.push(line)
  }
  expect(missed).toEqual([])
}, 60_000)

test('harmless lines stay byte for byte', () => {
  const { of, between, text, upTo } = dice(7)
  const uuid = () => [8, 4, 4, 4, 12].map((length) => text(hex, length)).join('-')
  const sha = () => text(hex, 40)
  const at = () => new Date(1_795_000_000_000 + upTo(2_000_000_000)).toISOString()
  const word = () =>
    of([
      'gateway',
      'telegram',
      'reload',
      'cron',
      'heartbeat',
      'plugins',
      'memory',
      'agent',
      'browser',
      'shutdown',
      'session',
      'channel',
      'health-monitor',
    ])
  const path = () =>
    `/${of(['home/dana', 'Users/dana', 'opt/homebrew', 'var/lib'])}/.openclaw/${of(['agents/main/sessions', 'logs/stability', 'state', 'workspace/skills/followupboss'])}/${of([uuid(), word(), 'openclaw.sqlite', `${word()}-CqpC4la9.mjs:229:24`])}`
  const words: readonly (() => string)[] = [
    () => `gateway ready (pid ${between(2, 99_999)}, ${between(1, 40)} plugins; ${between(1, 9)}.${upTo(9)}s)`,
    () => `config change detected; evaluating reload (channels.${word()}.allowFrom, gateway.auth.token)`,
    () =>
      `run ${uuid()} finished in ${between(10, 90_000)} ms: tokens=${between(1, 9000)} maxTokens=${between(1, 9000)} cost=0.00${between(10, 99)}`,
    () => `fetched origin/main: ${text(hex, 9)}..${text(hex, 9)}, HEAD is now at ${sha()}`,
    () => `commit ${sha()} built from ${sha()}`,
    () => `sha256:${text(hex, 64)} verified, size ${between(1, 99_999_999)} bytes`,
    () =>
      `wrote stability bundle: ${path()}/openclaw-stability-${at().replace(/[:.]/g, '-')}-${between(10, 99_999)}-gateway.crash_loop_breaker.json`,
    () => `Error: getaddrinfo ENOTFOUND catalog.openclaw.ai\\n    at GetAddrInfoReqWrap.onlookupall (node:dns:122:26)`,
    () => `at resolvePreferredOpenClawTmpDir (file://${path()})`,
    () => `started (interval: ${between(1, 900)}s, startup-grace: 60s, channel-connect-grace: 120s)`,
    () => `listening on http://127.0.0.1:${between(1024, 65_535)}/healthz and ws://[::1]:${between(1024, 65_535)}`,
    () =>
      `remote model catalog refresh failed: https://catalog.openclaw.ai/v1/models?limit=${between(1, 500)} answered ${of([401, 403, 429, 500, 503])}`,
    () =>
      `401 invalid api key; auth profile openai:default cooling down for ${between(1, 900)}s (authMode=api-key tokenSource=env)`,
    () =>
      `requestId=${of(['req_', 'msg_', 'chatcmpl-'])}${text(capitals + small + digits, 24)} traceId=${text(hex, 32)} spanId=${text(hex, 16)}`,
    () =>
      `bytes ${between(1, 9999)}-${between(10_000, 999_999)} of ${between(1_000_000, 99_999_999)}; at ${1_795_000_000_000 + upTo(2_000_000_000)}`,
    () => `token refreshed, expires in ${between(60, 9000)} s; password: required; cookie: none; tokens: 12.4k`,
    () =>
      `${word()}: version 2026.${between(1, 12)}.${between(1, 30)} on Node v24.${between(1, 21)}.0, ${between(1, 300)}.${between(1, 9)} MB of ${between(1, 64)} GB`,
    () =>
      `npm install @openclaw/imessage@2026.9.${between(1, 9)} integrity sha512-${text(capitals + small + digits, 86)}==`,
    () =>
      `unit user@1000.service of git@github.com:example/openclaw.git: ${between(1, 400)} commits behind since ${at().slice(0, 10)}`,
    () =>
      `sessionKey=agent:main:main sessionId=${uuid()} lane=main queueDepth=${between(0, 9)} durationMs=${between(1, 90_000)}`,
    () =>
      `restart-loop breaker tripped: ${between(3, 9)} unclean boot(s) within 300000ms; suppressing channel/provider account auto-start`,
    () =>
      `192.168.${between(0, 255)}.${between(1, 254)} - - [28/Nov/2026:09:12:44 +0000] "GET /readyz HTTP/1.1" 200 ${between(10, 9999)} "-" "curl/8.5.0"`,
    () => `window ${at()}/${at()} offset -07:00 score 0.${between(10_000, 99_999)} 12:30:45.123 08.05.2026 12:30`,
  ]
  const levels = ['INFO', 'WARN', 'ERROR', 'FATAL']
  const dress = (line: string): string =>
    of([
      () => line,
      () => `${at()} [${word()}] ${line}`,
      () => `\u001b[36m[${word()}]\u001b[39m ${line}`,
      () => {
        const name = JSON.stringify({ subsystem: `${word()}/${word()}` })
        const level = of(levels)
        return JSON.stringify({
          0: name,
          1: {
            jobId: uuid(),
            attempt: between(1, 9),
            error: line,
            usage: { inputTokens: between(1, 9000), output: 12 },
          },
          2: line,
          _meta: {
            runtime: 'node',
            hostname: 'front-desk',
            date: at(),
            logLevelName: level,
            name,
            parentNames: ['openclaw'],
          },
          time: at().replace('Z', '+00:00'),
          hostname: 'front-desk',
          message: line,
        })
      },
      () =>
        `{ "level" : "info",  "n": 1.50e3, "deep": {"a":[1, 2,{"b":null}]}, "msg":"${line.replace(/["\\]/g, '\\$&')}" }`,
    ])()
  const changed: string[] = []
  const lines = 24_000
  for (let count = 0; count < lines; count++) {
    const line = dress(of(words)())
    const found = redact(line)
    if (found !== line) changed.push(`${line}\n  ${found}`)
  }
  process.stdout.write(`harmless lines: ${lines}, changed: ${changed.length}\n`)
  expect(changed.slice(0, 5)).toEqual([])
  expect(changed.length).toBeLessThan(lines / 1000)
}, 60_000)

/** The gateway hides the end of an id by itself: `conn=0c1bbbc2-3ea8-4322-b5***`. */
test('the beginning of an id, cut anywhere, stays byte for byte', () => {
  const changed = Array.from({ length: 3000 }, (_, count) =>
    createHash('sha256').update(String(count)).digest('hex').slice(0, 32),
  )
    .map((hex) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'))
    .map((id, count) => `closed before connect conn=${id.slice(0, 19 + (count % 17))}*** remote=127.0.0.1`)
    .filter((line) => redact(line) !== line)
  expect(changed).toEqual([])
})

test('hostile lines end: a square of their length would take hours', () => {
  const pieces = [
    'a',
    '=',
    ':',
    '"',
    "'",
    ' ',
    '@',
    '-',
    '+1',
    '0 1 ',
    'token',
    'token=',
    'token:',
    'token: "',
    '--token ',
    'https://',
    'a@a.',
    '[',
    '{',
    '{"a":',
    '\\',
    '\\"',
    'Bearer ',
    'pin ',
    '-----BEGIN RSA PRIVATE KEY-----',
    'eyJ',
    'text="',
    'text=',
    '4111 ',
    '\u001b[',
    '⟨secret ',
    '⟨',
    'telegram:',
    'phone ',
    '%2F',
    '<key>',
  ]
  for (const piece of pieces) {
    const line = piece.repeat(Math.ceil(400_000 / piece.length))
    expect(redact(line).length, JSON.stringify(piece)).toBeGreaterThan(0)
  }
}, 60_000)
