import type { ReactNode } from 'react'
import type { ClientStreak, RolloutGuard } from '../../../shared/contract/index.ts'
import { answeredText, calmText, longestText, unchangedText } from '../../../shared/guard-words.ts'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Whom a change of behaviour touches: their workflows, and what each has had without a break. */
export function AtStake({ guard: { clients, answers }, nowMs }: { guard: RolloutGuard; nowMs: number }) {
  const askedAt = new Set(answers.flatMap((one) => (one.kind === 'asked' ? one.clients : [])))
  const longest = longestText(
    clients.filter(({ clientName }) => !askedAt.has(clientName)),
    nowMs,
  )
  if (clients.length === 0) return null
  return (
    <section aria-label="At stake" className="flex flex-col gap-2 px-6">
      <SectionLabel count={clients.length}>At stake</SectionLabel>
      {longest && (
        <p className="font-medium break-words">
          <UntrustedText text={longest} maxChars={300} />
        </p>
      )}
      <table className="w-full table-fixed border-collapse text-left">
        <thead>
          <tr className="border-b border-line text-meta text-text3">
            <th scope="col" className="pb-1 font-normal">
              Client and workflows
            </th>
            <Head>Unchanged</Head>
            <Head>Answered in a row</Head>
            <Head>Without trouble</Head>
          </tr>
        </thead>
        <tbody>
          {clients.map(({ clientId, clientName, workflows, streak }) => (
            <tr key={clientId} className="align-baseline">
              <th scope="row" className="py-1 pr-4 font-normal break-words">
                <UntrustedText text={clientName} />
                <span className="block text-meta text-text3">
                  {workflows.length === 0 ? (
                    'no workflow on record'
                  ) : (
                    <UntrustedText text={workflows.join(', ')} maxChars={300} />
                  )}
                </span>
                {streak.trouble !== '' && (
                  <span className="block text-meta text-text2">
                    <UntrustedText text={streak.trouble} />
                  </span>
                )}
              </th>
              <Cell>{unchangedText(streak, nowMs)}</Cell>
              <Cell>{answeredText(streak)}</Cell>
              <Calm streak={streak} nowMs={nowMs} />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-meta text-text3">
        To undo it, the page of the rollout puts back what each of them had, also after months.
      </p>
    </section>
  )
}

const Head = ({ children }: { children: ReactNode }) => (
  <th scope="col" className="w-[128px] pb-1 text-right font-normal">
    {children}
  </th>
)

const Cell = ({ children }: { children: string }) => (
  <td className={`figures py-1 text-right ${children === 'not known' ? 'text-text3' : ''}`}>{children}</td>
)

function Calm({ streak, nowMs }: { streak: ClientStreak; nowMs: number }) {
  const text = calmText(streak, nowMs)
  if (streak.trouble === '') return <Cell>{text}</Cell>
  return <td className="py-1 text-right text-critical">{text}</td>
}
