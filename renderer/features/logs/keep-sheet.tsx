import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeepId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerSentence } from '../../state/said.ts'
import { Radio, RadioGroup } from '../../ui/field.tsx'
import { ReasonSheet } from '../../ui/reason-sheet.tsx'
import { offerUndo } from '../../ui/toast.tsx'
import { engineAsks } from './ask-logs.ts'
import type { LineRow } from './line-window.ts'
import { contextLines, linesAround } from './lines-around.ts'

/** So many lines are kept at once at most; the engine takes no more. */
const mostKept = 500

async function takeBack(keepId: KeepId): Promise<void> {
  try {
    await client.logs.unkeep({ keepId })
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Keeps lines beyond the 90 days, with a reason. `run`: the lines of the whole run the line is shown in. */
export function KeepSheet({ line, run, onClose }: { line: LineRow; run?: readonly LineRow[]; onClose: () => void }) {
  const [whole, setWhole] = useState<'line' | 'more'>('more')
  const keep = useMutation({
    mutationFn: async (reason: string) => {
      const lines = whole === 'line' ? [line] : (run?.slice(0, mostKept) ?? (await linesAround(engineAsks, line)))
      return client.logs.keep({ boxId: line.boxId, seqs: lines.map(({ seq }) => seq), reason })
    },
    onSuccess: ({ keepId, sentence }) => {
      offerUndo(sentence, () => void takeBack(keepId))
      onClose()
    },
  })
  const most = run && run.length > mostKept ? `The first ${mostKept} lines of this run` : 'The whole run'
  return (
    <ReasonSheet
      title="Keep beyond 90 days"
      description="Lines are deleted after 90 days. Those kept stay until they are let go."
      action="Keep"
      busy={keep.isPending}
      error={keep.error}
      onSubmit={keep.mutate}
      onClose={onClose}
    >
      <RadioGroup label="What is kept">
        <Radio
          name="keep-what"
          label={run ? most : `This line with ${contextLines} before and after it`}
          checked={whole === 'more'}
          onChange={() => setWhole('more')}
        />
        <Radio name="keep-what" label="This line alone" checked={whole === 'line'} onChange={() => setWhole('line')} />
      </RadioGroup>
    </ReasonSheet>
  )
}
