import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'
import { orpc } from '../api/queries.ts'
import { useRuns } from '../api/rollouts.ts'
import { strokesOf, useActionGroups } from '../state/actions.ts'
import { showOver, useOver } from '../state/frame.ts'
import { go } from '../state/navigation.ts'
import { recentChoices, rememberChoice } from '../state/recent.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import { UntrustedText } from '../ui/text.tsx'
import { whenText } from '../ui/times.ts'

interface Choice {
  /** Kept in the list of what was chosen last. */
  id: string
  kind: 'Machine' | 'Client' | 'Patch' | 'Rollout' | 'Action'
  title: string
  aside: string
  keys?: string | undefined
  unavailable?: string | undefined
  run: () => void
}

function useChoices(): Choice[] {
  const { data: boxes = [] } = useQuery(orpc.inventory.boxes.queryOptions())
  const { data: clients = [] } = useQuery(orpc.inventory.clients.queryOptions())
  const { data: patches = [] } = useQuery(orpc.patch.list.queryOptions())
  const runs = useRuns()
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
    ...patches.map(
      ({ patchId, name, why }): Choice => ({
        id: `patch ${patchId}`,
        kind: 'Patch',
        title: name,
        aside: why,
        run: () => go({ page: 'patch', patchId }),
      }),
    ),
    ...runs.map(
      ({ rolloutId, revertOf, patchName, startedAtMs, state, words }): Choice => ({
        id: `rollout ${rolloutId}`,
        kind: 'Rollout',
        title: revertOf === null ? patchName : `Put back: ${patchName}`,
        aside: `${state === 'ended' ? whenText(startedAtMs, Date.now()) : 'under way'} · ${words}`,
        run: () => go({ page: 'rollout', rolloutId }),
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

/** One field to reach everything: machines, clients, patches, rollouts, actions. What was chosen last stands first. */
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

/**
 * Ids are ours and mean nothing to a person: only names and what stands beside them are searched. Every typed word must
 * stand there; its begin of a word weighs more. Letters picked from anywhere would put an action before the machine meant.
 */
function byWords(_id: string, typed: string, words?: string[]): number {
  const text = ` ${(words ?? []).join(' ').toLowerCase()}`
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (!parts.every((part) => text.includes(part))) return 0
  return parts.every((part) => /[ -]/.test(text.charAt(text.indexOf(part) - 1))) ? 1 : 0.5
}

function Choices() {
  const [typed, setTyped] = useState('')
  const [recent] = useState(recentChoices)
  const choices = useChoices()
  const last = typed === '' ? recent.flatMap((id) => choices.find((choice) => choice.id === id) ?? []) : []
  const rest = choices.filter((choice) => !last.includes(choice))
  const headings = {
    Action: 'Actions',
    Client: 'Clients',
    Machine: 'Machines',
    Patch: 'Patches',
    Rollout: 'Rollouts',
  } as const
  const kinds = ['Action', 'Client', 'Machine', 'Patch', 'Rollout'] as const
  return (
    <Command label="Search or jump" loop filter={byWords}>
      <Command.Input
        value={typed}
        onValueChange={setTyped}
        placeholder="Machine, client, patch or action"
        className="h-11 w-full border-b border-line bg-transparent px-4 outline-none"
      />
      <Command.List className="max-h-[428px] overflow-y-auto p-2">
        <Command.Empty className="px-2 py-3 text-text2">Nothing here is called “{typed}”.</Command.Empty>
        {last.length > 0 && <Group heading="Last" choices={last} />}
        {kinds.map((kind) => {
          const ofKind = rest.filter((choice) => choice.kind === kind)
          return ofKind.length > 0 && <Group key={kind} heading={headings[kind]} choices={ofKind} />
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
