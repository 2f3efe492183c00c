import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'ssh2'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { bootstrap, loadProgram } from '../onbox/bootstrap.ts'
import { type EmbeddedBox, startEmbeddedBox } from './embedded-box.ts'
import { ed25519 } from './keys.ts'
import type { Machine } from './machine.ts'

const clientKey = ed25519('test client')
const machine: Machine = {
  reach: 'answers',
  hostKey: 'host of the test',
  platform: 'darwin',
  hostName: 'test-mini.local',
  osName: 'macOS 26.1',
  osRelease: '25.1.0',
  arch: 'arm64',
  user: 'dana',
  node: { version: 'v24.16.0', path: '/opt/homebrew/bin/node' },
  bootedAtMs: Date.now() - 3_600_000,
  clockSkewMs: 7_200_000,
  disk: { freeBytes: 40_960, totalBytes: 4_096_000 },
  session: 'dana',
  encrypted: true,
  sleeps: false,
  users: [{ name: 'dana', uid: 501, isAdmin: true }],
  logins: [],
  running: [],
  commands: {},
}
const gateway = {
  running: true,
  port: 18789,
  pid: 412,
  startedAtMs: 1,
  version: '2026.9.6',
  answers: { '/readyz': { ready: true } },
}

let box: EmbeddedBox | undefined
let home = ''
async function start(changes: Partial<Machine> = {}): Promise<EmbeddedBox> {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'whd-')))
  mkdirSync(path.join(home, '.demo'))
  edit(changes)
  writeFileSync(path.join(home, '.demo/gateway.json'), JSON.stringify(gateway))
  const socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(home)}` : path.join(home, 's')
  box = await startEmbeddedBox({
    home,
    socketPath,
    user: 'dana',
    authorizedKey: clientKey.publicBlob,
    clock: systemClock,
  })
  return box
}
const edit = (changes: Partial<Machine>) =>
  writeFileSync(path.join(home, '.demo/system.json'), JSON.stringify({ ...machine, ...changes }))
afterEach(async () => {
  await box?.close()
  rmSync(home, { recursive: true, force: true })
})

async function connect(box: EmbeddedBox, options: { key?: string; user?: string; readyTimeout?: number } = {}) {
  const sock = await box.dial({ timeoutMs: 5000 })
  const client = new Client()
  let offered = ''
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).on('error', reject)
    client.connect({
      sock,
      username: options.user ?? 'dana',
      privateKey: options.key ?? clientKey.privateKey,
      readyTimeout: options.readyTimeout ?? 5000,
      hostVerifier: (key: Buffer) => {
        offered = key.toString('base64')
        return true
      },
    })
  })
  return { client, offered }
}

function run(
  client: Client,
  command: string,
  input: string,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error)
      let out = ''
      let err = ''
      let code: number | null = null
      channel.on('data', (chunk: Buffer) => {
        out += chunk.toString()
      })
      channel.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString()
      })
      channel.on('exit', (ended: number | null) => {
        code = ended
      })
      channel.on('close', () => resolve({ code, out, err }))
      channel.end(input)
    })
  })
}

const ask = async (client: Client, body: string): Promise<Record<string, unknown>> => {
  const program = `(async()=>{${body}})().then((v)=>process.stdout.write(JSON.stringify(v),()=>process.exit(0)))`
  const { out, err } = await run(client, `/opt/homebrew/bin/node -e "${bootstrap}"`, loadProgram(program, ''))
  if (err !== '') throw new Error(err)
  return JSON.parse(out)
}

test('shows its own host key, and the key of another seed after its file says so', async () => {
  const box = await start()
  const first = await connect(box)
  first.client.end()
  expect(first.offered).toBe(ed25519('host of the test').publicBlob)
  edit({ hostKey: 'a replaced one' })
  const second = await connect(box)
  second.client.end()
  expect(second.offered).toBe(ed25519('a replaced one').publicBlob)
})

test('lets in one key of one user', async () => {
  const box = await start()
  await expect(connect(box, { key: ed25519('a stranger').privateKey })).rejects.toThrow(/authentication/i)
  await expect(connect(box, { user: 'root' })).rejects.toThrow(/authentication/i)
})

test('answers for the made-up machine out of its files, and of this computer shows nothing', async () => {
  const { client } = await connect(await start())
  writeFileSync(path.join(home, 'kept.txt'), 'real')
  const found = await ask(
    client,
    `const os=require('node:os'),fs=require('node:fs'),cp=require('node:child_process');
     const run=(f,a)=>new Promise((r)=>cp.execFile(f,a,{},(e,o)=>r(e?String(e.code):o.trim())));
     const get=(p)=>new Promise((r)=>require('node:http').get({host:'127.0.0.1',port:p,path:'/readyz'},(s)=>{let t='';s.on('data',(c)=>{t+=c});s.on('end',()=>r(t))}).on('error',(e)=>r(e.code)));
     return {host:os.hostname(),platform:process.platform,node:process.version,skew:Date.now()-${Date.now()}>7_000_000,
       free:fs.statfsSync(os.homedir()).bavail,mine:fs.readFileSync(os.homedir()+'/kept.txt','utf8'),passwd:fs.existsSync('/etc/passwd'),
       vault:await run('/usr/bin/fdesetup',['status']),lacks:await run('ls',['/']),ready:await get(18789),closed:await get(22)}`,
  )
  client.end()
  expect(found).toEqual({
    host: 'test-mini.local',
    platform: 'darwin',
    node: 'v24.16.0',
    skew: true,
    free: 10,
    mine: 'real',
    passwd: false,
    vault: 'FileVault is On.',
    lacks: 'ENOENT',
    ready: '{"ready":true}',
    closed: 'ECONNREFUSED',
  })
})

test('a command it lacks, and any launcher once Node is gone, end with 127', async () => {
  const { client } = await connect(await start())
  expect(await run(client, 'uptime', '')).toEqual({ code: 127, out: '', err: 'sh: 1: uptime: not found\n' })
  edit({ node: null })
  expect(await run(client, `/opt/homebrew/bin/node -e "${bootstrap}"`, '')).toMatchObject({ code: 127 })
  client.end()
})

test('a program that throws ends with its error on stderr, and the box lives on', async () => {
  const { client } = await connect(await start())
  const crashed = await run(
    client,
    `/opt/homebrew/bin/node -e "${bootstrap}"`,
    loadProgram(`throw new Error('broken inside')`, ''),
  )
  expect(crashed.code).toBe(1)
  expect(crashed.err).toContain('broken inside')
  expect(await ask(client, 'return {still:1}')).toEqual({ still: 1 })
  client.end()
})

test('unreachable and refused are the errors of a network; hanging takes the connection and stays silent', async () => {
  const box = await start({ reach: 'unreachable' })
  await expect(box.dial({ timeoutMs: 1000 })).rejects.toMatchObject({ code: 'EHOSTUNREACH' })
  edit({ reach: 'refuses' })
  await expect(box.dial({ timeoutMs: 1000 })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  edit({ reach: 'hangs' })
  await expect(connect(box, { readyTimeout: 300 })).rejects.toThrow(/handshake/)
})
