import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { channelKindWords, doorInstance, doorName, fixedKind, fixedKindReason } from '../../../shared/channels.ts'
import type { ChannelKind } from '../../../shared/contract/index.ts'
import { DoorKey, doorOfKey } from '../../../shared/sections.ts'
import { orpc } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { blastRadius } from './blast-radius.ts'
import { ClientNumbers } from './client-numbers.tsx'
import { problemsAt, valueIn } from './draft.ts'
import { Fixed } from './fixed.tsx'
import { useLayerForm } from './layer-form.ts'
import { ChoiceLeaf, YesNoLeaf } from './leaves.tsx'
import { Safeguards } from './safeguards.tsx'
import { TeamPeople } from './team-people.tsx'
import { useLeaf } from './use-leaf.ts'

const namesAt = (tree: unknown): string[] => (typeof tree === 'object' && tree !== null ? Object.keys(tree) : [])

/** How many agents of the layer have each channel account, by its name. */
function useDoors(): Map<string, number> {
  const { page } = useLayerForm()
  const { data } = useQuery(orpc.inventory.channels.queryOptions({ input: {} }))
  const reached = new Set(page.reach.agents.map(({ agentId }) => agentId))
  const found = (data ?? []).filter(({ agentId, seenNow }) => seenNow && reached.has(agentId)).map(doorInstance)
  return new Map([...new Set(found)].map((key) => [key, found.filter((each) => each === key).length]))
}

/** Every channel account of the layer, and who may talk there. */
export function Channels() {
  const { draft, page } = useLayerForm()
  const doors = useDoors()
  const said = [valueIn(draft.sections, ['channels']), valueIn(page.inherited.content.sections, ['channels'])]
  const keys = [...new Set([...doors.keys(), ...said.flatMap(namesAt)])].toSorted()
  return (
    <>
      {keys.length === 0 && (
        <p className="text-text2">No channel account is known here yet. A sweep finds those of the machines.</p>
      )}
      {keys.map((key) => (
        <Door key={key} doorKey={key} agents={doors.get(key) ?? 0} />
      ))}
      <AddDoor taken={keys} />
    </>
  )
}

function Door({ doorKey, agents }: { doorKey: string; agents: number }) {
  const door = doorOfKey(doorKey)
  const { problems } = useLayerForm()
  const said = useLeaf(['channels', doorKey, 'kind']).value as ChannelKind | undefined
  const always = fixedKind(door.channel)
  const kind = always ?? said ?? null
  const own = problemsAt(problems, `sections.channels.${doorKey}`).filter(
    ({ path }) => path.replaceAll('\\', '') === `sections.channels.${doorKey}`,
  )
  return (
    <section aria-label={doorName(door)} className="flex flex-col gap-4">
      <div className="flex max-w-[496px] flex-col gap-1">
        <h2 className="text-lead font-semibold">
          <UntrustedText text={doorName(door)} />
        </h2>
        <p>{blastRadius(door, kind, agents)}</p>
        {own.map(({ words }) => (
          <p key={words} role="alert" className="text-meta text-critical">
            {words}
          </p>
        ))}
      </div>
      {always ? (
        <dl>
          <Fixed
            label="Whose it is"
            value={channelKindWords[always]}
            rule="own-people"
            because={fixedKindReason(door.channel)}
          />
        </dl>
      ) : (
        <Kind doorKey={doorKey} />
      )}
      <Who doorKey={doorKey} kind={kind} />
      <YesNoLeaf path={['channels', doorKey, 'enabled']} label="This account" yes="On" no="Off" ruled />
    </section>
  )
}

/** The safeguards of a public account stand beside its kind: whoever chooses one chooses the others. */
function Kind({ doorKey }: { doorKey: string }) {
  const { set, draft } = useLayerForm()
  const path = ['channels', doorKey]
  const choose = (kind: string | boolean | undefined) => {
    const { people, safeguards, ...rest } = (valueIn(draft.sections, path) ?? {}) as Record<string, unknown>
    const kept = {
      ...rest,
      ...(kind === undefined ? {} : { kind }),
      ...(kind === 'team' && people !== undefined ? { people } : {}),
      ...(kind === 'public' ? { safeguards: { ...startingSafeguards, ...(safeguards ?? {}) } } : {}),
    }
    set(path, Object.keys(kept).length === 0 ? undefined : kept)
  }
  return (
    <ChoiceLeaf
      path={[...path, 'kind']}
      label="Whose it is"
      ruled
      onChoose={choose}
      options={[
        { value: 'clients-own', label: 'Client’s own: nobody but the client' },
        { value: 'team', label: 'Team: the people named here' },
        { value: 'public', label: 'Public: whoever writes, with every safeguard' },
      ]}
    />
  )
}

/** What a public account begins with; the numbers can be changed, the rest is fixed. */
const startingSafeguards = {
  sessionPerSender: true,
  toolsDenied: true,
  groupsOff: true,
  mostPerHour: 60,
  firstApprovals: 100,
}

function Who({ doorKey, kind }: { doorKey: string; kind: ChannelKind | null }) {
  if (kind === 'team')
    return (
      <>
        <TeamPeople doorKey={doorKey} />
        <dl className="flex flex-col gap-3">
          <Strangers />
          <ByChat />
        </dl>
      </>
    )
  if (kind === 'public') return <Safeguards doorKey={doorKey} />
  return (
    <>
      <ClientNumbers />
      <dl className="flex flex-col gap-3">
        <Fixed label="Groups" value="Off" rule="no-groups" />
        <Strangers />
        <ByChat />
      </dl>
    </>
  )
}

const Strangers = () => <Fixed label="Strangers" value="No answer, no pairing code" rule="no-pairing" />
const ByChat = () => <Fixed label="Settings by chat" value="Off" rule="no-config-by-chat" />

/** A channel account that no machine of the layer has yet. */
function AddDoor({ taken }: { taken: readonly string[] }) {
  const { set, held } = useLayerForm()
  const [typed, setTyped] = useState<string | null>(null)
  const key = (typed ?? '').trim()
  const read = DoorKey.safeParse(key)
  const problem = taken.includes(key) ? 'It stands above already.' : read.success ? '' : read.error.issues[0]?.message
  if (held !== undefined) return null
  if (typed === null)
    return (
      <div>
        <Button small onClick={() => setTyped('')}>
          Add a channel account
        </Button>
      </div>
    )
  const add = () => {
    if (problem !== '') return
    set(['channels', key, 'kind'], fixedKind(doorOfKey(key).channel) ?? 'clients-own')
    setTyped(null)
  }
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        add()
      }}
    >
      <Input
        label="Channel and account"
        mono
        autoFocus
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        help="Such as telegram/default. It begins as the client’s own."
        error={key !== '' && problem ? problem : undefined}
      />
      <div className="flex gap-2">
        <Button small submit keys="enter" disabled={problem !== ''}>
          Add it
        </Button>
        <Button small onClick={() => setTyped(null)}>
          Leave it
        </Button>
      </div>
    </form>
  )
}
