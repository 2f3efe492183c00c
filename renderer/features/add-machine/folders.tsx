import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BoxId, FolderSuggestion, TrackedFolder } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { offerSentence } from '../../state/said.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { Meta, SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Folders of a machine with the operator's own code. Each change holds at once and has its undo. */
export function TrackedFolders({ boxId }: { boxId: BoxId }) {
  const { data: folders } = useQuery(orpc.inventory.folders.queryOptions({ input: { boxId } }))
  const { data: found } = useQuery(orpc.drift.suggestions.queryOptions({ input: { boxId } }))
  const tracked = folders ?? []
  const suggested = (found ?? []).filter(({ path }) => !tracked.some((folder) => folder.path === path))
  return (
    <section aria-label="Your own code on it" className="flex max-w-[72ch] flex-col gap-3">
      <div>
        <SectionLabel>Your own code on it</SectionLabel>
        <p className="text-meta text-text3">
          Git checkouts of a workspace or of skills. A sweep says how far each is behind, what was edited there and what
          exists only there. Each change here holds at once.
        </p>
      </div>
      {tracked.length > 0 && (
        <ul aria-label="Tracked folders" className="flex flex-col">
          {tracked.map((folder) => (
            <FolderRow key={folder.folderId} folder={folder} />
          ))}
        </ul>
      )}
      {suggested.length > 0 && (
        <div>
          <SectionLabel>Found there and not tracked</SectionLabel>
          <ul aria-label="Found there and not tracked" className="flex flex-col">
            {suggested.map((each) => (
              <SuggestionRow key={each.path} boxId={boxId} found={each} tracked={tracked} />
            ))}
          </ul>
        </div>
      )}
      <AddFolder boxId={boxId} />
    </section>
  )
}

const row = 'flex items-baseline gap-3 border-t border-line py-2 first:border-t-0'

function Place({ name, path, remote, branch }: Pick<TrackedFolder, 'name' | 'path' | 'remote' | 'branch'>) {
  const follows = [remote, branch].filter(Boolean).join(' · ')
  return (
    <span className="flex min-w-0 flex-1 flex-col">
      <span className="break-words">
        <UntrustedText text={name} className="font-medium" />{' '}
        <span className="font-mono text-code break-all text-text2">
          <UntrustedText text={path} maxChars={1000} />
        </span>
      </span>
      <Meta>
        <UntrustedText text={follows || 'whatever it follows there'} maxChars={400} />
      </Meta>
    </span>
  )
}

function FolderRow({ folder }: { folder: TrackedFolder }) {
  const remove = async () => {
    try {
      const { sentence, undoId } = await client.inventory.removeFolder({ folderId: folder.folderId })
      offerUndoOf(sentence, [undoId])
    } catch (error) {
      offerSentence(sentenceOf(error))
    }
  }
  return (
    <li className={row}>
      <Place {...folder} />
      <TextButton aria-label={`Stop tracking ${folder.name}`} onClick={() => void remove()}>
        Stop tracking
      </TextButton>
    </li>
  )
}

/** The first of `skills`, `skills 2` … that is free. */
function freeName(name: string, taken: readonly TrackedFolder[]): string {
  const used = new Set(taken.map((folder) => folder.name.toLowerCase()))
  let free = name.slice(0, 50)
  for (let number = 2; used.has(free.toLowerCase()); number++) free = `${name.slice(0, 50)} ${number}`
  return free
}

function SuggestionRow({
  boxId,
  found,
  tracked,
}: {
  boxId: BoxId
  found: FolderSuggestion
  tracked: readonly TrackedFolder[]
}) {
  const track = async () => {
    const { agentId, path } = found
    try {
      const name = freeName(found.name, tracked)
      const saved = await client.inventory.saveFolder({ boxId, agentId, name, path, remote: '', branch: found.branch })
      offerUndoOf(saved.sentence, [saved.undoId])
    } catch (error) {
      offerSentence(sentenceOf(error))
    }
  }
  return (
    <li className={row}>
      <Place {...found} />
      <TextButton aria-label={`Track ${found.path}`} onClick={() => void track()}>
        Track
      </TextButton>
    </li>
  )
}

const empty = { name: '', path: '', remote: '', branch: '' }
type Typed = typeof empty

function AddFolder({ boxId }: { boxId: BoxId }) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState(empty)
  const [problem, setProblem] = useState<{ field: string; sentence: string } | null>(null)
  if (!open)
    return (
      <TextButton className="self-start" onClick={() => setOpen(true)}>
        Add a folder
      </TextButton>
    )
  const add = async () => {
    try {
      const saved = await client.inventory.saveFolder({ boxId, agentId: null, ...typed })
      setTyped(empty)
      setProblem(null)
      setOpen(false)
      offerUndoOf(saved.sentence, [saved.undoId])
    } catch (error) {
      const { fault, sentence } = said(error)
      if (fault?.code === 'invalid-input') setProblem({ field: fault.field, sentence: fault.detail })
      else setProblem({ field: fault?.code === 'already-exists' ? 'name' : '', sentence })
    }
  }
  const field = (name: keyof Typed) => ({
    value: typed[name],
    error: problem?.field === name ? problem.sentence : '',
    onChange: (event: { target: { value: string } }) => setTyped((now) => ({ ...now, [name]: event.target.value })),
  })
  return (
    <fieldset className="flex flex-col gap-3" aria-label="A folder to track">
      <Input label="What you call it" placeholder="skills" {...field('name')} />
      <Input
        mono
        label="Its path on the machine"
        placeholder="~/.openclaw/workspace/skills"
        help="The whole path, or from the home of the login as ~/…"
        {...field('path')}
      />
      <Input
        mono
        label="Remote it should follow"
        aside="optional"
        help="Nothing: the one it has."
        {...field('remote')}
      />
      <Input
        mono
        label="Branch it should be on"
        aside="optional"
        help="Nothing: the one it has."
        {...field('branch')}
      />
      {problem?.field === '' && (
        <p role="alert" className="text-meta text-critical">
          {problem.sentence}
        </p>
      )}
      <div className="flex gap-2">
        <Button small disabled={typed.name.trim() === '' || typed.path.trim() === ''} onClick={() => void add()}>
          Track this folder
        </Button>
        <Button small onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </fieldset>
  )
}
