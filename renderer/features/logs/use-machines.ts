import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { BoxId, FleetRow } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'

export interface Machines {
  /** By client, then by name. */
  rows: readonly FleetRow[]
  byId: ReadonlyMap<BoxId, FleetRow>
  /** False until the fleet is known. */
  known: boolean
}

/** So many machines are read at once at most; the engine takes no more. */
export const mostMachines = 1_000

const byClient = (a: FleetRow, b: FleetRow): number =>
  a.clientName.localeCompare(b.clientName) || a.boxName.localeCompare(b.boxName)

export function useMachines(): Machines {
  const { data } = useQuery(orpc.pages.fleet.queryOptions())
  return useMemo(() => {
    const rows = (data?.rows ?? []).toSorted(byClient)
    return { rows, byId: new Map(rows.map((row) => [row.boxId, row])), known: data !== undefined }
  }, [data])
}

/** The machines that are shown: those chosen that still are there, else all. */
export function shownOf({ rows, byId }: Machines, chosen: readonly BoxId[] | null): BoxId[] {
  const still = chosen?.filter((boxId) => byId.has(boxId)) ?? []
  return (chosen === null || still.length === 0 ? rows.map(({ boxId }) => boxId) : still).slice(0, mostMachines)
}
