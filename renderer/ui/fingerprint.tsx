import { differingGroups, speakable } from './fingerprint.ts'

/**
 * A host key's fingerprint so that two people can compare it on the phone: groups of four, eleven at most.
 * With `unlike`, the groups that differ from that other fingerprint are marked.
 */
export function Fingerprint({ value, unlike }: { value: string; unlike?: string }) {
  const { hash, groups } = speakable(value)
  const differing = unlike === undefined ? new Set<number>() : differingGroups(value, unlike)
  return (
    <p className="readable font-mono text-code" data-testid="fingerprint" data-value={value}>
      {hash && <span className="mr-3 text-text3">{hash}</span>}
      {groups.map((group, at) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place
          key={at}
          className={`mr-2 inline-block ${differing.has(at) ? 'rounded-[2px] bg-critical-wash text-critical' : 'text-text'}`}
        >
          {group}
        </span>
      ))}
    </p>
  )
}
