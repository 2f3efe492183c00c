import { openColumns, openText } from './block.ts'
import type { OpenColumns } from './columns.ts'
import type { BlockPlace, ReadRows } from './rows.ts'

export interface OpenBlock {
  /** Cut between lines. Opened when first asked for, as the columns are. */
  text(): readonly string[]
  columns(): OpenColumns
}

/** Scrolling comes back to the same blocks. */
const mostOpen = 24

export interface OpenBlocks {
  /** Null: purged meanwhile. */
  open(place: BlockPlace): OpenBlock | null
}

/** Blocks as they were compressed, opened; the last used ones stay open. */
export function createOpenBlocks(rows: ReadRows, most = mostOpen): OpenBlocks {
  const opened = new Map<number, OpenBlock>()
  const read = (place: BlockPlace): OpenBlock | null => {
    const found = rows.text(place)
    if (!found) return null
    let text: string[] | null = null
    let columns: OpenColumns | null = null
    return {
      text: () => {
        text ??= openText({ ...found, sealed: place.sealed })
        return text
      },
      columns: () => {
        columns ??= openColumns(found.boxId, rows.columns(place), place.sealed)
        return columns
      },
    }
  }
  return {
    open: (place) => {
      // What is not sealed yet may be another one under its number soon.
      if (!place.sealed) return read(place)
      const { blockId } = place
      const block = opened.get(blockId) ?? read(place)
      opened.delete(blockId)
      if (block === null) return null
      opened.set(blockId, block)
      for (const oldest of opened.keys()) {
        if (opened.size <= most) break
        opened.delete(oldest)
      }
      return block
    },
  }
}
