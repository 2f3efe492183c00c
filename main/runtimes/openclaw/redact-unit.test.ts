import { expect, test } from 'vitest'
import { redactUnit } from './redact-unit.ts'

const key = 'ab'.repeat(32)
const secret = 'never-shown-7f3a9c'

test.each<[string, string, string[]]>([
  ['a variable of a unit', `Environment=TOKEN=${secret} PATH=/usr/bin:/bin`, ['PATH=/usr/bin:/bin', 'TOKEN=#']],
  [
    'a quoted one',
    `Environment="SOME_NAME=${secret} and more" "HOME=/home/dana"`,
    ['"HOME=/home/dana"', 'SOME_NAME=#'],
  ],
  ['single quotes', `Environment='X=${secret}'`, ["'X=#"]],
  ['a quoted value', `Environment=X="${secret} b"`, ['X=#']],
  ['a flag', `ExecStart=/usr/bin/node openclaw gateway --port 18789 --token ${secret}`, ['--port 18789', '--token #']],
  ['a flag with a sign', `ExecStart=openclaw --auth-token=${secret}`, ['--auth-token=#']],
  ['a secret known from the config', `ExecStart=openclaw --name ${secret}`, ['--name #']],
  [
    'a property list',
    `<key>EnvironmentVariables</key>\n<dict>\n<key>HOME</key><string>/Users/dana</string>\n<key>ANY</key>\n<string>${secret}</string></dict>`,
    ['<string>/Users/dana</string>', '<string>#'],
  ],
  [
    'a flag of a property list',
    `<array><string>--password</string>\n<string>${secret}</string><string>--port</string><string>1</string></array>`,
    ['<string>--port</string><string>1</string>'],
  ],
  [
    'a batch file',
    `@echo off\r\nset "OPENCLAW_GATEWAY_TOKEN=${secret}"\r\nset PATH=C:\\Node\r\nnode x`,
    ['set PATH=C:\\Node', 'node x'],
  ],
  ['a place that holds a secret', 'Environment=TMPDIR=/x?token=sk-abcdefghijklmnopqrstuvwxyz', ['TMPDIR=#']],
])('%s', (_, text, shown) => {
  const redacted = redactUnit(text, key, [secret])
  expect(redacted).not.toContain(secret)
  expect(redacted).not.toContain('sk-abc')
  for (const part of shown) expect(redacted).toContain(part)
})

test('what holds no secret stays as it is', () => {
  const unit =
    '[Unit]\nDescription=OpenClaw Gateway\n\n[Service]\nExecStart=/usr/bin/node /x/openclaw.mjs gateway --port 18789\nRestart=always\n'
  expect(redactUnit(unit, key, [])).toBe(unit)
})

test('a text made to be slow is not', () => {
  for (const text of [
    `Environment=${'A=b '.repeat(20_000)}`,
    `Environment=${'"'.repeat(40_000)}`,
    '--a '.repeat(40_000),
    'A'.repeat(100_000),
  ])
    expect(redactUnit(text, key, []).length).toBeGreaterThan(0)
})
