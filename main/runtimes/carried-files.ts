/** Runs on both sides. The files of a person that a change may carry, by their path in the agent's workspace. */

/** What a person writes to steer the agent. Memories, notes about people and the like are the agent's own and change daily. */
export const steeringFiles = ['AGENTS.md', 'SOUL.md', 'TOOLS.md']
/** Folders inside skills that are made, not written. */
export const madeFolders = new Set(['node_modules', '.git', '.venv', '__pycache__'])
/** How deep a skill is looked into. */
export const deepestSkill = 6

/** Largest file that is carried, and largest sum of one change. */
export const mostFileBytes = 256_000
export const mostChangeBytes = 2_000_000

/** What is a runtime's own, wherever its workspace lies: its config, its logins, who was let in. */
const runtimesOwn =
  /(^|\/)(openclaw\.json\w*|clawdbot\.json\w*|config\.json5?|credentials|pairing|oauth|identity|devices|auth-profiles\.json|exec-approvals\.json|env)(\/|\.|$)/i

/** Why a file is none of a patch; empty: it may be. Wider than what layers declare, and never what lets somebody in. Pure. */
export function whyNotOfPatch(path: string): string {
  if (runtimesOwn.test(path))
    return 'Config, logins and who was let in are no files of a patch: settings go in an overlay.'
  if (/[. ](\/|$)/.test(path)) return 'A name that ends in a dot or a space is another one on Windows.'
  return ''
}

/** Why a file is not carried; empty: it may be. Neither a setting nor anything the runtime keeps lies at such a path. Pure. */
export function whyNotCarried(path: string): string {
  if (steeringFiles.includes(path)) return ''
  const names = path.split('/')
  if (names[0] !== 'skills' || names.length < 3)
    return `Only ${steeringFiles.join(', ')} and files of a skill, as skills/orders/SKILL.md, are carried.`
  if (names.length > deepestSkill + 2) return 'It lies too deep.'
  const odd = names.find((name) => madeFolders.has(name) || name.startsWith('.') || /[. ]$/.test(name))
  if (odd !== undefined) return `No file is carried below “${odd}”.`
  return names.every((name) => /^[A-Za-z0-9_][A-Za-z0-9_. -]*$/.test(name)) ? '' : 'It is no plain path.'
}
