/** One line per event, JSON. Secrets never get here: they are `Secret` values and print as `***`. */
export interface Log {
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  /** Answers with a reference that an operator may quote; the error's stack stands beside it in the log. */
  error(event: string, error: unknown, fields?: Record<string, unknown>): string
}

export function createLog(write: (line: string) => void, nowMs: () => number, newReference: () => string): Log {
  const line = (level: string, event: string, fields: Record<string, unknown>) =>
    write(JSON.stringify({ at: new Date(nowMs()).toISOString(), level, event, ...fields }))
  return {
    info: (event, fields = {}) => line('info', event, fields),
    warn: (event, fields = {}) => line('warn', event, fields),
    error: (event, error, fields = {}) => {
      const reference = newReference()
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
      line('error', event, { ...fields, reference, stack })
      return reference
    },
  }
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => 'silent' }
