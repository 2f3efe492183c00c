import type { PatchContent, PatchPart, PatchProblem } from '../../shared/contract/index.ts'
import { nameKey } from '../base/name-key.ts'
import { holdsSecretShape, maskText, whyNotOfPatch } from '../runtimes/runtimes.ts'
import { classOf, isAtLeastClass } from './class-of.ts'

const largestFileChars = 2_000_000

export interface CheckParts {
  readonly contentOf: (sha256: string) => Uint8Array | null
  /** What says against an edit of a layer. */
  readonly editProblems: (part: Extract<PatchPart, { kind: 'overlay' }>) => { path: string; words: string }[]
}

/** A variable in the place of a secret is none. */
const holdsSecret = (command: string): boolean => {
  const bare = command.replace(/\$\{?\w+\}?/g, '')
  return maskText(bare, [], () => '\uFFFF').includes('\uFFFF')
}

/** A file's lines with a secret; of a file that is no text, none can be told. */
function secretLines(bytes: Uint8Array): number[] {
  const text = Buffer.from(bytes).toString('utf8')
  if (text.includes('\0') || text.length > largestFileChars) return []
  return text
    .split('\n')
    .flatMap((line, at) => (holdsSecretShape(line) ? [at + 1] : []))
    .slice(0, 5)
}

function fileProblems(parts: readonly PatchPart[], { contentOf }: CheckParts): PatchProblem[] {
  const seen = new Set<string>()
  return parts.flatMap((part, at) =>
    (part.kind === 'files' ? part.files : []).flatMap(({ path, sha256, bytes }): PatchProblem[] => {
      const say = (words: string): PatchProblem[] => [{ place: `parts.${at}.${path}`, words }]
      const key = nameKey(path)
      if (seen.has(key)) return say('The patch has this file twice.')
      seen.add(key)
      const never = whyNotOfPatch(path)
      if (never !== '') return say(never)
      if (sha256 === null) return bytes === 0 ? [] : say('A file that is removed has no bytes.')
      const content = contentOf(sha256)
      if (content === null) return say('Its content is not here.')
      if (content.byteLength !== bytes) return say(`It has ${content.byteLength} bytes, not ${bytes}.`)
      const secrets = secretLines(content)
      return secrets.length === 0
        ? []
        : say(
            `Line ${secrets.join(', ')} holds what looks like a secret. Secrets stay on the machine: name a variable.`,
          )
    }),
  )
}

function commandProblems({ parts, verify, capability }: PatchContent): PatchProblem[] {
  const lines = [
    ...parts.flatMap((part, at) =>
      part.kind !== 'command'
        ? []
        : [
            { place: `parts.${at}.run`, run: part.run },
            ...(part.undo.kind === 'run' ? [{ place: `parts.${at}.undo`, run: part.undo.run }] : []),
          ],
    ),
    ...[...verify, ...(capability?.tests ?? [])].flatMap((check) =>
      check.kind === 'command' ? [{ place: 'verify', run: check.run }] : [],
    ),
  ]
  return lines.flatMap(({ place, run }) =>
    holdsSecret(run)
      ? [{ place, words: 'It holds what looks like a secret. Name a variable of the machine instead.' }]
      : [],
  )
}

function capabilityProblems({ capability, parts }: PatchContent): PatchProblem[] {
  if (capability === null) return []
  const path = `sections.flags.${capability.flag}`
  const declares = parts.some(
    (part) =>
      part.kind === 'overlay' && Object.keys(part.set).some((one) => one === path || one.startsWith(`${path}.`)),
  )
  return declares
    ? []
    : [
        {
          place: 'capability.flag',
          words: `A capability goes behind its flag: an overlay part has to declare ${path}.`,
        },
      ]
}

/** Everything that keeps a patch from being saved, each with its place; empty: nothing does. */
export function patchProblems(content: PatchContent, parts: CheckParts): PatchProblem[] {
  const { class: least, because } = classOf(content.parts)
  return [
    ...(isAtLeastClass(content.class, least)
      ? []
      : [{ place: 'class', words: `It is at least ${least}: ${because[0]}. A class is only ever raised.` }]),
    ...content.parts.flatMap((part, at) => {
      if (part.kind !== 'overlay') return []
      const place = (path: string) => [`parts.${at}`, path].filter(Boolean).join('.')
      if (Object.keys(part.set).length + part.reset.length === 0)
        return [{ place: place(''), words: 'It changes nothing.' }]
      return parts.editProblems(part).map(({ path, words }) => ({ place: place(path), words }))
    }),
    ...fileProblems(content.parts, parts),
    ...commandProblems(content),
    ...capabilityProblems(content),
    ...content.needs.flatMap(({ state, because: why }, at) =>
      state === 'dropped' && why === '' ? [{ place: `needs.${at}`, words: 'A need is dropped for a reason.' }] : [],
    ),
  ]
}
