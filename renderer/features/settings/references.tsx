import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReferenceState, Settings } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { useNow } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { Meta, SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { useSettingsChange } from './change.ts'
import { Refused } from './looks.tsx'
import { referenceWords } from './reference-words.ts'

/** Checkouts on this computer that machines are measured by, each with what git says of it now. */
export function ReferenceCheckouts({ settings }: { settings: Settings }) {
  const { now, change, problem } = useSettingsChange(settings)
  const { data: states } = useQuery({ ...orpc.drift.references.queryOptions(), refetchOnMount: 'always' })
  const paths = now.referenceCheckouts
  const put = (referenceCheckouts: string[]) => {
    change({ referenceCheckouts })
    void queryClient.invalidateQueries({ queryKey: orpc.drift.key() })
  }
  return (
    <div className="flex flex-col gap-2">
      <SectionLabel>Your own checkouts</SectionLabel>
      <p className="max-w-[496px] text-meta text-text3">
        A checkout of the agent, or of your skills, on this computer says how many commits lie between a machine and the
        newest one. It is read with git, never written.
      </p>
      {paths.length > 0 && (
        <ul aria-label="Your own checkouts" className="flex max-w-[72ch] flex-col">
          {paths.map((path) => (
            <ReferenceRow
              key={path}
              path={path}
              state={states?.find((each) => each.path === path)}
              onRemove={() => put(paths.filter((each) => each !== path))}
            />
          ))}
        </ul>
      )}
      <AddReference known={paths} onAdd={(path) => put([...paths, path])} />
      <Refused problem={problem} />
    </div>
  )
}

function ReferenceRow({
  path,
  state,
  onRemove,
}: {
  path: string
  state: ReferenceState | undefined
  onRemove: () => void
}) {
  const now = useNow()
  return (
    <li className="flex items-baseline gap-3 border-t border-line py-2 first:border-t-0">
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="font-mono text-code break-all select-text">
          <UntrustedText text={path} maxChars={1000} />
        </span>
        {state && (
          <Meta className={state.found ? '' : 'text-warning'}>
            <UntrustedText text={referenceWords(state, now)} maxChars={600} />
          </Meta>
        )}
      </span>
      <TextButton aria-label={`Remove ${path}`} onClick={onRemove}>
        Remove
      </TextButton>
    </li>
  )
}

/** A folder is looked at before it is taken; what git says of it stands under the field. */
function AddReference({ known, onAdd }: { known: readonly string[]; onAdd: (path: string) => void }) {
  const [path, setPath] = useState('')
  const [problem, setProblem] = useState('')
  const [looking, setLooking] = useState(false)
  const add = async () => {
    const typed = path.trim()
    if (typed === '' || looking) return
    if (known.includes(typed)) return setProblem('It is in the list already.')
    setLooking(true)
    try {
      const state = await client.drift.checkReference({ path: typed })
      if (!state.found) return setProblem(state.sentence)
      setProblem('')
      setPath('')
      onAdd(typed)
    } catch (error) {
      setProblem(said(error).sentence)
    } finally {
      setLooking(false)
    }
  }
  return (
    <div className="flex max-w-[496px] items-start gap-2">
      <div className="grow">
        <Input
          mono
          label="Add a checkout"
          placeholder="~/src/openclaw"
          error={problem}
          value={path}
          onChange={(event) => {
            setPath(event.target.value)
            setProblem('')
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void add()
          }}
        />
      </div>
      <Button className="mt-5" disabled={path.trim() === '' || looking} onClick={() => void add()}>
        {looking ? 'Looking' : 'Add'}
      </Button>
    </div>
  )
}
