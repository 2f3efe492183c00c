import { asciiLine } from './bootstrap.ts'

/** Runs on a box. What a program can be asked; the answer goes back as JSON. */
export type Operations = Readonly<Record<string, (request: unknown) => unknown>>

const usualIdleMs = 10 * 60_000
const frameLimit = 4_000_000

/**
 * Runs on a box: reads newline JSON frames `{id, op, request}` from stdin, answers `<nonce> {id, ok}` or
 * `<nonce> {id, error}`, and says `<nonce> {ready, node}` first. Ends with stdin, or after `idleExitMs` without a frame
 * while it works at none, so that nothing outlives a silently dead connection.
 *
 * @param rest what the bootstrap had already read behind the program.
 */
export function serve(nonce: string, operations: Operations, rest: string, idleExitMs = usualIdleMs): void {
  process.removeAllListeners('warning')
  const answer = (value: unknown) => process.stdout.write(`${nonce} ${asciiLine(value)}`)
  const end = () => process.exit(0)
  let working = 0
  const endIdle = () => {
    if (working === 0) end()
    else idle = setTimeout(endIdle, idleExitMs)
  }
  let idle = setTimeout(endIdle, idleExitMs)
  let waiting = ''

  const handle = async (line: string) => {
    let frame: { id?: unknown; op?: unknown; request?: unknown }
    try {
      frame = JSON.parse(line)
    } catch {
      answer({ error: 'a frame is not JSON' })
      return
    }
    const { id } = frame
    const op = String(frame.op)
    working += 1
    try {
      if (!Object.hasOwn(operations, op)) throw new Error(`no operation called ${op.slice(0, 40)}`)
      answer({ id, ok: await operations[op]?.(frame.request) })
    } catch (error) {
      answer({ id, error: (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 1000) })
    } finally {
      working -= 1
    }
  }
  const feed = (text: string) => {
    clearTimeout(idle)
    idle = setTimeout(endIdle, idleExitMs)
    waiting += text
    if (waiting.length > frameLimit) end()
    for (let at = waiting.indexOf('\n'); at >= 0; at = waiting.indexOf('\n')) {
      const line = waiting.slice(0, at).replace(/\r$/, '')
      waiting = waiting.slice(at + 1)
      if (line !== '') void handle(line)
    }
  }
  process.stdin.on('data', (chunk) => feed(String(chunk)))
  process.stdin.on('end', end)
  process.stdin.on('close', end)
  process.stdout.on('error', end)
  process.stdin.resume()
  answer({ ready: true, node: process.version })
  feed(rest)
}
