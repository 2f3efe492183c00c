import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { writeCheckout } from './git-checkout.ts'
import type { Morning } from './morning.ts'
import type { DemoBox } from './spec.ts'

const dayMs = 86_400_000
const commitsSince = 12

/** Where a demo box keeps the operator's skills, from its home. */
export const ownSkillsPath = '.openclaw/workspace/skills'

const files = {
  'SKILL.md': '# Skills\n',
  'listing-text.md': '# Listing text\n',
  'photo-order.md': '# Order of the photos\n',
}

/** The lab machine pulls every day; the client's was pulled once, twelve days ago, and somebody edited two files there since. */
export function writeOwnSkills(home: string, { box, ownSkills }: DemoBox, atMs: number, { nowMs }: Morning): void {
  if (!ownSkills) return
  const folder = path.join(home, ownSkillsPath)
  mkdirSync(folder, { recursive: true })
  const dateOf = (commit: number) => nowMs - (12 - (11 / commitsSince) * commit) * dayMs
  let newest = 0
  while (newest < commitsSince && dateOf(newest + 1) <= atMs) newest += 1
  const at = box.ring === 'lab' ? newest : 0
  writeCheckout(folder, {
    remote: 'git@git.openclaw.invalid:kit/skills.git',
    upstream: { filesOf: () => files, dateOf },
    head: at,
    fetched: at,
    fetchedAtMs: box.ring === 'lab' ? atMs - dayMs / 12 : dateOf(0) + dayMs / 24,
  })
  if (box.ring === 'lab') return
  writeFileSync(path.join(folder, 'listing-text.md'), '# Listing text\nNo exclamation marks.\n')
  writeFileSync(path.join(folder, 'photo-order.md'), '# Order of the photos\nKitchen first.\n')
}
