import { useEffect, useId, useRef, useState } from 'react'
import { create } from 'zustand'
import { isLetter } from './strokes.ts'

/**
 * Something a person can do here. The same entry answers to its key, stands in the palette and on the sheet of all keys,
 * so none of the three can promise what the others do not hold.
 */
export interface Action {
  /** Words of the palette and the key sheet: "Sweep all machines". */
  title: string
  /** Notation of `strokes.ts`; two strokes with a space are pressed one after the other: `g r`. Several: any of them. */
  keys?: string | readonly string[]
  run: () => void
  /** Why it does not apply now, as a sentence; it stays listed with the reason and does nothing. */
  unavailable?: string | undefined
  /** Movement and the like: on the key sheet, but not in the palette. */
  keysOnly?: boolean
}

export interface ActionGroup {
  id: string
  /** Rises with each mount; a parent mounts before what is in it. */
  mounted: number
  /** Heading on the key sheet: "Review", "Everywhere". */
  name: string
  actions: readonly Action[]
}

const useGroups = create<{ groups: readonly ActionGroup[] }>(() => ({ groups: [] }))

let mounts = 0

/** Groups that apply now, innermost first: what lies deepest answers a key first. */
export const useActionGroups = (): readonly ActionGroup[] => useGroups((state) => state.groups)
export const actionGroups = (): readonly ActionGroup[] => useGroups.getState().groups

/** Offers actions for as long as the calling component is on screen. The newest closures are always the ones that run. */
export function useActions(name: string, actions: readonly Action[]): void {
  const id = useId()
  const [mounted] = useState(() => mounts++)
  const shown = useRef(actions)
  shown.current = actions
  const shape = JSON.stringify(
    actions.map(({ title, keys, unavailable, keysOnly }) => [title, keys, unavailable, keysOnly]),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the actions
  useEffect(() => {
    const current = shown.current.map((action, at) => ({ ...action, run: () => shown.current[at]?.run() }))
    useGroups.setState(({ groups }) => {
      const others = groups.filter((group) => group.id !== id)
      return { groups: [...others, { id, mounted, name, actions: current }].toSorted((a, b) => b.mounted - a.mounted) }
    })
  }, [id, mounted, name, shape])
  useEffect(
    () => () => useGroups.setState(({ groups }) => ({ groups: groups.filter((group) => group.id !== id) })),
    [id],
  )
}

/** The strokes of an action as a list. */
export const strokesOf = (action: Action): readonly string[] =>
  action.keys === undefined ? [] : typeof action.keys === 'string' ? [action.keys] : action.keys

/** What a stroke means now. `begins`: it may be the first of two. Innermost group first; what is unavailable keeps the key. */
export function meaningOf(
  groups: readonly ActionGroup[],
  pending: string | null,
  stroke: string,
): { action: Action | null; begins: boolean } {
  const wanted = pending === null ? stroke : `${pending} ${stroke}`
  const all = groups.flatMap((group) => group.actions)
  const action = all.find((each) => strokesOf(each).includes(wanted)) ?? null
  const begins = all.some((each) => strokesOf(each).some((keys) => keys.startsWith(`${wanted} `)))
  return { action, begins }
}

/**
 * The groups with the strokes that act now, for the list of keys: a stroke belongs to the innermost action that has it,
 * and letters belong to none while they are turned off. Actions and groups left without a stroke are left out.
 */
export function inForce(groups: readonly ActionGroup[], lettersOn: boolean): ActionGroup[] {
  const taken = new Set<string>()
  const free = (stroke: string): boolean => {
    if (taken.has(stroke) || (!lettersOn && isLetter(stroke.split(' ')[0] ?? ''))) return false
    taken.add(stroke)
    return true
  }
  return groups
    .map((group) => ({
      ...group,
      actions: group.actions
        .map((action) => ({ ...action, keys: strokesOf(action).filter(free) }))
        .filter((action) => action.keys.length > 0),
    }))
    .filter((group) => group.actions.length > 0)
}
