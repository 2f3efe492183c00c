import { useQuery } from '@tanstack/react-query'
import { doorName, fixedKindReason, kindWords } from '../../../shared/channels.ts'
import type { Channel, Fact } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { offerSentence } from '../../state/said.ts'
import { channelOf, kindOfValue, kindOptions, mayChoose } from './channels-view.ts'

/** Says whose an account is, with a way back. */
async function setKind({ channelId }: Channel, value: string): Promise<void> {
  try {
    const { sentence, undoId } = await client.inventory.setChannelKind({ channelId, kind: kindOfValue(value) })
    offerUndoOf(sentence, [undoId])
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Whose the account of a "who it answers" line is: words where it cannot be changed, else a choice. */
export function DoorKind({ fact, reachable }: { fact: Fact; reachable: boolean }) {
  const { data: channels } = useQuery(orpc.inventory.channels.queryOptions({ input: { boxId: fact.boxId } }))
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const channel = channelOf(fact, channels ?? [])
  if (!channel) return null
  const look = `w-32 shrink-0 ${channel.kind === null ? 'text-text3' : 'text-text2'}`
  if (!mayChoose(channel))
    return (
      <span className={`${look} px-[5px]`} title={fixedKindReason(channel.channel)}>
        {kindWords(channel.kind)}
      </span>
    )
  if (app?.readOnly) return <span className={`${look} px-[5px]`}>{kindWords(channel.kind)}</span>
  return (
    <label className="flex shrink-0 items-baseline gap-2">
      <span className="text-meta text-text3">Kind</span>
      <select
        aria-label={`Kind of ${doorName(channel)}`}
        tabIndex={reachable ? 0 : -1}
        value={channel.kind ?? ''}
        onChange={(event) => void setKind(channel, event.target.value)}
        onDoubleClick={(event) => event.stopPropagation()}
        className={`${look} -my-1 h-7 rounded-control border border-control bg-surface px-[10px]`}
      >
        {kindOptions.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}
