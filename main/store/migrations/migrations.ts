import { ledger } from './0001-ledger.ts'
import { inventory } from './0002-inventory.ts'
import { trust } from './0003-trust.ts'
import { facts } from './0004-facts.ts'
import { findings } from './0005-findings.ts'
import { activity } from './0006-activity.ts'
import { channels } from './0007-channels.ts'
import { later } from './0008-later.ts'
import { watch } from './0009-watch.ts'
import { lifecycle } from './0010-lifecycle.ts'
import { outside } from './0011-outside.ts'
import { review } from './0012-review.ts'
import { drift } from './0013-drift.ts'
import { keptLog } from './0014-kept-log.ts'
import { shell } from './0015-shell.ts'
import { patternMute } from './0016-pattern-mute.ts'
import { overlay } from './0017-overlay.ts'
import { rules } from './0018-rules.ts'
import { apply } from './0019-apply.ts'
import { flags } from './0020-flags.ts'
import { schemas } from './0021-schemas.ts'
import { files } from './0022-files.ts'
import { patch } from './0023-patch.ts'
import { rollout } from './0024-rollout.ts'
import { lookedFor } from './0025-looked-for.ts'
import { rolloutRun } from './0026-rollout-run.ts'
import { guard } from './0027-guard.ts'
import { backups } from './0028-backups.ts'
import { applyUpdate } from './0029-apply-update.ts'
import { keys } from './0030-keys.ts'
import { snapshot } from './0031-snapshot.ts'
import { applySteps } from './0032-apply-steps.ts'

/** In order; the first is version 1. Only ever appended to. */
export const migrations: readonly string[] = [
  ledger,
  inventory,
  trust,
  facts,
  findings,
  activity,
  channels,
  later,
  watch,
  lifecycle,
  outside,
  review,
  drift,
  keptLog,
  shell,
  patternMute,
  overlay,
  flags,
  schemas,
  apply,
  rules,
  patch,
  rollout,
  lookedFor,
  files,
  rolloutRun,
  guard,
  backups,
  applyUpdate,
  keys,
  snapshot,
  applySteps,
]

/** SHA-256 (hex) of every migration of a tagged release, in order. A tag adds its hashes; a hash here never changes. */
export const released: readonly string[] = []
