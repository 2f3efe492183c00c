import { useQuery } from '@tanstack/react-query'
import { doorName, kindWords } from '../../../shared/channels.ts'
import type { BoxId, Channel } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { offerSentence } from '../../state/said.ts'
import { Age } from '../../ui/age.tsx'
import { TextButton } from '../../ui/button.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { goneChannels } from './channels-view.ts'

async function remove({ channelId }: Channel): Promise<void> {
  try {
    const { sentence, undoId } = await client.inventory.removeChannel({ channelId })
    offerUndoOf(sentence, [undoId])
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Channel accounts that the machine had and no sweep finds any more, each until somebody removes it. */
export function GoneChannels({ boxId, readOnly }: { boxId: BoxId; readOnly: boolean }) {
  const { data: channels } = useQuery(orpc.inventory.channels.queryOptions({ input: { boxId } }))
  const gone = goneChannels(channels ?? [])
  if (gone.length === 0) return null
  return (
    <section aria-label="Channels no longer found" className="flex flex-col gap-2 px-6 pb-4">
      <SectionLabel count={gone.length}>Channels no longer found</SectionLabel>
      {gone.map((channel) => (
        <p key={channel.channelId} className="flex items-start gap-3">
          <span className="min-w-0 flex-1 break-words">
            <UntrustedText text={doorName(channel)} />
            <span className="text-text3"> · {kindWords(channel.kind)}</span>
          </span>
          <Age atMs={channel.lastSeenAtMs} />
          {!readOnly && <TextButton onClick={() => void remove(channel)}>Remove</TextButton>}
        </p>
      ))}
    </section>
  )
}
