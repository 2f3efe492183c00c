import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { dice } from './dice.ts'
import type { Exchange } from './exchanges.ts'

/** Sessions as 2026.6.11 keeps them: JSONL with header version 3, and `sessions.json` beside it (openclaw.md §1). */
export function writeSessionFiles(folder: string, exchanges: readonly Exchange[], seed: string): void {
  const chance = dice(`sessions of ${seed}`)
  const id = `${chance.hex(4)}-${chance.hex(2)}-4${chance.hex(2).slice(1)}-8${chance.hex(2).slice(1)}-${chance.hex(6)}`
  const iso = (atMs: number) => new Date(atMs).toISOString()
  const startedAtMs = exchanges[0]?.atMs ?? 0
  const newest = exchanges.at(-1)?.replyAtMs ?? startedAtMs
  const lines: unknown[] = [
    { type: 'session', version: 3, id, timestamp: iso(startedAtMs), cwd: '~/.openclaw/workspace' },
  ]
  let parentId: string | null = null
  const add = (atMs: number, message: Record<string, unknown>) => {
    const own = chance.hex(4)
    lines.push({ type: 'message', id: own, parentId, timestamp: iso(atMs), message: { ...message, timestamp: atMs } })
    parentId = own
  }
  for (const { atMs, replyAtMs } of exchanges) {
    const content = [{ type: 'text', text: '(made up)' }]
    const usage = { input: 1200, output: 40, cacheRead: 0, cacheWrite: 0, totalTokens: 1240 }
    add(atMs, { role: 'user', content })
    add(replyAtMs, { role: 'assistant', content, provider: 'anthropic', model: 'claude-x', usage, stopReason: 'stop' })
    add(replyAtMs + 40, {
      role: 'assistant',
      content,
      provider: 'openclaw',
      model: 'delivery-mirror',
      openclawDeliveryMirror: { kind: 'channel-final' },
      usage,
      stopReason: 'stop',
    })
  }
  const session = {
    sessionId: id,
    updatedAt: newest,
    sessionStartedAt: startedAtMs,
    lastInteractionAt: newest,
    sessionFile: path.join(folder, `${id}.jsonl`),
    chatType: 'direct',
    modelProvider: 'anthropic',
    model: 'claude-x',
    systemSent: true,
    abortedLastRun: false,
  }
  writeFileSync(path.join(folder, `${id}.jsonl`), `${lines.map((entry) => JSON.stringify(entry)).join('\n')}\n`)
  writeFileSync(path.join(folder, 'sessions.json'), JSON.stringify({ 'agent:main:main': session }, null, 2))
}
