import { implement } from '@orpc/server'
import { contract } from '../../shared/contract/index.ts'
import type { HandlerParts } from './handler-parts.ts'

const os = implement(contract)

export function backupHandlers({ options, house, guardStream }: HandlerParts) {
  const backups = () => house().backups
  const reason = options.host === 'cli' ? 'cli' : 'operator'
  return {
    start: os.backups.start.handler(({ input }) => backups().start({ ...input, reason })),
    get: os.backups.get.handler(({ input }) => backups().get(input.runId)),
    watch: os.backups.watch.handler(({ input, signal }) => guardStream(backups().watch(input.runId, signal))),
    cancel: os.backups.cancel.handler(({ input }) => {
      backups().cancel(input.runId)
      return {}
    }),
    recent: os.backups.recent.handler(({ input }) => backups().recent(input.limit)),
  }
}
