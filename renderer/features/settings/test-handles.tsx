import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../api/client.ts'
import { type Said, said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { type CheckHandle, HandleList } from '../../ui/handle-list.tsx'
import { type HandleRow, handleRows, toHandles, uncheckedHandles } from '../../ui/handles.ts'

const check: CheckHandle = async (kind, value) => {
  try {
    return { handle: await client.inventory.checkHandle({ kind, value, region: '' }) }
  } catch (error) {
    const { fault, sentence } = said(error)
    return { problem: fault?.code === 'invalid-input' ? fault.detail : sentence }
  }
}

/** The operator's own numbers and addresses, saved as a list with one undo. */
export function TestHandles() {
  const stored = useQuery(orpc.inventory.testHandles.queryOptions())
  const [rows, setRows] = useState<HandleRow[]>([])
  const [refused, setRefused] = useState<Said | null>(null)
  const shown = useRef('')
  const text = JSON.stringify(stored.data ?? [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `text` stands for what is stored
  useEffect(() => {
    shown.current = text
    setRows(handleRows(stored.data ?? []))
  }, [text])
  const unsaved = JSON.stringify(toHandles(rows)) !== text
  const save = async () => {
    setRefused(null)
    try {
      const { undoId, sentence } = await client.inventory.setTestHandles({ handles: toHandles(rows) })
      offerUndoOf(sentence, [undoId])
    } catch (error) {
      setRefused(said(error))
    }
  }
  if (stored.error)
    return (
      <FaultLines {...said(stored.error)} action={<Button onClick={() => void stored.refetch()}>Try again</Button>} />
    )
  const unread = uncheckedHandles(rows).length
  return (
    <div className="flex flex-col gap-2">
      <HandleList
        rows={rows}
        check={check}
        proofs={false}
        addWords="Add one of yours"
        onChange={(change) => setRows((now) => change(now))}
      />
      {refused && <FaultLines {...refused} />}
      {unsaved && (
        <div className="flex items-center gap-3">
          <Button small disabled={unread > 0} onClick={() => void save()}>
            Save these handles
          </Button>
          {unread > 0 && (
            <span className="text-meta text-text3">
              {unread === 1 ? 'One is not read yet.' : `${unread} are not read yet.`}
            </span>
          )}
        </div>
      )}
    </div>
  )
}
