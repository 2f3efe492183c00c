import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  type ActiveExcept,
  type Adoption,
  LayerKind,
  type LayerRef,
  type LayerSummary,
  type PlanChange,
} from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { Radio, RadioGroup } from '../../ui/field.tsx'
import { ReasonSheet } from '../../ui/reason-sheet.tsx'
import { UntilSheet } from '../../ui/until-sheet.tsx'
import type { DriftRow } from './drift-rows.ts'

const nameOf = ({ kind, key }: LayerRef): string => `${kind} ${key}`

/** As it stands now: after an undo or another change what the sheet was opened on can be one behind, and one value clashes with none. */
async function revisionNow(layer: LayerRef): Promise<number> {
  const layers = await client.overlay.layers()
  return layers.find((each) => nameOf(each.layer) === nameOf(layer))?.revision ?? 0
}

/** Layers of the row's agent in which a word counts: the one that declares the value, and the narrower ones; narrowest first. */
function useLayers(row: DriftRow, { from }: PlanChange): readonly LayerSummary[] {
  const agentId = row.plans[0]?.agentId
  const { data } = useQuery({
    ...orpc.overlay.merged.queryOptions({ input: { agentId: agentId ?? ('' as never) } }),
    enabled: agentId !== undefined,
  })
  const rank = ({ kind }: LayerRef) => LayerKind.options.indexOf(kind)
  const widest = from === null ? 0 : rank(from)
  return (data?.layers ?? []).filter(({ layer }) => rank(layer) >= widest).toReversed()
}

const reachWords = ({ agents }: LayerSummary): string => (agents === 1 ? 'this machine alone' : `${agents} machines`)

function LayerChoice({
  layers,
  chosen,
  onChoose,
}: {
  layers: readonly LayerSummary[]
  chosen: LayerSummary | undefined
  onChoose: (layer: LayerRef) => void
}) {
  return (
    <RadioGroup label="In which layer">
      {layers.map((each) => (
        <Radio
          key={nameOf(each.layer)}
          name="layer"
          label={`${each.label}: ${reachWords(each)}`}
          checked={chosen !== undefined && nameOf(chosen.layer) === nameOf(each.layer)}
          onChange={() => onChoose(each.layer)}
        />
      ))}
    </RadioGroup>
  )
}

/** The choice of a layer: the machine's own until another is chosen. */
function useChoice(row: DriftRow, change: PlanChange, only: LayerRef | null = null) {
  const layers = useLayers(row, change).filter(({ layer }) => only === null || nameOf(layer) === nameOf(only))
  const [wanted, setWanted] = useState<LayerRef | null>(null)
  const narrow = row.plans.length === 1 ? layers.find(({ layer }) => layer.kind === 'box') : layers.at(-1)
  const chosen = layers.find(({ layer }) => wanted !== null && nameOf(layer) === nameOf(wanted)) ?? narrow ?? layers[0]
  const choice = <LayerChoice layers={layers} chosen={chosen} onChoose={setWanted} />
  return { chosen, choice }
}

/** "4h becomes what is declared: heartbeat.everyMinutes 240." */
function adoptWords({ before }: PlanChange, adoption: Adoption | undefined): string {
  const said = (adoption?.words ?? []).map(
    ({ path, value }) => `${path.replace(/^sections\./, '')} ${value ?? 'is not declared any more'}`,
  )
  const becomes = untrusted(`${before ?? 'That nothing stands there'} becomes what is declared`, 300)
  return `${becomes}${said.length === 0 ? '' : untrusted(`: ${said.join(', ')}`, 300)}. No machine is changed.`
}

/** What was found becomes what is declared. */
export function AdoptSheet({
  row,
  change,
  adoption,
  onClose,
}: {
  row: DriftRow
  change: PlanChange
  adoption: Adoption | undefined
  onClose: () => void
}) {
  const { chosen, choice } = useChoice(row, change, adoption?.onlyIn)
  const adopt = useMutation({
    mutationFn: async (because: string) => {
      const [plan] = row.plans
      if (!plan || !chosen) return
      const { layer } = chosen
      const done = await client.plan.adopt({
        agentId: plan.agentId,
        path: change.path,
        layer,
        baseRevision: await revisionNow(layer),
        because,
      })
      offerUndoOf(done.sentence, [done.undoId])
      onClose()
    },
  })
  return (
    <ReasonSheet
      title={`Adopt ${change.path}`}
      description={adoptWords(change, adoption)}
      action="Adopt it"
      maxLength={300}
      busy={adopt.isPending || chosen === undefined}
      error={adopt.error}
      onSubmit={(because) => adopt.mutate(because)}
      onClose={onClose}
    >
      {choice}
    </ReasonSheet>
  )
}

/** It stays as it is until a day, and is declared again afterwards. */
export function ExceptSheet({ row, change, onClose }: { row: DriftRow; change: PlanChange; onClose: () => void }) {
  const { chosen, choice } = useChoice(row, change)
  const save = useMutation({
    mutationFn: async ({ untilMs, because }: { untilMs: number; because: string }) => {
      if (!chosen) return
      const { layer } = chosen
      const except = { path: change.declared, untilMs, because }
      const done = await client.overlay.except({ layer, baseRevision: await revisionNow(layer), except })
      offerUndoOf(done.sentence, [done.undoId])
      onClose()
    },
  })
  return (
    <UntilSheet
      title={`Leave ${change.path} for a while`}
      description="It stays as it is there until that day, and then is part of the plan again. No machine is changed."
      action="Leave it"
      busy={save.isPending || !chosen}
      error={save.error}
      onSubmit={(untilMs, because) => save.mutate({ untilMs, because })}
      onClose={onClose}
    >
      {choice}
    </UntilSheet>
  )
}

/** What was left as it is becomes part of the plan again. */
export function EndExceptSheet({ except, onClose }: { except: ActiveExcept; onClose: () => void }) {
  const end = useMutation({
    mutationFn: async (because: string) => {
      const { layer, path } = except
      const done = await client.overlay.endExcept({ layer, baseRevision: await revisionNow(layer), path, because })
      offerUndoOf(done.sentence, [done.undoId])
      onClose()
    },
  })
  return (
    <ReasonSheet
      title={`End the exception of ${except.path}`}
      description="What is declared counts there again, and is part of the plan. No machine is changed."
      action="End it"
      maxLength={300}
      busy={end.isPending}
      error={end.error}
      onSubmit={(because) => end.mutate(because)}
      onClose={onClose}
    />
  )
}
