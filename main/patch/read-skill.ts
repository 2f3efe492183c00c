import * as z from 'zod'
import { BadYaml, readYaml } from '../overlay/overlay.ts'

const Names = z.array(z.string().min(1).max(200)).max(100).optional()
const Requires = z.object({ bins: Names, anyBins: Names, env: Names, config: Names })
const Head = z.object({
  metadata: z
    .object({ openclaw: z.object({ requires: Requires.optional() }).optional() })
    .nullish()
    .catch(null),
})

export interface SkillNeeds {
  readonly commands: readonly string[]
  /** One of these is enough. */
  readonly anyCommand: readonly string[]
  readonly variables: readonly string[]
  /** Settings of the runtime, dotted. */
  readonly settings: readonly string[]
}

const none: SkillNeeds = { commands: [], anyCommand: [], variables: [], settings: [] }

/** What a skill says that it requires, in the head of its `SKILL.md`. A text: why that cannot be read. Pure. */
export function readSkill(text: string): SkillNeeds | string {
  const [, head] = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text.replace(/^\uFEFF/, '')) ?? []
  if (head === undefined) return none
  try {
    const parsed = Head.safeParse(readYaml(head).value)
    const requires = parsed.success ? parsed.data.metadata?.openclaw?.requires : undefined
    if (requires === undefined) return none
    const { bins = [], anyBins = [], env = [], config = [] } = requires
    return { commands: bins, anyCommand: anyBins, variables: env, settings: config }
  } catch (error) {
    if (error instanceof BadYaml) return `Its head cannot be read, line ${error.line + 1}: ${error.message}`
    throw error
  }
}
