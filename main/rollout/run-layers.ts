import type { LayerContent, RolloutId } from '../../shared/contract/index.ts'
import { canonicalJson } from '../base/canonical.ts'
import { FaultError } from '../base/fault-error.ts'
import type { createCarrier } from './carry.ts'
import type { RunsParts } from './run-parts.ts'
import type { RunRecord } from './run-record.ts'

const nothingSaid: LayerContent = { sections: {}, raw: { openclaw: {} }, excepts: [] }

/** What a patch declares becomes a revision of its layers, and goes back with it. */
export function createRunLayers({ store, overlay }: Pick<RunsParts, 'store' | 'overlay'>, record: RunRecord) {
  return {
    /** @throws FaultError why it could not be saved; nothing of it remains then. */
    keep(rolloutId: RolloutId, carrier: ReturnType<typeof createCarrier>): void {
      store.write(() => {
        const { patch } = record.load(rolloutId).run
        const because = `Patch ${patch.name}, revision ${patch.revision}: ${patch.why}`.slice(0, 300)
        const layersKept = carrier.contents().flatMap(({ layer, content }) => {
          const { revision: before, content: held } = overlay.layer({ layer })
          if (canonicalJson(held) === canonicalJson(content)) return []
          const { revision: after } = overlay.save({ layer, baseRevision: before, content, because })
          return [{ layer, before, after }]
        })
        const words = 'What the patch declares is kept in its layers.'
        record.write(rolloutId, { run: { layers: 'saved', layersKept }, event: { kind: 'layers.saved', words } })
      })
    },
    /** Answers with what could not be put back, as sentences; empty: all is as before. */
    putBack(rolloutId: RolloutId): string[] {
      const { run } = record.load(rolloutId)
      if (run.layers !== 'saved') return []
      const because = `Patch ${run.patch.name}, revision ${run.patch.revision} is taken back.`.slice(0, 300)
      const left = run.layersKept.flatMap(({ layer, before, after }) => {
        const { revision, label } = overlay.layer({ layer })
        if (revision !== after)
          return [`${label} was edited since, so it still says what the patch declares. Edit it by hand.`]
        try {
          if (before === 0) overlay.save({ layer, baseRevision: after, content: nothingSaid, because })
          else overlay.restore({ layer, baseRevision: after, revision: before, because })
          return []
        } catch (error) {
          if (!(error instanceof FaultError)) throw error
          return [`${label} could not be put back, so it still says what the patch declares. Edit it by hand.`]
        }
      })
      const isBack = left.length === 0
      record.write(rolloutId, {
        ...(isBack ? { run: { layers: 'put-back' as const } } : {}),
        event: {
          kind: isBack ? 'layers.put-back' : 'layers.left',
          words: isBack ? 'The layers say what they said before.' : left.join(' '),
        },
      })
      return left
    },
  }
}
