import { useState } from 'react'
import { GuardSaid, type PatchId, type RolloutGuard, type RolloutPreview } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { type Said, said } from '../../api/fault.ts'
import { offerUndoOf } from '../../api/undo.ts'

/** What is typed about who asked for a change of behaviour. */
export interface Saying {
  readonly open: boolean
  readonly typed: GuardSaid
  /** Whom it reaches. */
  readonly clients: RolloutGuard['clients']
  readonly busy: boolean
  /** What is wrong with what was typed, by field; said once somebody tried to keep it. */
  readonly errors: Readonly<Partial<Record<'words' | 'benefits' | 'clientId', string>>>
  readonly problem: Pick<Said, 'sentence' | 'nextStep'> | null
  readonly begin: (kind: GuardSaid['kind']) => void
  readonly change: (part: Partial<GuardSaid>) => void
  readonly cancel: () => void
  readonly keep: () => void
}

const nothing: GuardSaid = { kind: 'asked', words: '', benefits: '' }

function errorsIn(typed: GuardSaid, clients: RolloutGuard['clients']): Saying['errors'] {
  const parsed = GuardSaid.safeParse(typed)
  const isOpen = typed.kind === 'asked' && clients.length > 1 && typed.clientId === undefined
  return {
    ...(isOpen ? { clientId: 'Say which of them asked: it counts for them alone.' } : {}),
    ...(parsed.success
      ? {}
      : Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message]))),
  }
}

/** Keeps on record who asked, or why it goes although nobody did. What was typed stays until it is kept. */
export function useSaying(
  patchId: PatchId,
  clients: RolloutGuard['clients'],
  renew: (preview: RolloutPreview) => void,
): Saying {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState(nothing)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Saying['problem']>(null)
  const keep = async () => {
    setTried(true)
    if (Object.keys(errorsIn(typed, clients)).length > 0) return
    setBusy(true)
    setProblem(null)
    try {
      const { preview, undoId, sentence } = await client.rollout.justify({ patchId, said: typed })
      renew(preview)
      setOpen(false)
      setTyped(nothing)
      setTried(false)
      offerUndoOf(sentence, [undoId], () => void client.rollout.preview({ patchId }).then(renew))
    } catch (error) {
      setProblem(said(error))
    }
    setBusy(false)
  }
  return {
    open,
    typed,
    busy,
    errors: tried ? errorsIn(typed, clients) : {},
    clients,
    problem,
    begin: (kind) => {
      setTyped((before) => ({ ...before, kind }))
      setOpen(true)
    },
    change: (part) => setTyped((before) => ({ ...before, ...part })),
    cancel: () => setOpen(false),
    keep: () => void (busy || keep()),
  }
}
