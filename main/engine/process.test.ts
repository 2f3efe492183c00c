import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { tempDir } from '../testing/temp-store.ts'

/** Plays Electron main to an engine process: the same messages, over an imitation of its parent port. */
const host = (dataDir: string, play: string) => `
  import { EventEmitter } from 'node:events'
  import { MessageChannel } from 'node:worker_threads'
  import { createORPCClient, safe } from '@orpc/client'
  import { RPCLink } from '@orpc/client/message-port'
  const toEngine = new EventEmitter()
  const said = new EventEmitter()
  process.parentPort = { on: (event, listener) => toEngine.on(event, listener), postMessage: (message) => { said.emit('message', message); said.emit(message.kind, message) } }
  const post = (data, ports = []) => toEngine.emit('message', { data, ports })
  const engineSide = (port) => ({
    on: (event, listener) => port.on(event, event === 'message' ? (data) => listener({ data }) : () => listener()),
    postMessage: (data) => port.postMessage(data),
    start: () => port.start(),
  })
  const connect = () => {
    const { port1, port2 } = new MessageChannel()
    post({ kind: 'port' }, [engineSide(port1)])
    const client = createORPCClient(new RPCLink({ port: port2 }))
    port2.start()
    return client
  }
  process.argv.push(JSON.stringify({ dataDir: ${JSON.stringify(dataDir)}, version: '9.9.9', demo: false, readOnly: false, keychain: { available: true, why: '' } }))
  const { runEngineProcess } = await import('${moduleUrl('main/engine/process.ts')}')
  const ready = new Promise((resolve) => said.once('ready', resolve))
  const running = runEngineProcess()
  ${play}
`

const played = async (play: string) => {
  const dataDir = tempDir()
  try {
    const script = spawnScript(host(dataDir, play))
    const text = await script.says('PLAYED')
    return { text, ended: await script.ended }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

test('a port handed over before the engine is up is served once it is, and the word to stop ends the process', async () => {
  const { text, ended } = await played(`
    const early = connect()
    const state = early.app.state()
    post({ kind: 'nonsense' }); post('x'); post(null)
    await ready
    console.log((await state).version, (await connect().app.state()).keychain.available)
    post({ kind: 'power', event: 'suspend' }); post({ kind: 'power', event: 'resume' })
    console.log('PLAYED')
    post({ kind: 'stop' })
  `)
  expect(text).toContain('9.9.9 true')
  expect(text).toContain('host.message-not-understood')
  expect(ended).toEqual({ code: 0, signal: null })
})

test('a passphrase given for an enrolment never stands in the log', async () => {
  const { text } = await played(`
    await ready
    const client = connect()
    const { box } = await client.inventory.addBox({ name: 'peak', host: '127.0.0.1', port: 1, user: 'dana', auth: { kind: 'key', path: '/nowhere/key' } })
    const done = await safe(client.trust.enrol({ boxId: box.boxId, passphrase: 'correct horse', rememberPassphrase: true }))
    console.log('enrolled', done.data?.enrolled)
    console.log('PLAYED')
    post({ kind: 'stop' })
  `)
  expect(text).toContain('enrolled false')
  expect(text).not.toContain('correct horse')
})
