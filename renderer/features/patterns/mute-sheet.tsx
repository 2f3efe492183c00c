import { useMutation } from '@tanstack/react-query'
import type { PatternId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerSentence } from '../../state/said.ts'
import { ReasonSheet } from '../../ui/reason-sheet.tsx'
import { offerUndo } from '../../ui/toast.tsx'
import type { PatternRow } from './fold.ts'

/** Changes what is muted, and shows it at once. @returns the sentence that tells it. */
async function change(act: () => Promise<{ sentence: string }>): Promise<string> {
  const { sentence } = await act()
  await queryClient.invalidateQueries({ queryKey: orpc.patterns.key() })
  return sentence
}

const changeBack = (act: () => Promise<{ sentence: string }>): void =>
  void change(act).catch((error: unknown) => offerSentence(sentenceOf(error)))

/** Shows a muted kind again, and offers to mute it as it was. */
export async function unmute(row: PatternRow): Promise<void> {
  const patternIds = row.patterns.map(({ patternId }) => patternId)
  const reason = row.muted ?? ''
  try {
    const sentence = await change(() => client.patterns.unmute({ patternIds }))
    offerUndo(sentence, () => changeBack(() => client.patterns.mute({ patternIds, reason })))
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Those that are not muted yet: taking it back leaves the others muted, each for its own reason. */
const idsOf = (row: PatternRow): PatternId[] =>
  row.patterns.filter(({ muted }) => muted === null).map(({ patternId }) => patternId)

/** Why nobody need look at this kind of line. */
export function MuteSheet({ row, onClose }: { row: PatternRow; onClose: () => void }) {
  const patternIds = idsOf(row)
  const mute = useMutation({
    mutationFn: (reason: string) => change(() => client.patterns.mute({ patternIds, reason })),
    onSuccess: (sentence) => {
      offerUndo(sentence, () => changeBack(() => client.patterns.unmute({ patternIds })))
      onClose()
    },
  })
  const where = row.boxIds.length === 1 ? 'on its machine' : `on ${row.boxIds.length} machines`
  return (
    <ReasonSheet
      title="Mute this kind of line"
      description={`Its lines are kept and counted as before; the list shows it under Muted, ${where}.`}
      action="Mute"
      busy={mute.isPending}
      error={mute.error}
      onSubmit={mute.mutate}
      onClose={onClose}
    />
  )
}
