import { type DragEvent, useRef, useState } from 'react'
import type { ImportPreview } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { type Said, said } from '../../api/fault.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useActions } from '../../state/actions.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Page } from '../../ui/page.tsx'
import { Afterwards } from './afterwards.tsx'
import { firstChoice, foundSentence, importWords, rowKey, sortRows } from './choose.ts'
import { guessed, type Mapping, mappingProblem } from './mapping.ts'
import { NotUsed } from './not-used.tsx'
import { RowTable } from './row-table.tsx'
import { Source } from './source.tsx'

/** A file's text as it was given; it stays in this page until it is imported or left. */
interface Given {
  text: string
  fileName: string
}

/** The contract takes at most this many characters. */
const longestText = 2_000_000

/** From a file to chosen rows to machines, and then to their host keys. */
export function ImportPage() {
  const [given, setGiven] = useState<Given | null>(null)
  const [preview, setPreview] = useState<ImportPreview | null>(null)
  const [mapping, setMapping] = useState<Mapping>({})
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [refused, setRefused] = useState<Said | null>(null)
  const [added, setAdded] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  /** Counts the looks: an answer to an older one is dropped. */
  const asked = useRef(0)

  const look = async (file: Given, columns?: Mapping) => {
    setRefused(null)
    if (file.text.length > longestText) {
      setRefused({
        fault: null,
        sentence: `${file.fileName} holds ${Math.round(file.text.length / 1e6)} million characters; 2 million fit.`,
        nextStep: 'Choose the file that lists your machines.',
      })
      return
    }
    asked.current += 1
    const mine = asked.current
    if (columns) setMapping(columns)
    try {
      const read = await client.inventory.previewImport({
        text: file.text,
        fileName: file.fileName,
        baseDir: null,
        ...(columns ? { columns } : {}),
      })
      if (mine !== asked.current) return
      setGiven(file)
      setPreview(read)
      setMapping(columns ?? guessed(read.columns))
      setChosen(firstChoice(read.rows))
    } catch (error) {
      setRefused(said(error))
    }
  }
  const lookAt = async (file: File | undefined) => {
    if (file) await look({ text: await file.text(), fileName: file.name })
  }
  const rows = preview?.rows.filter((row) => chosen.has(rowKey(row))) ?? []
  const leave = () => {
    setPreview(null)
    setGiven(null)
    setAdded(null)
    setRefused(null)
  }
  const take = async () => {
    if (rows.length === 0) return
    setRefused(null)
    try {
      const saved = await client.inventory.importRows({ rows })
      setAdded(saved.sentence)
      setPreview(null)
      offerUndoOf(saved.sentence, [saved.undoId], leave)
    } catch (error) {
      setRefused(said(error))
    }
  }
  useActions('Import', [
    {
      title: 'Import the chosen machines',
      keys: 'mod+s',
      run: () => void take(),
      unavailable: rows.length === 0 ? 'No machine is chosen.' : undefined,
    },
    { title: 'Choose another file', run: leave },
  ])
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void lookAt(event.dataTransfer.files[0])
  }
  const sorted = sortRows(preview?.rows ?? [])
  return (
    <Page
      title="Import"
      meta={preview && given ? `${given.fileName} · ${foundSentence(sorted)}` : null}
      actions={
        preview && (
          <>
            <Button onClick={leave}>Another file</Button>
            <Button look="primary" keys="mod+s" disabled={rows.length === 0} onClick={() => void take()}>
              {rows.length === 0 ? 'No machine chosen' : importWords(rows.length)}
            </Button>
          </>
        )
      }
      hints={[...(preview ? [{ keys: ['mod+s'], words: 'import' }] : []), { keys: ['escape'], words: 'back' }]}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a second way; the first is the button */}
      <div
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={`flex min-h-0 flex-1 flex-col ${over ? 'bg-selected' : ''}`}
      >
        {refused && (
          <div className="px-6 pt-4">
            <FaultLines {...refused} />
          </div>
        )}
        {preview ? (
          <div className="flex min-h-0 flex-1">
            <div className="min-w-0 flex-1 overflow-y-auto">
              <RowTable rows={preview.rows} sorted={sorted} chosen={chosen} onChoose={setChosen} />
            </div>
            <NotUsed
              preview={preview}
              mapping={mapping}
              problem={preview.kind === 'csv' ? mappingProblem(mapping) : ''}
              onMapping={(next) => given && void look(given, next)}
            />
          </div>
        ) : added !== null ? (
          <Afterwards sentence={added} onMore={leave} />
        ) : (
          <Source
            onFile={(file) => void lookAt(file)}
            onText={(text) => void look({ text, fileName: 'pasted text' })}
          />
        )}
      </div>
    </Page>
  )
}
