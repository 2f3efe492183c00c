import type { AgentId, BoxId, ClientId, LayerContent, LayerRef, LayerRevision } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Inventory, Undone } from '../inventory/inventory.ts'
import { diffContents } from './difference.ts'
import type { Gate, Pass } from './gate.ts'
import type { createRows } from './rows.ts'
import { emptyContent, type Stock } from './stock.ts'

/** Content that is to become the newest revision of a layer. */
export interface Wanted {
  readonly layer: LayerRef
  /** The revision it was made from. */
  readonly baseRevision: number
  readonly content: LayerContent
  readonly how: LayerRevision['how']
  /** Whose content it is again; null: nobody's. */
  readonly ofRevision: number | null
}

export interface ChangingParts {
  readonly rows: ReturnType<typeof createRows>
  readonly stock: () => Stock
  readonly record: Inventory['record']
  readonly clock: Clock
  readonly actor: LayerRevision['by']
  /** Every way into the store comes by here. @throws FaultError why nobody may declare these. */
  readonly pass: Gate['pass']
  /** After the commit: whoever shows layers asks again. */
  readonly changed: () => void
}

const pathsIn = (diff: readonly { path: string }[]): string => {
  const named = diff.slice(0, 3).map(({ path }) => path)
  return diff.length > named.length ? `${named.join(', ')} and ${diff.length - named.length} more` : named.join(', ')
}

/** Writes revisions. Nothing is overwritten, and nothing is written that the rules refuse. */
export function createChanging(parts: ChangingParts) {
  const { rows, record, clock, actor, pass, changed } = parts

  const refuseOld = (stock: Stock, { layer, baseRevision }: Wanted): void => {
    const newest = rows.newestOf(layer)
    if ((newest?.revision ?? 0) === baseRevision) return
    throw new FaultError({
      code: 'changed-meanwhile',
      what: `Layer ${stock.label(layer)}`,
      detail: newest ? `revision ${newest.revision} of ${dateWords(newest.atMs)}, “${newest.because}”` : 'it is gone',
    })
  }
  const write = (wanted: Wanted, because: string, allowed: Pass): number => {
    if (!allowed(wanted)) throw new Error('a layer is written only as the rules saw it')
    const { layer, baseRevision, content, how, ofRevision } = wanted
    const revision = baseRevision + 1
    rows.insert({
      ...layer,
      revision,
      atMs: clock.nowMs(),
      by: actor,
      how,
      ofRevision,
      because,
      contentJson: JSON.stringify(content),
    })
    return revision
  }
  /** Names stand in the diary's own table, so that they can be forgotten. */
  const diaryName = (stock: Stock, layer: LayerRef) => {
    if (layer.kind === 'client') return { words: '{client}', clientId: layer.key as ClientId }
    if (layer.kind === 'box') return { words: '{box}', boxId: layer.key as BoxId }
    if (layer.kind === 'agent') {
      const { agent } = stock.agent(layer.key as AgentId)
      return { words: `{box}/${agent.profile}`, boxId: agent.boxId }
    }
    return { words: stock.label(layer) }
  }
  const said = (stock: Stock, one: Wanted, revision: number, because: string) => {
    const before = stock.held(one.layer).content
    const { diff, moreLines } = diffContents(before, one.content)
    const values = counted(diff.length + moreLines, 'value')
    const { words: name, ...about } = diaryName(stock, one.layer)
    const what = {
      saved: `${values} changed`,
      reset: `${values} left to wider layers again`,
      excepted: 'an exception changed',
      imported: `${values} changed from a file`,
      adopted: `${values} taken over from a machine`,
      restored: `revision ${one.ofRevision} restored, ${values} changed`,
      'taken-back': `taken back to ${one.ofRevision === 0 ? 'empty' : `revision ${one.ofRevision}`}, ${values} changed`,
    }[one.how]
    const where = diff.length === 0 ? '' : ` (${pathsIn(diff)})`
    return {
      kind: `layer.${one.how}`,
      words: `Layer ${name}, revision ${revision}: ${what}${where}. Because: ${because}`,
      sentence: `${stock.label(one.layer)} is saved as revision ${revision}: ${what}. No machine was changed.`,
      ...about,
    }
  }

  /** Puts the content of before back, as a new revision: with the rules asked again. */
  const takeBack = (of: readonly Wanted[]): void => {
    const stock = parts.stock()
    const back = of.map((one): Wanted => {
      const before = one.baseRevision === 0 ? null : rows.one(one.layer, one.baseRevision)
      return {
        layer: one.layer,
        baseRevision: one.baseRevision + 1,
        content: before === null ? emptyContent : (JSON.parse(before.contentJson) as LayerContent),
        how: 'taken-back',
        ofRevision: one.baseRevision,
      }
    })
    for (const one of back) refuseOld(stock, one)
    const allowed = pass(stock, back)
    for (const one of back) write(one, 'Taken back.', allowed)
    changed()
  }

  /** All or none, in one transaction with the diary. @throws FaultError `changed-meanwhile`, `rule-broken`, `invalid-input`. */
  const saveAll = (
    wanted: readonly Wanted[],
    because: string,
    sentence: (first: string) => string = (first) => first,
  ): Undone<{ revisions: number[] }> =>
    record(() => {
      const stock = parts.stock()
      for (const one of wanted) refuseOld(stock, one)
      const allowed = pass(stock, wanted)
      const entries = wanted.map((one) => said(stock, one, one.baseRevision + 1, because))
      const revisions = wanted.map((one) => write(one, because, allowed))
      const [first, ...others] = entries.toReversed()
      if (first === undefined)
        throw new FaultError({ code: 'invalid-input', field: 'Layers', detail: 'Nothing is different.' })
      changed()
      return {
        result: { revisions },
        parts: others.toReversed(),
        said: { ...first, sentence: sentence(first.sentence) },
        inverse: {
          kind: 'layer.taken-back',
          words: `${counted(wanted.length, 'layer')} taken back to what ${wanted.length === 1 ? 'it' : 'they'} said before.`,
          sentence: `${wanted.length === 1 ? stock.label(wanted[0]?.layer ?? { kind: 'fleet', key: '' }) : counted(wanted.length, 'layer')} as before, as a new revision. No machine was changed.`,
          act: () => takeBack(wanted),
        },
      }
    })

  return { saveAll }
}
