import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BoxId, ChangeId, OutsideChange } from '../../shared/contract/index.ts'
import { client } from '../api/client.ts'
import { orpc } from '../api/queries.ts'
import { sentenceOf } from '../api/sentence.ts'
import { useActions } from '../state/actions.ts'
import { offerSentence } from '../state/said.ts'
import { Age, useNow } from './age.tsx'
import { Button, TextButton } from './button.tsx'
import { Difference } from './difference.tsx'
import { StateIcon } from './state.tsx'
import { SectionLabel, UntrustedText } from './text.tsx'
import { clockTime, longDay, sinceText } from './times.ts'
import { offerUndo } from './toast.tsx'

type Decision = 'mine' | 'keep'

async function undo(changeIds: ChangeId[]): Promise<void> {
  try {
    await client.outside.undecide({ changeIds })
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Says whose changes these were, with a way back. */
async function decide(changes: readonly OutsideChange[], as: Decision): Promise<void> {
  try {
    const { changeIds, sentence } = await client.outside.decide({ changeIds: changes.map((each) => each.changeId), as })
    if (changeIds.length > 0) offerUndo(sentence, () => void undo(changeIds))
    else offerSentence(sentence)
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Whether it waits for the operator to say whose it was. */
export const isUndecided = ({ decided, weight }: OutsideChange): boolean => decided === null && weight !== 'listed'

/**
 * What changed on a machine that this console did not do: each with its difference, when and who; and whose it was, with
 * the keys W (that was me) and A (keep) for all that is open. Nothing changed: nothing is shown.
 *
 * @param props.past also what was decided, and what needs no decision.
 */
export function OutsideChanges({ boxId, readOnly, past }: { boxId: BoxId; readOnly: boolean; past?: boolean }) {
  const { data, error } = useQuery(orpc.outside.ofBox.queryOptions({ input: { boxId } }))
  const changes = data ?? []
  const open = changes.filter(isUndecided)
  const rest = past ? changes.filter((change) => !isUndecided(change)) : []
  useDecisionKeys(open, readOnly)
  if (error) return <p className="px-6 pt-4 text-critical">{sentenceOf(error)}</p>
  if (open.length + rest.length === 0) return null
  return (
    <section
      aria-label="Changed without you"
      className={`flex flex-col gap-3 px-6 pt-5 pb-4 ${past ? 'border-b border-line' : ''}`}
    >
      {open.length > 0 && (
        <>
          <div className="flex min-h-7 items-center justify-between gap-3">
            <SectionLabel count={open.length}>Changed without you</SectionLabel>
            {!readOnly && (
              <span className="flex gap-2">
                <Button small keys="w" onClick={() => void decide(open, 'mine')}>
                  {open.length === 1 ? 'That was me' : 'All were me'}
                </Button>
                <Button small keys="a" onClick={() => void decide(open, 'keep')}>
                  {open.length === 1 ? 'Keep' : 'Keep all'}
                </Button>
              </span>
            )}
          </div>
          <ul className="flex flex-col gap-3">
            {open.map((change) => (
              <Change key={change.changeId} change={change} mayDecide={!readOnly && open.length > 1} />
            ))}
          </ul>
        </>
      )}
      {rest.length > 0 && <Past changes={rest} />}
    </section>
  )
}

function useDecisionKeys(open: readonly OutsideChange[], readOnly: boolean): void {
  const held = readOnly
    ? 'This console was started to read only.'
    : open.length === 0
      ? 'Nothing changed here without you.'
      : undefined
  useActions('Changed without you', [
    { title: 'That was me', keys: 'w', run: () => void decide(open, 'mine'), unavailable: held },
    { title: 'Keep what somebody changed', keys: 'a', run: () => void decide(open, 'keep'), unavailable: held },
  ])
}

/** Decided, or told for information: folded until somebody asks. */
function Past({ changes }: { changes: readonly OutsideChange[] }) {
  const [open, setOpen] = useState(false)
  return (
    <div className="flex flex-col gap-3">
      <p>
        <TextButton aria-expanded={open} onClick={() => setOpen(!open)}>
          {open
            ? 'Hide earlier changes'
            : `${changes.length === 1 ? '1 earlier change' : `${changes.length} earlier changes`}`}
        </TextButton>
      </p>
      {open && (
        <ul className="flex flex-col gap-3">
          {changes.map((change) => (
            <Change key={change.changeId} change={change} mayDecide={false} />
          ))}
        </ul>
      )}
    </div>
  )
}

const whoWords = ({ who, whoBy }: OutsideChange): string =>
  whoBy === 'named' ? `as “${who}”` : whoBy === 'logged-in' ? `while “${who}” was logged in` : 'who is unknown'

/** Who is answered got wider: the locked rule is broken there, and its own row is a diamond too. */
const answersMore = ({ weight, part }: OutsideChange): boolean =>
  weight === 'red' && (part === 'access' || part === 'config' || part === 'update')

const gainedAccess = (change: OutsideChange): boolean => change.weight === 'red' && !answersMore(change)

const decisionWords = { mine: 'you said it was you', keep: 'kept' } as const

/** What waits for a decision is shown at once while it is short: nobody should decide about what they did not see. */
const shortLines = 6

function Change({ change, mayDecide }: { change: OutsideChange; mayDecide: boolean }) {
  const [open, setOpen] = useState(isUndecided(change) && change.diff.length <= shortLines)
  const now = useNow()
  const when = change.atMs < change.seenAtMs ? sinceText(change.atMs, now) : `seen ${sinceText(change.atMs, now)}`
  return (
    <li className="readable flex flex-col gap-1">
      <div className="flex gap-3">
        <span className="flex h-5 w-4 shrink-0 items-center">
          {isUndecided(change) && (
            <StateIcon
              word={answersMore(change) ? 'Unsafe' : 'Changed'}
              label={answersMore(change) ? 'unsafe' : 'changed'}
            />
          )}
        </span>
        <div className="flex min-w-0 flex-1 flex-col">
          <span className={`break-words ${isUndecided(change) ? 'font-medium' : 'text-text2'}`}>
            <UntrustedText text={change.sentence} maxChars={400} />
          </span>
          <span className="text-meta text-text3">
            <time
              dateTime={new Date(change.atMs).toISOString()}
              title={`${longDay(change.atMs)}, ${clockTime(change.atMs)}`}
            >
              {when}
            </time>
            {' · '}
            <UntrustedText text={whoWords(change)} />
            {gainedAccess(change) && ' · somebody gained a way in'}
            {change.decided && ` · ${decisionWords[change.decided]}`}
          </span>
          <span className="mt-1 flex flex-wrap gap-x-4">
            <TextButton aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Hide what changed' : 'Show what changed'}
            </TextButton>
            {mayDecide && (
              <>
                <TextButton onClick={() => void decide([change], 'mine')}>That was me</TextButton>
                <TextButton onClick={() => void decide([change], 'keep')}>Keep</TextButton>
              </>
            )}
          </span>
        </div>
      </div>
      {open && <Details change={change} />}
    </li>
  )
}

function Details({ change }: { change: OutsideChange }) {
  const unsure = change.atMs === change.seenAtMs
  return (
    <div className="flex flex-col gap-3 pt-1 pl-7">
      {change.diff.length > 0 && (
        <div className="max-h-[320px] overflow-auto bg-sunken pt-2 pb-1 font-mono text-code">
          {change.diff.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one difference never move, and two may be alike
            <Difference key={at} line={line} />
          ))}
          {change.moreLines > 0 && <p className="px-3 text-text3">and {change.moreLines} more</p>}
        </div>
      )}
      <dl className="flex flex-col gap-1">
        <div className="flex gap-3">
          <dt className="w-[132px] shrink-0 text-text2">Noticed</dt>
          <dd className="min-w-0 flex-1">
            <Age atMs={change.seenAtMs} inSentence className="" />
            {unsure && (
              <>
                ; it still read as before <Age atMs={change.notBeforeMs} inSentence className="" />
              </>
            )}
          </dd>
        </div>
        {change.evidence.map((each, at) => (
          <div key={`${each.name} ${each.value}`} className="flex gap-3">
            <dt className="w-[132px] shrink-0 text-text2">
              {each.name === change.evidence[at - 1]?.name ? <span className="sr-only">{each.name}</span> : each.name}
            </dt>
            <dd className="min-w-0 flex-1 break-words">
              <UntrustedText text={each.value} maxChars={300} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
