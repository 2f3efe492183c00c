import { PatchClass, type PatchPart } from '../../shared/contract/index.ts'
import { pathOfDotted } from '../runtimes/operations.ts'

interface Reason {
  readonly class: PatchClass
  readonly because: string
}

const rank = (each: PatchClass): number => PatchClass.options.indexOf(each)

/** May a patch be called so, when it is at least that? */
export const isAtLeastClass = (chosen: PatchClass, least: PatchClass): boolean => rank(chosen) >= rank(least)

const sectionClasses: Readonly<Record<string, PatchClass>> = {
  logging: 'neutral',
  retention: 'neutral',
  updates: 'neutral',
  channels: 'security',
}
const rawClasses: Readonly<Record<string, PatchClass>> = {
  logging: 'neutral',
  update: 'neutral',
  diagnostics: 'neutral',
  gateway: 'security',
  secrets: 'security',
  auth: 'security',
}
/** Of a channel: who is answered and what its login is. All else of it is heard by those who write. */
const accessNames = /^(allowFrom|groupAllowFrom|dmPolicy|groupPolicy|configWrites|botToken|token|tokenFile)$/

/** What a value decides: unknown ones are taken for behaviour, which is what a client would notice. */
function classOfPath(text: string): PatchClass {
  const [root, first = '', ...rest] = pathOfDotted(text) ?? []
  if (root === 'sections') {
    const speaks = first === 'channels' && rest.some((name) => name === 'enabled' || name === 'kind')
    return speaks || (first === 'channels' && rest.length < 2)
      ? 'behavioural'
      : (sectionClasses[first] ?? 'behavioural')
  }
  const [name = '', ...inner] = rest
  if (name === 'channels') return accessNames.test(inner.at(-1) ?? '') ? 'security' : 'behavioural'
  return rawClasses[name] ?? 'behavioural'
}

const decides: Readonly<Record<PatchClass, string>> = {
  neutral: 'decides nothing that anybody hears',
  fix: 'may change how something works',
  security: 'decides who is answered or who gets in',
  behavioural: 'decides how the agent behaves',
}

function reasonsOf(part: PatchPart): Reason[] {
  switch (part.kind) {
    case 'overlay':
      return [...Object.keys(part.set), ...part.reset].map((path) => {
        const its = classOfPath(path)
        return { class: its, because: `${path} ${decides[its]}` }
      })
    case 'files':
      return part.files.map(({ path }) =>
        /\.(md|txt)$/i.test(path)
          ? { class: 'behavioural', because: `${path} is text that the agent goes by` }
          : { class: 'fix', because: `${path} ${decides.fix}` },
      )
    case 'update':
      return [{ class: 'fix', because: `another version of the runtime ${decides.fix}` }]
    case 'folder':
      return [{ class: 'fix', because: `other commits of ${part.folder} ${decides.fix}, and nobody reads here which` }]
    case 'command':
      return [{ class: 'fix', because: `a command ${decides.fix}` }]
  }
}

/** The least class of a patch by what it touches, and what of it says so. Pure. */
export function classOf(parts: readonly PatchPart[]): { class: PatchClass; because: string[] } {
  const reasons = parts.flatMap(reasonsOf)
  const least = reasons.reduce<PatchClass>((at, { class: its }) => (rank(its) > rank(at) ? its : at), 'neutral')
  return {
    class: least,
    because: [...new Set(reasons.filter(({ class: its }) => its === least).map(({ because }) => because))].slice(0, 20),
  }
}
