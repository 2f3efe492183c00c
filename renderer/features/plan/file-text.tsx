import { useEffect, useRef, useState } from 'react'
import type { AgentId, FileDifference, PlanChange } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { TextButton } from '../../ui/button.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { TextDifference } from '../../ui/text-difference.tsx'

const said = { less: 'on the machine:', more: 'declared:' }

/** The file that a change is about, by its path in the workspace; null: it is about a setting. */
const fileOf = ({ path, declared }: PlanChange): string | null =>
  declared.startsWith('sections.files.') && path.startsWith('file ') ? path.slice('file '.length) : null

/** What a file says on the machine against what is declared: asked there when a person wants it, and not kept. */
export function FileText({ agentId, change }: { agentId: AgentId; change: PlanChange }) {
  const path = fileOf(change)
  const [found, setFound] = useState<FileDifference | null>(null)
  const [problem, setProblem] = useState('')
  const [asking, setAsking] = useState(false)
  const leave = useRef<AbortController | null>(null)
  useEffect(() => () => leave.current?.abort(), [])
  if (path === null) return null
  const ask = async () => {
    const asked = new AbortController()
    leave.current = asked
    setAsking(true)
    setProblem('')
    try {
      setFound(await client.plan.fileDifference({ agentId, path }, { signal: asked.signal }))
    } catch (error) {
      if (!asked.signal.aborted) setProblem(sentenceOf(error))
    } finally {
      setAsking(false)
    }
  }
  return (
    <div className="flex flex-col gap-2 px-2 pb-2 font-sans">
      {found === null && (
        <p className="text-meta text-text3">
          <TextButton disabled={asking} onClick={() => void ask()}>
            Show the text
          </TextButton>
          {asking && ' Asking the machine.'}
        </p>
      )}
      {problem !== '' && (
        <p role="alert" className="text-meta text-warning">
          {problem}
        </p>
      )}
      {found !== null && found.words !== '' && (
        <p className="text-meta text-text2">
          <UntrustedText text={found.words} maxChars={400} />
        </p>
      )}
      {found !== null && found.lines.length > 0 && (
        <TextDifference lines={found.lines} said={said} label={`${path}, on the machine and declared`} />
      )}
      {found !== null && found.moreLines > 0 && (
        <p className="text-meta text-text3">{`and ${found.moreLines} more lines`}</p>
      )}
    </div>
  )
}
