import { failureWords, type Named, ofCommand, ofTool, type Use } from './integrations.ts'
import { isSettings, textAt, valueAt } from './settings.ts'

/** Tools that start programs: which integration they used stands in their command alone. */
const shellTools = /^(exec|bash|shell|process|run_command)$/i

/**
 * Follows the lines of one transcript in order: which integration a tool call was for, and whether its result says that
 * it worked. A call without a result counts for nothing.
 *
 * @param shellOnly only programs that a shell tool started; other tools are told by the runtime's own audit.
 */
export function createToolUses(shellOnly: boolean): { take(line: string): void; uses(): Use[] } {
  const calls = new Map<string, Named[]>()
  const found: Use[] = []
  const called = (part: unknown): void => {
    if (!isSettings(part) || part.type !== 'toolCall' || typeof part.id !== 'string') return
    const tool = textAt(part, 'name')
    const isShell = shellTools.test(tool)
    if (isShell) calls.set(part.id, ofCommand(textAt(part, 'arguments', 'command').slice(0, 4000)))
    else if (!shellOnly) {
      const one = ofTool(tool)
      calls.set(part.id, one === null ? [] : [one])
    }
  }
  const answered = (message: unknown, atMs: number): void => {
    const used = calls.get(textAt(message, 'toolCallId')) ?? []
    if (used.length === 0) return
    const ok = isGood(message)
    const failure = ok ? '' : failureWords(textOf(valueAt(message, 'content')).slice(0, 4000))
    // A command ends as its last program did; of those before it a failure says nothing.
    for (const one of ok ? used : used.slice(-1)) found.push({ ...one, atMs, ok, failure })
  }
  return {
    take(line) {
      let event: unknown
      try {
        event = JSON.parse(line)
      } catch {
        return
      }
      const message = valueAt(event, 'message')
      const content = valueAt(message, 'content')
      const role = textAt(message, 'role')
      if (role === 'assistant' && Array.isArray(content)) for (const part of content) called(part)
      const inner = valueAt(message, 'timestamp')
      const atMs = typeof inner === 'number' ? inner : Date.parse(textAt(event, 'timestamp'))
      if (role === 'toolResult' && Number.isFinite(atMs)) answered(message, atMs)
    },
    uses: () => found,
  }
}

/** A result is good unless it says otherwise: as an error, by an exit code, or by its state. */
function isGood(message: unknown): boolean {
  if (valueAt(message, 'isError') === true) return false
  const code = valueAt(message, 'details', 'exitCode')
  if (typeof code === 'number' && code !== 0) return false
  return !/^(failed|error|timeout)$/.test(textAt(message, 'details', 'status'))
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (isSettings(part) && typeof part.text === 'string' ? part.text : '')).join('\n')
}
