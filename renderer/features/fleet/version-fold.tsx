import type { FleetPage } from '../../../shared/contract/index.ts'
import { useFleetState } from './fleet-state.ts'

/** Equal versions in one line: "9 machines: 2026.9.6". A click shows those machines. */
export function VersionFold({ fold }: { fold: FleetPage['versionFold'] }) {
  if (fold.length === 0) return null
  return (
    <p className="flex h-7 shrink-0 items-center gap-4 overflow-hidden px-6 pb-2 text-meta text-text3">
      {fold.slice(0, 6).map(({ version, boxNames }) => (
        <button
          key={version}
          type="button"
          onClick={() => useFleetState.setState({ filter: `version:"${version}"` })}
          className="ring-inside shrink-0 rounded-[2px] hover:text-text hover:underline"
        >
          {boxNames.length === 1 ? '1 machine' : `${boxNames.length} machines`}:{' '}
          <span className="font-mono">{version || 'no version'}</span>
        </button>
      ))}
      {fold.length > 6 && <span>and {fold.length - 6} more versions</span>}
    </p>
  )
}
