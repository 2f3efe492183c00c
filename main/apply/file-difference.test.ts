import { expect, test } from 'vitest'
import type { AgentId, AgentPlan, BoxId } from '../../shared/contract/index.ts'
import type { FileText } from '../runtimes/file-text.ts'
import { redactText, sha256Of } from '../runtimes/runtimes.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { compareTexts } from './compare-files.ts'
import { createFileDifferences } from './file-difference.ts'

const agentId = 'a1' as AgentId
const key = 'ab'.repeat(32)
type Value = Extract<FileText, { read: true }>['value']

/** The text that a machine told, against what is declared. */
async function shown(declared: string | Buffer | null, found: Partial<Value> | string) {
  const clock = fakeClock()
  const sha256 = declared === null ? 'e'.repeat(64) : sha256Of(Buffer.from(declared))
  const value: Value = {
    kind: 'text',
    sha256: 'f'.repeat(64),
    size: 1,
    text: '',
    ...(typeof found === 'string' ? { text: redactText(found, key) } : found),
  }
  const differences = createFileDifferences({
    inventory: {
      agents: () => [{ agentId, stateDir: '/Users/dana/.openclaw' }] as never,
      fingerprintKey: () => key,
    },
    onbox: { fileText: async () => ({ read: true, value, source: 'its workspace' }) },
    planOf: () =>
      ({ boxId: 'b1' as BoxId, files: [{ path: 'SOUL.md', sha256, executable: false }] }) as unknown as AgentPlan,
    fileContent: () => (declared === null ? null : Buffer.from(declared)),
    clock,
    deadlineMs: () => 1000,
  })
  const { words, lines } = await differences.of({ agentId, path: 'SOUL.md' })
  return { words, lines: lines.map(({ kind, text }) => `${{ same: ' ', more: '+', less: '-', gap: '' }[kind]}${text}`) }
}

test('what is on the machine alone and what is declared alone, as a unified difference', async () => {
  expect(await shown('# Soul\nBe kind.\nBe short.\n', '# Soul\nBe kind.\nBe long.\nTell jokes.\n')).toEqual({
    words: '',
    lines: ['@@ -1,4 +1,3 @@', ' # Soul', ' Be kind.', '-Be long.', '-Tell jokes.', '+Be short.'],
  })
})

test('neither side shows a secret or a number, and the same one is no difference', async () => {
  const secret = 'api_key: sk-abcdefghijklmnopqrstuvwxyz'
  const { lines } = await shown(
    `Call +1 310 555 0142.\n${secret}\nBe kind.\n`,
    `Call +1 310 555 0142.\n${secret}1\nBe kind.\n`,
  )
  expect(lines.join('\n')).not.toMatch(/555 0142|abcdefgh/)
  expect(lines.filter((line) => /^[-+]/.test(line))).toHaveLength(2)
  // A box that redacts nothing is redacted here.
  expect((await shown('Be kind.\n', { text: `${secret}\n` })).lines.join('\n')).not.toContain('abcdefgh')
})

test.each<[string, string | Buffer | null, Partial<Value>, string]>([
  ['no text here', Buffer.from([0, 1]), {}, 'The declared one is no text.'],
  ['no text there', 'x', { kind: 'binary', text: null, size: 9 }, 'On the machine it is no text: 9 bytes.'],
  [
    'too large',
    'x',
    { kind: 'large', text: null, size: 300_000 },
    'On the machine it has 300000 bytes, too many to be compared.',
  ],
  ['declared by now', 'x', { sha256: sha256Of(Buffer.from('x')) }, 'It is the declared one by now.'],
  ['not kept', null, {}, 'The content that is declared is not in this console.'],
])('%s is said in words', async (_, declared, found, words) => {
  expect(await shown(declared, found)).toEqual({ words, lines: [] })
})

test('a file that is not there is shown as it would be', async () => {
  expect(await shown('One.\nTwo.\n', { kind: 'none', text: null, sha256: '', size: 0 })).toEqual({
    words: 'It is not on the machine.',
    lines: ['@@ -0,0 +1,2 @@', '+One.', '+Two.'],
  })
})

test('long ones are cut with their count, and text from a machine has nothing hidden in it', () => {
  const many = Array.from({ length: 900 }, (_, at) => `line ${at}`).join('\n')
  const { lines, moreLines } = compareTexts('', `${many}\n`)
  expect([lines.length, moreLines]).toEqual([400, 501])
  const [, hidden] = compareTexts('Be \u202ekind\u0007.\n', 'x\n').lines
  expect(hidden?.text).not.toContain('\u202e')
})
