import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgentId, BoxId } from '../../shared/contract/index.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createOnbox, type Onbox } from '../onbox/onbox.ts'
import type { Observed } from '../runtimes/observed.ts'
import { localSsh } from '../testing/local-ssh.ts'
import { sampleAgent } from '../testing/observed-sample.ts'
import { treeState } from '../testing/openclaw.ts'
import { tempStore } from '../testing/temp-store.ts'
import { createSchemas, type Schemas } from './schemas.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wh-schemas-'))
const boxId = 'box' as BoxId
const inventory = {
  box: () => ({ name: 'box', launcher: 'node' }) as never,
  setLauncher: () => {},
  agents: () => [{ agentId: 'agent' as AgentId, boxId, stateDir: path.join(folder, '.openclaw') }] as never,
}
const temp = tempStore()
const { store } = temp
let onbox: Onbox
let schemas: Schemas
beforeAll(() => {
  mkdirSync(path.join(folder, '.openclaw'))
  writeFileSync(path.join(folder, '.openclaw', 'openclaw.json'), '{}')
  onbox = createOnbox({
    ssh: localSsh({ env: { HOME: folder, PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` } }),
    inventory,
    clock: systemClock,
    log: silentLog,
    boxProgramsDir: path.resolve('out/box'),
  })
  schemas = create()
})
afterAll(() => {
  onbox.close()
  temp[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

const create = () => createSchemas({ store, inventory, onbox, clock: systemClock, log: silentLog })

/** A runtime of the machine's own whose `config schema` does what `script` says. */
function install(version: string, script: string): void {
  const root = path.join(folder, 'node_modules', 'openclaw')
  mkdirSync(root, { recursive: true })
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'openclaw', version, type: 'module' }))
  writeFileSync(path.join(root, 'openclaw.mjs'), script)
}
const printing = (schema: unknown) =>
  `if (process.argv[3] === 'schema') console.log(${JSON.stringify(JSON.stringify(schema))})`
const object = (properties: object) => ({ type: 'object', properties, additionalProperties: false })
const text = { type: 'string', title: 'A \u202etext' }
const learn = () => schemas.learn('agent' as AgentId)

describe('the settings of a version', () => {
  it('are asked of one machine and kept', async () => {
    install('2026.6.11', printing(object({ logging: object({ level: text, style: text }), 'od\u202ed': text })))
    const before = treeState(folder)
    expect(await learn()).toMatchObject({ known: { version: '2026.6.11', boxId, settings: 4 }, why: '' })
    expect(treeState(folder)).toEqual(before)
    install(
      '2026.9.6',
      printing(object({ logging: object({ level: text, audit: object({ messages: { enum: ['off', 'all'] } }) }) })),
    )
    await learn()
    const fresh = create()
    expect(fresh.known().map(({ version }) => version)).toEqual(['2026.9.6', '2026.6.11'])
    expect(fresh.ofVersion('2026.6.11')?.settings['logging.level']?.title).toBe('A \u27e8202E\u27e9text')
    expect(fresh.ofVersion('2026.1.1')).toBe(null)
  })

  it('are found by words, with the versions that have them', () => {
    expect(schemas.search({ words: 'logging', limit: 10 })).toMatchObject({
      settings: [
        { path: 'logging', versions: ['2026.9.6', '2026.6.11'] },
        { path: 'logging.audit', versions: ['2026.9.6'] },
        { path: 'logging.level', versions: ['2026.9.6', '2026.6.11'], common: true },
        { path: 'logging.audit.messages', values: ['off', 'all'], versions: ['2026.9.6'] },
        { path: 'logging.style', versions: ['2026.6.11'] },
      ],
      total: 5,
    })
    const older = schemas.search({ words: '', below: 'logging', versions: ['2026.6.11'], limit: 2 })
    expect(older).toMatchObject({ settings: [{ path: 'logging' }, { path: 'logging.level' }], total: 3 })
  })

  it('are checked for each version by itself', () => {
    const paths = [
      { path: 'logging.audit.messages', value: 'some' },
      { path: 'logging.style', value: null },
      { path: 'logging..level', value: 'info' },
    ]
    expect(schemas.check({ paths, versions: ['2026.9.6', '2026.6.11', '2026.1.1'] })).toEqual({
      verdicts: [
        expect.objectContaining({ version: '2026.9.6', problem: 'value', allowed: ['off', 'all'] }),
        expect.objectContaining({ version: '2026.9.6', problem: 'unknown', path: 'logging..level' }),
        expect.objectContaining({ version: '2026.6.11', problem: 'unknown', path: 'logging.audit.messages' }),
        expect.objectContaining({ version: '2026.6.11', problem: 'unknown', path: 'logging..level' }),
      ],
      unasked: ['2026.1.1'],
    })
  })
})

/** A full sweep's answer of that machine; `valid`: what its own check said. */
function swept(version: string, valid: boolean | null): Observed {
  const agent = sampleAgent(0)
  if (!agent.install.read || !agent.config.read) throw new Error('the sample is not read')
  const install = { ...agent.install, value: { ...agent.install.value, version } }
  const config = { ...agent.config, value: { ...agent.config.value, schemaValid: valid } }
  return { agents: [{ ...agent, stateDir: path.join(folder, '.openclaw'), install, config }] } as Observed
}

it('are asked for after a sweep in which the machine’s own check spoke, once a version', async () => {
  install('2026.7.1', printing(object({ logging: object({ level: text }) })))
  let asked = 0
  const counted: Pick<Onbox, 'schema'> = {
    schema: (...question) => {
      asked++
      return onbox.schema(...question)
    },
  }
  const fresh = createSchemas({ store, inventory, onbox: counted, clock: systemClock, log: silentLog })
  fresh.answered(boxId, swept('2026.7.1', null))
  expect(asked).toBe(0)
  for (const other of ['box', 'box', 'other'] as BoxId[]) fresh.answered(other, swept('2026.7.1', true))
  await expect.poll(() => fresh.ofVersion('2026.7.1')?.version, { timeout: 20_000 }).toBe('2026.7.1')
  fresh.answered('third' as BoxId, swept('2026.7.1', false))
  expect(asked).toBe(1)
})

describe('a machine that gives no answer', () => {
  it.each([
    ['no JSON', 'console.log("Usage: openclaw")', 'answered no JSON'],
    ['no schema', 'console.log("{}")', 'answered no schema'],
    ['an error', 'process.exit(3)', 'did not answer openclaw config schema (3)'],
    ['too much', 'process.stdout.write("x".repeat(9_000_000))', 'said more than 8 MB'],
  ])('with %s is quoted, and nothing is kept', async (_name, script, words) => {
    install('2026.5.5', script)
    expect(await learn()).toEqual({ known: null, why: expect.stringContaining(words) })
    expect(schemas.ofVersion('2026.5.5')).toBe(null)
  })

  it('that is gone or has no install says so', async () => {
    rmSync(path.join(folder, 'node_modules'), { recursive: true })
    expect((await learn()).why).toBe('No OpenClaw was found in the usual places of this login.')
    expect(() => schemas.learn('nobody' as AgentId)).toThrow('not-found')
  })
})
