import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { cliLab } from '../testing/cli-lab.ts'
import { Failure } from './shapes.ts'

const at = cliLab()
const { boxWords, json, run } = at

const put = (name: string, text: string) => {
  const file = path.join(at.sshd.home, '.openclaw', name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

test('what is changed on a machine between two commands is a patch; without a snapshot and without a change there is none', async () => {
  put('openclaw.json', '{"messages":{"prefix":"old"}}')
  const { offeredKey } = await json('box add', 3, ...boxWords('lab-mini'))
  await json('box add', 0, ...boxWords('lab-mini'), '--accept-host-key', offeredKey.fingerprint)
  await json('sweep', 0, '--box', 'lab-mini')
  const fromLab = ['--box', 'lab-mini', '--name', 'orders', '--why', 'Orders go to a sheet.']
  const early = await run('patch', 'from-lab', ...fromLab)
  expect(early).toMatchObject({ code: 1, err: expect.stringContaining('take one with patch snapshot') })

  const taken = await json('patch snapshot', 0, '--box', 'lab-mini', '--note', 'before orders')
  expect(taken).toMatchObject({ boxName: 'lab-mini', by: 'cli', how: 'taken', note: 'before orders', settings: 1 })
  expect(taken.err).toContain('Change the machine, then compare.')
  const same = await run('patch', 'from-lab', ...fromLab, '--json')
  expect(same.code).toBe(1)
  expect(Failure.parse(JSON.parse(same.out)).sentence).toContain('Nothing that a patch carries differs')

  put(
    'openclaw.json',
    '{"messages":{"prefix":"new"},"mcp":{"servers":{"crm":{"url":"https://crm.example.org","token":"s3cr3t-5eb63bbbe01eeed0"}}}}',
  )
  put('workspace/skills/orders/SKILL.md', 'Orders go to the sheet.\n')
  expect(await run('patch', 'from-lab', ...fromLab, '--leave-out', 'nothing.such')).toMatchObject({ code: 1 })
  const made = await json(
    'patch from-lab',
    0,
    ...fromLab,
    '--leave-out',
    'mcp.servers.crm.url',
    '--layer',
    'box:lab-mini',
  )
  expect(made.err).toContain('Left out: mcp.servers.crm.token. It holds a secret')
  expect(made.err).toContain('Not in it: setting mcp.servers.crm.url')
  expect(made.comparison.before.snapshotId).toBe(taken.snapshotId)
  expect(made.patch.content).toMatchObject({
    name: 'orders',
    class: 'behavioural',
    parts: [
      { kind: 'overlay', layer: { kind: 'box', key: taken.boxId }, set: { 'raw.openclaw.messages.prefix': 'new' } },
      { kind: 'files', files: [{ path: 'skills/orders/SKILL.md' }] },
    ],
  })
  expect(JSON.stringify(made)).not.toContain('s3cr3t')
  expect(await json('patch snapshots', 0, '--box', 'lab-mini')).toMatchObject([
    { how: 'compared' },
    {},
    {},
    { how: 'taken' },
  ])
  expect(await json('patch show', 0, 'orders')).toEqual(made.patch)
})
