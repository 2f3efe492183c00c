import { ledger } from './0001-ledger.ts'
import { inventory } from './0002-inventory.ts'
import { trust } from './0003-trust.ts'
import { facts } from './0004-facts.ts'
import { findings } from './0005-findings.ts'
import { activity } from './0006-activity.ts'
import { channels } from './0007-channels.ts'

/** In order; the first is version 1. Only ever appended to. */
export const migrations: readonly string[] = [ledger, inventory, trust, facts, findings, activity, channels]

/** SHA-256 (hex) of every migration of a tagged release, in order. A tag adds its hashes; a hash here never changes. */
export const released: readonly string[] = []
