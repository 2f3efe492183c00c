import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { FleetRow, Plan } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import type { Away } from './parts.ts'

/** Machines that did not answer when they were last asked, as the fleet page tells it. */
export function useAway(): Away {
  const { data } = useQuery(orpc.pages.fleet.queryOptions())
  return useMemo(() => new Set(data?.rows.filter(({ state }) => state === 'Offline').map(({ boxId }) => boxId)), [data])
}

const none: FleetRow[] = []

/** Machines of which no agent was ever seen: what they should change is not known. */
export function useNeverRead({ agents }: Plan): readonly FleetRow[] {
  const { data } = useQuery(orpc.pages.fleet.queryOptions())
  const rows = data?.rows ?? none
  return useMemo(() => {
    const seen = new Set(agents.map(({ boxId }) => boxId))
    return rows.filter(({ boxId }) => !seen.has(boxId))
  }, [rows, agents])
}
