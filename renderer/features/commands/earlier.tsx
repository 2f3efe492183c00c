import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../api/queries.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

const shown = 8

/** Commands that were sent, newest first; each opens its record. */
export function Earlier() {
  const { data: runs = [] } = useQuery(orpc.commands.recent.queryOptions({ input: { limit: shown } }))
  if (runs.length === 0) return null
  return (
    <section aria-label="Sent before" className="flex flex-col gap-1">
      <SectionLabel>Sent before</SectionLabel>
      <ul>
        {runs.map((run) => (
          <li key={run.commandId}>
            <button
              type="button"
              onClick={() => go({ page: 'command', commandId: run.commandId })}
              className="flex h-7 w-full items-baseline gap-4 rounded-[2px] text-left hover:bg-sunken"
            >
              <span className="min-w-0 flex-1 truncate font-mono text-code">
                <UntrustedText text={run.command} />
              </span>
              <span className="shrink-0 text-meta text-text3">
                {run.boxes === 1 ? '1 machine' : `${run.boxes} machines`}
                {run.state === 'running' ? ' · runs' : run.state === 'done' ? '' : ` · ${run.state}`}
              </span>
              <Age atMs={run.begunAtMs} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
