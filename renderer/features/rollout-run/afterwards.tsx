import type { RunWatch, Traffic, WatchClient } from '../../../shared/contract/index.ts'
import { aDayText, answeredOfText, replyTimeText } from '../../../shared/watch-words.ts'
import { useNow } from '../../ui/age.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { untilMomentText } from '../../ui/times.ts'

const measures: readonly { name: string; text: (of: Traffic) => string }[] = [
  { name: 'Answered', text: answeredOfText },
  { name: 'Half within', text: replyTimeText },
  { name: 'Messages a day', text: aDayText },
]

/** What was exchanged after a change of behaviour, beside the week before: counts without a verdict. */
export function Afterwards({ watch: { endsAtMs, endedAtMs, clients } }: { watch: RunWatch }) {
  const nowMs = useNow()
  const aside = endedAtMs === null ? `counted until ${untilMomentText(endsAtMs, nowMs)}` : 'as it stood at the end'
  return (
    <section aria-label="Afterwards" className="readable flex flex-col gap-2 px-6 pt-4 pb-2">
      <SectionLabel aside={aside}>The 72 hours after</SectionLabel>
      {clients.length === 0 ? (
        <p className="text-text2">It was taken back, so nobody looks any further.</p>
      ) : (
        <table className="w-full table-fixed border-collapse">
          <colgroup>
            <col className="w-[26%]" />
            {measures.map(({ name }) => (
              <col key={name} span={2} />
            ))}
          </colgroup>
          <thead className="text-meta text-text3">
            <tr>
              <td />
              {measures.map(({ name }) => (
                <th key={name} scope="colgroup" colSpan={2} className="pl-6 text-right font-normal">
                  <span className="block border-b border-line pb-1">{name}</span>
                </th>
              ))}
            </tr>
            <tr className="border-b border-line">
              <th scope="col" className="pb-1 text-left font-normal">
                Client
              </th>
              {measures.flatMap(({ name }) => [
                <th key={name} scope="col" className="pt-1 pb-1 text-right font-normal">
                  since
                </th>,
                <th key={`${name} before`} scope="col" className="pt-1 pb-1 text-right font-normal">
                  week before
                </th>,
              ])}
            </tr>
          </thead>
          <tbody>
            {clients.map((client) => (
              <Row key={client.clientId} client={client} />
            ))}
          </tbody>
        </table>
      )}
      <p className="text-meta text-text3">Counted by days of UTC; what nobody read is not known.</p>
    </section>
  )
}

const Row = ({ client: { clientName, after, before, readAtMs } }: { client: WatchClient }) => (
  <tr className="align-baseline">
    <th scope="row" className="py-1 pr-2 text-left font-normal break-words">
      <UntrustedText text={clientName} />
    </th>
    {measures.flatMap(({ name, text }) => [
      <Cell key={name} text={readAtMs === null ? 'not read yet' : text(after)} />,
      <Cell key={`${name} before`} text={text(before)} before />,
    ])}
  </tr>
)

const Cell = ({ text, before }: { text: string; before?: boolean }) => (
  <td className={`figures py-1 pl-2 text-right ${before || /^not /.test(text) ? 'text-text3' : ''}`}>{text}</td>
)
