import { expect, test } from 'vitest'
import { readSshCommand } from './paste.ts'

const read = (command: string) => readSshCommand(command, '/home/kit', 'kit')

test.each([
  ['ssh dana@10.0.0.5', { host: '10.0.0.5', user: 'dana', port: 22, auth: { kind: 'agent' } }],
  ['ssh peak-mini', { name: 'peak-mini', host: 'peak-mini', user: 'kit' }],
  [
    '$ ssh -p 2222 -i ~/.ssh/id_peak dana@peak.example.com',
    { port: 2222, auth: { kind: 'key', path: '/home/kit/.ssh/id_peak' }, host: 'peak.example.com' },
  ],
  ['ssh -tp2200 dana@peak', { port: 2200, host: 'peak' }],
  ['ssh dana@peak -p 2200', { port: 2200, host: 'peak' }],
  ['ssh -l dana peak', { user: 'dana', host: 'peak' }],
  ['ssh -l dana kevin@peak', { user: 'dana' }],
  ['ssh ssh://dana@peak.example.com:2200', { user: 'dana', host: 'peak.example.com', port: 2200 }],
  ['ssh ssh://[2001:db8::7]:2200', { host: '2001:db8::7', port: 2200 }],
  ['ssh dana@2001:db8::7', { host: '2001:db8::7', port: 22 }],
  ['ssh CORP\\\\dana@peak', { user: 'CORP\\\\dana' }],
  [
    'ssh -o Port=2200 -o "User dana" -oIdentityFile=~/.ssh/x -o HostName=10.0.0.9 peak',
    { name: 'peak', host: '10.0.0.9', port: 2200, user: 'dana', auth: { kind: 'key', path: '/home/kit/.ssh/x' } },
  ],
  [
    'C:\\Windows\\System32\\OpenSSH\\ssh.exe -i "C:\\Users\\Dana Bright\\.ssh\\id" dana@peak',
    { auth: { kind: 'key', path: 'C:\\Users\\Dana Bright\\.ssh\\id' } },
  ],
  ['ssh -o ServerAliveInterval=0 dana@peak', { keepAliveS: 0 }],
  ['dana@10.0.0.5', { host: '10.0.0.5', user: 'dana' }],
])('%s', (command, box) => {
  expect(read(command)).toMatchObject({ box, ignored: command.includes('-tp') ? [{ text: '-t' }] : [] })
})

test('jump hosts stay as typed, nearest first', () => {
  expect(read('ssh -J ops@bastion:2222,inner dana@10.0.0.5').hops).toEqual(['ops@bastion:2222', 'inner'])
  expect(read('ssh -o ProxyJump=none dana@10.0.0.5').hops).toEqual([])
})

test('whatever is not used is listed with its reason, never dropped', () => {
  const { ignored } = read(
    'sudo ssh -A -N -L 8080:localhost:80 -o StrictHostKeyChecking=no -o "ProxyCommand nc %h %p" -i a -i b dana@peak tail -f log',
  )
  expect(ignored.map((one) => one.text)).toEqual([
    'sudo',
    '-A',
    '-N',
    '-L 8080:localhost:80',
    '-o StrictHostKeyChecking=no',
    '-o ProxyCommand nc %h %p',
    '-i b',
    'tail -f log',
  ])
  expect(ignored.every((one) => one.reason.endsWith('.'))).toBe(true)
  expect(ignored.find((one) => one.text.includes('ProxyCommand'))?.reason).toContain('never run')
})

test.each([
  ['', 'names no machine'],
  ['ssh', 'names no machine'],
  ['ssh -p', 'needs a value'],
  ['ssh -p 99999 peak', 'not a port'],
  ['ssh -p 22 "pe ak"', 'no part of a name'],
  ['ssh dana@', 'not a machine'],
  ['ssh "$(reboot)"', 'no part of a name'],
  ['ssh -l -x peak', 'begins with a dash'],
])('%j is refused: %s', (command, part) => {
  expect(() => read(command)).toThrow(
    expect.objectContaining({
      fault: { code: 'invalid-input', field: 'command', detail: expect.stringContaining(part) },
    }),
  )
})

test.each(['rm -rf /', 'cat notes', 'sudo reboot', 'peak-mini'])('%j is no ssh command', (command) => {
  const word = command.split(' ')[0]
  expect(() => read(command)).toThrow(
    expect.objectContaining({
      fault: {
        code: 'invalid-input',
        field: 'command',
        detail: `“${word}” is neither ssh nor a machine. Paste the whole command, such as ssh -p 2222 dana@10.0.0.5.`,
      },
    }),
  )
})

test('without ssh in front, an address or a name of the own config is a machine', () => {
  expect(read('peak.example.com').box.host).toBe('peak.example.com')
  expect(read('-p 2222 dana@peak').box).toMatchObject({ host: 'peak', port: 2222 })
  expect(read('[2001:db8::7]').box.host).toBe('2001:db8::7')
})
