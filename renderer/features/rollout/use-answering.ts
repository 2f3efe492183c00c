import { useState } from 'react'
import type { BoxId, RolloutPreview, UndoId } from '../../../shared/contract/index.ts'
import { faultText } from '../../../shared/fault-text.ts'
import { client } from '../../api/client.ts'
import { type Said, said, wasCancelled } from '../../api/fault.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { idOf, type OpenQuestion, type Picks } from './questions.ts'
import { counted } from './words.ts'

export interface Answering {
  /** What goes on: "Drill: 3 of 8"; null: nothing. */
  readonly doing: string | null
  readonly problem: Pick<Said, 'sentence' | 'nextStep'> | null
  /** Records what is picked for every open question, and runs the drills. */
  readonly take: (open: readonly OpenQuestion[], picks: Picks) => void
  readonly look: () => void
  readonly confirmNeeds: () => void
}

const drillsAtOnce = 4

/** Drills so many at once; answers the names of machines that did not show it. */
async function drillAll(boxIds: readonly BoxId[], tell: (done: number) => void): Promise<number> {
  const left = [...boxIds]
  let [done, unproven] = [0, 0]
  const work = async () => {
    for (let boxId = left.shift(); boxId !== undefined; boxId = left.shift()) {
      try {
        const { proven } = await client.apply.drill({ boxId })
        if (!proven) unproven++
      } catch (error) {
        if (wasCancelled(error)) throw error
        unproven++
      }
      tell(++done)
    }
  }
  await Promise.all(Array.from({ length: drillsAtOnce }, work))
  return unproven
}

/** What is done about a preview's questions: answers recorded, drills run, machines asked. It changes no agent. */
export function useAnswering(preview: RolloutPreview, renew: (preview: RolloutPreview) => void): Answering {
  const { patchId, revision } = preview.patch
  const [doing, setDoing] = useState<string | null>(null)
  const [problem, setProblem] = useState<Answering['problem']>(null)
  const act = async (words: string, work: () => Promise<Answering['problem'] | undefined>) => {
    setDoing(words)
    setProblem(null)
    try {
      setProblem((await work()) ?? null)
    } catch (error) {
      if (!wasCancelled(error)) setProblem(said(error))
    }
    setDoing(null)
  }
  const takeAll = async (open: readonly OpenQuestion[], picks: Picks) => {
    const boxOf = new Map(preview.targets.map(({ agentId, boxId }) => [agentId, boxId]))
    const picked = open.map((one) => ({ ...one, answer: picks[idOf(one.question)] ?? one.recommended }))
    const undoIds: UndoId[] = []
    for (const { question, agents, answer, recommended, because } of picked) {
      if (answer === 'drill') continue
      const { undoId } = await client.rollout.choose({
        patchId,
        key: question.key,
        agentIds: agents.map(({ agentId }) => agentId),
        exit: answer,
        because: answer === recommended ? `As recommended: ${because}` : question.words.slice(0, 300),
      })
      undoIds.push(undoId)
    }
    const drills = picked.filter(({ answer }) => answer === 'drill')
    const boxIds = [
      ...new Set(drills.flatMap(({ agents }) => agents.flatMap(({ agentId }) => boxOf.get(agentId) ?? []))),
    ]
    const tell = (done: number) => setDoing(`The drill runs: ${done} of ${boxIds.length} machines.`)
    if (boxIds.length > 0) tell(0)
    const unproven = await drillAll(boxIds, tell)
    renew(await client.rollout.preview({ patchId }))
    if (undoIds.length > 0)
      offerUndoOf(`${counted(undoIds.length, 'answer')} recorded. No machine was changed.`, undoIds, () => {
        void client.rollout.preview({ patchId }).then(renew)
      })
    return unproven === 0
      ? undefined
      : {
          sentence: `${counted(unproven, 'machine')} did not show that a change goes back by itself.`,
          nextStep: 'Leave them out, or run the drill again.',
        }
  }
  return {
    doing,
    problem,
    take: (open, picks) => void act('The answers are being recorded.', () => takeAll(open, picks)),
    look: () =>
      void act('The machines are being asked.', async () => {
        const { preview: looked, notReached } = await client.rollout.look({ patchId })
        renew(looked)
        const [first] = notReached
        if (!first) return undefined
        return {
          sentence: `${counted(notReached.length, 'machine')} did not answer: ${notReached.map(({ boxName }) => boxName).join(', ')}. ${faultText(first.fault).sentence}`,
          nextStep: 'What is known of them is as old as it was.',
        }
      }),
    confirmNeeds: () =>
      void act('The needs are being confirmed.', async () => {
        const { undoId, sentence } = await client.patch.confirm({ patchId, baseRevision: revision })
        renew(await client.rollout.preview({ patchId }))
        offerUndoOf(sentence, [undoId])
        return undefined
      }),
  }
}
