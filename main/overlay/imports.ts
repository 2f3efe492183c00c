import type { LayerRef, OverlayContent, OverlayFile, OverlayImport } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted } from '../base/words.ts'
import type { Inventory, Undone } from '../inventory/inventory.ts'
import type { Store } from '../store/store.ts'
import { isSameLayer } from './chain.ts'
import type { createChanging, Wanted } from './changing.ts'
import { diffContents } from './difference.ts'
import { isSameContent } from './edit.ts'
import { readFolder } from './folder.ts'
import { readContents } from './folder-contents.ts'
import type { Gate } from './gate.ts'
import { layerOfName } from './naming.ts'
import type { createRows } from './rows.ts'
import type { Stock } from './stock.ts'

interface Folder {
  readonly files: readonly OverlayFile[]
  readonly contents?: readonly OverlayContent[]
}

/** Layers and the contents of their files out of a folder. */
export interface Imports {
  previewImport(folder: Folder): OverlayImport
  /** @throws FaultError `invalid-input` for the first problem of the folder, `changed-meanwhile`, `rule-broken`. */
  importFiles(
    folder: Folder & { bases: readonly { layer: LayerRef; baseRevision: number }[]; because: string },
  ): Undone<{ changed: number }>
}

export interface ImportsParts {
  readonly rows: ReturnType<typeof createRows>
  readonly stock: () => Stock
  readonly gate: Gate
  readonly saveAll: ReturnType<typeof createChanging>['saveAll']
  readonly store: Store
  readonly clock: Clock
  readonly record: Inventory['record']
}

export function createImports({ rows, stock, gate, saveAll, store, clock, record }: ImportsParts): Imports {
  const read = (at: Stock, { files, contents = [] }: Folder) => {
    const { layers: found, problems } = readFolder(files, (name) => layerOfName(at, name))
    const layers = found.map((one) => ({ ...one, held: at.held(one.layer) }))
    const wanted = layers
      .filter(({ held, content }) => held.revision === 0 || !isSameContent(held.content, content))
      .map(
        ({ layer, held, content }): Wanted => ({
          layer,
          content,
          baseRevision: held.revision,
          how: 'imported',
          ofRevision: null,
        }),
      )
    const refused = gate.problems(at, wanted).map(({ layer, path, words }) => {
      const from = layers.find((one) => isSameLayer(one.layer, layer))
      return {
        file: from?.file ?? '',
        line: from?.lineOf(path) ?? null,
        reason: path === '' ? words : `${path}: ${words}`,
      }
    })
    const brought = readContents(
      contents,
      layers.map(({ file, content }) => ({ path: file, content })),
    )
    const fresh = brought.read.filter(({ sha256 }) => rows.fileSize(sha256) === null)
    return { layers, wanted, fresh, problems: [...problems, ...refused, ...brought.problems] }
  }
  const refuseProblems = ([first, ...others]: OverlayImport['problems']): void => {
    if (!first) return
    throw new FaultError({
      code: 'invalid-input',
      field: first.line === null ? first.file : `${first.file}, line ${first.line}`,
      detail: `${first.reason}${others.length > 0 ? ` And ${counted(others.length, 'more problem')}.` : ''} Nothing was imported.`,
    })
  }

  return {
    previewImport(folder) {
      const at = stock()
      const { layers, problems, fresh } = read(at, folder)
      const named = layers.map(({ file, layer, held, content }) => ({
        file,
        layer,
        label: at.label(layer),
        baseRevision: held.revision,
        ...diffContents(held.content, content),
      }))
      const leftAlone = at
        .summaries()
        .filter((one) => one.revision > 0 && !layers.some(({ layer }) => isSameLayer(layer, one.layer)))
      return { layers: named, problems, newContents: fresh.length, leftAlone: leftAlone.map(({ label }) => label) }
    },
    importFiles({ bases, because, ...folder }) {
      const { wanted, problems, fresh } = read(stock(), folder)
      refuseProblems(problems)
      const based = wanted.map((one) => {
        const base = bases.find(({ layer }) => isSameLayer(layer, one.layer))
        return { ...one, baseRevision: base?.baseRevision ?? 0 }
      })
      const keep = () => {
        for (const { sha256, bytes } of fresh) rows.putFile(sha256, bytes, clock.nowMs())
      }
      const brought = `the content of ${counted(fresh.length, 'file')}`
      if (wanted.length === 0 && fresh.length > 0)
        return record(() => {
          keep()
          const words = `Layers imported: no value is different, ${brought} is kept now. Because: ${because}`
          const stays = `No layer was changed; ${brought} stays kept.`
          return {
            result: { changed: 0 },
            said: { kind: 'layer.contents', words, sentence: `No value is different; ${brought} is kept now.` },
            inverse: { kind: 'layer.contents', words: stays, sentence: stays, act: () => {} },
          }
        })
      const { revisions, ...done } = store.write(() => {
        keep()
        return saveAll(
          based,
          because,
          () =>
            `${counted(wanted.length, 'layer')} imported${fresh.length > 0 ? `, with ${brought}` : ''}. No machine was changed.`,
        )
      })
      return { ...done, changed: revisions.length }
    },
  }
}
