import { useQuery } from '@tanstack/react-query'
import { Command, defaultFilter } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'
import { orpc } from '../api/queries.ts'
import { strokesOf, useActionGroups } from '../state/actions.ts'
import { showOver, useOver } from '../state/frame.ts'
import { go } from '../state/navigation.ts'
import { recentChoices, rememberChoice } from '../state/recent.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import { UntrustedText } from '../ui/text.tsx'

interface Choice {
  /** Kept in the list of what was chosen last. */
  id: string
  kind: 'Machine' | 'Client' | 'Action'
  title: string
  aside: string
  keys?: string | undefined
  unavailable?: string | undefined
  run: () => void
}

function useChoices(): Choice[] {
  const { data: boxes = [] } = useQuery(orpc.inventory.boxes.queryOptions())
  const { data: clients = [] } = useQuery(orpc.inventory.clients.queryOptions())
  const groups = useActionGroups()
  const clientName = new Map(clients.map((client) => [client.clientId, client.name]))
  const titles = new Set<string>()
  const actions = groups
    .flatMap((group) => group.actions)
    .filter((action) => !action.keysOnly && !titles.has(action.title) && titles.add(action.title))
    .toSorted((a, b) => Number(a.unavailable !== undefined) - Number(b.unavailable !== undefined))
  return [
    ...actions.map(
      (action): Choice => ({
        id: `action ${action.title}`,
        kind: 'Action',
        title: action.title,
        aside: '',
        keys: strokesOf(action)[0],
        unavailable: action.unavailable,
        run: action.run,
      }),
    ),
    ...clients.map(
      ({ clientId, name, niche }): Choice => ({
        id: `client ${clientId}`,
        kind: 'Client',
        title: name,
        aside: niche,
        run: () => go({ page: 'client', clientId }),
      }),
    ),
    ...boxes.map(
      ({ boxId, name, clientId }): Choice => ({
        id: `box ${boxId}`,
        kind: 'Machine',
        title: name,
        aside: (clientId && clientName.get(clientId)) ?? '',
        run: () => go({ page: 'machine', boxId }),
      }),
    ),
  ]
}

/** One field to reach everything: machines, clients, actions. What was chosen last stands first. */
export function Palette() {
  const open = useOver() === 'palette'
  return (
    <Radix.Root open={open} onOpenChange={(next) => showOver(next ? 'palette' : null)}>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          className="arrives fixed top-[88px] left-1/2 z-30 ml-[-300px] w-[600px] overflow-hidden rounded-pop border border-line bg-raised shadow-pop"
        >
          <Radix.Title className="sr-only">Search or jump</Radix.Title>
          <Choices />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Ids are ours and mean nothing to a person: only names and what stands beside them are searched. */
const byWords = (_id: string, typed: string, words?: string[]): number => defaultFilter(words?.join(' ') ?? '', typed)

function Choices() {
  const [typed, setTyped] = useState('')
  const [recent] = useState(recentChoices)
  const choices = useChoices()
  const last = typed === '' ? recent.flatMap((id) => choices.find((choice) => choice.id === id) ?? []) : []
  const rest = choices.filter((choice) => !last.includes(choice))
  const kinds = ['Action', 'Client', 'Machine'] as const
  return (
    <Command label="Search or jump" loop filter={byWords}>
      <Command.Input
        value={typed}
        onValueChange={setTyped}
        placeholder="Machine, client or action"
        className="h-11 w-full border-b border-line bg-transparent px-4 outline-none"
      />
      <Command.List className="max-h-[420px] overflow-y-auto p-2">
        <Command.Empty className="px-2 py-3 text-text2">Nothing here is called “{typed}”.</Command.Empty>
        {last.length > 0 && <Group heading="Last" choices={last} />}
        {kinds.map((kind) => {
          const ofKind = rest.filter((choice) => choice.kind === kind)
          return ofKind.length > 0 && <Group key={kind} heading={`${kind}s`} choices={ofKind} />
        })}
      </Command.List>
    </Command>
  )
}

function Group({ heading, choices }: { heading: string; choices: Choice[] }) {
  return (
    <Command.Group
      heading={heading}
      className="pb-2 **:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-label **:[[cmdk-group-heading]]:text-text2"
    >
      {choices.map((choice) => (
        <Line key={choice.id} choice={choice} />
      ))}
    </Command.Group>
  )
}

function Line({ choice }: { choice: Choice }) {
  const choose = () => {
    rememberChoice(choice.id)
    showOver(null)
    choice.run()
  }
  return (
    <Command.Item
      value={choice.id}
      keywords={[choice.title, choice.aside]}
      disabled={choice.unavailable !== undefined}
      onSelect={choose}
      className="flex min-h-8 items-center gap-3 rounded-cap px-2 py-1 aria-disabled:text-text3 aria-selected:bg-selected"
    >
      <span className="min-w-0 flex-1 truncate">
        <UntrustedText text={choice.title} />
        {choice.aside && (
          <span className="ml-3 text-meta text-text3">
            <UntrustedText text={choice.aside} />
          </span>
        )}
        {choice.unavailable && <span className="block truncate text-meta text-text3">{choice.unavailable}</span>}
      </span>
      {choice.keys && <KeyCap keys={choice.keys} />}
    </Command.Item>
  )
}
