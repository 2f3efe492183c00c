import { app } from './app.ts'
import { apply, channel } from './apply.ts'
import { backups } from './backups.ts'
import { clientPages } from './client-page.ts'
import { drift } from './drift.ts'
import { findings } from './findings.ts'
import { flags } from './flags.ts'
import { handover } from './handover.ts'
import { inventory } from './inventory.ts'
import { keys } from './keys.ts'
import { ledger } from './ledger.ts'
import { logs } from './logs.ts'
import { outside } from './outside.ts'
import { overlay } from './overlay.ts'
import { pages } from './pages.ts'
import { patch } from './patch.ts'
import { patterns } from './patterns.ts'
import { plan } from './plan.ts'
import { review } from './review.ts'
import { rollout } from './rollout.ts'
import { rolloutRun } from './rollout-run.ts'
import { access, rules } from './rules.ts'
import { settings } from './settings.ts'
import { commands, terminal } from './shell.ts'
import { snapshot } from './snapshot.ts'
import { sweep } from './sweep.ts'
import { triage } from './triage.ts'
import { trust } from './trust.ts'

export * from './app.ts'
export * from './apply.ts'
export * from './backups.ts'
export * from './carried-file.ts'
export * from './carried-steps.ts'
export * from './client-page.ts'
export * from './drift.ts'
export * from './facts.ts'
export * from './fault.ts'
export * from './findings.ts'
export * from './flags.ts'
export * from './guard.ts'
export * from './handover.ts'
export * from './ids.ts'
export * from './inventory.ts'
export * from './keys.ts'
export * from './ledger.ts'
export * from './logs.ts'
export * from './outside.ts'
export * from './overlay.ts'
export * from './pages.ts'
export * from './patch.ts'
export * from './patterns.ts'
export * from './plan.ts'
export * from './review.ts'
export * from './rollout.ts'
export * from './rollout-run.ts'
export * from './rule-fix.ts'
export * from './rules.ts'
export * from './settings.ts'
export * from './shell.ts'
export * from './snapshot.ts'
export * from './sweep.ts'
export * from './triage.ts'
export * from './trust.ts'

/** Everything the window and the command line may ask of the engine. Each procedure is written here once. */
export const contract = {
  app,
  inventory,
  trust,
  sweep,
  findings,
  flags,
  outside,
  overlay,
  plan,
  drift,
  ledger,
  logs,
  patterns,
  pages: { ...pages, ...clientPages },
  review,
  settings,
  access,
  rules,
  triage,
  terminal,
  commands,
  backups,
  keys,
  apply,
  channel,
  patch,
  snapshot,
  rollout: { ...rollout, ...rolloutRun },
  handover,
}
