import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createLog } from './log.ts'
import { Secret } from './secret.ts'

test('a secret prints as stars wherever it lands, and is given away by name only', () => {
  const secret = new Secret('hunter2')
  const lines: string[] = []
  const log = createLog(
    (line) => lines.push(line),
    () => 0,
    () => 'r',
  )
  log.info('a', { secret })
  log.error('b', new Error(`with ${secret}`), { deep: [{ secret }] })
  const everywhere = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }, { showHidden: true, depth: 9 }),
    format('%s %o %j', secret, secret, secret),
    JSON.stringify(Object.entries({ ...secret })),
    ...lines,
  ]
  expect(everywhere.join('\n')).not.toContain('hunter2')
  expect(secret.reveal()).toBe('hunter2')
})
