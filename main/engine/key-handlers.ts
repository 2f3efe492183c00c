import { implement } from '@orpc/server'
import { contract } from '../../shared/contract/index.ts'
import type { HandlerParts } from './handler-parts.ts'

const os = implement(contract)

export function keyHandlers({ house, guardStream }: HandlerParts) {
  const keys = () => house().keys
  return {
    preview: os.keys.preview.handler(({ input }) => keys().preview(input)),
    start: os.keys.start.handler(({ input }) => keys().start(input)),
    get: os.keys.get.handler(({ input }) => keys().get(input.runId)),
    watch: os.keys.watch.handler(({ input, signal }) => guardStream(keys().watch(input.runId, signal))),
    stop: os.keys.stop.handler(({ input }) => {
      keys().stop(input.runId)
      return {}
    }),
    continue: os.keys.continue.handler(({ input }) => keys().continue(input.runId)),
    ask: os.keys.ask.handler(({ input }) => keys().ask(input.runId)),
    revert: os.keys.revert.handler(({ input }) => keys().revert(input.runId)),
    recent: os.keys.recent.handler(({ input }) => keys().recent(input.limit)),
  }
}
