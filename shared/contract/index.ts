import { app } from './app.ts'
import { findings } from './findings.ts'
import { inventory } from './inventory.ts'
import { ledger } from './ledger.ts'
import { pages } from './pages.ts'
import { sweep } from './sweep.ts'
import { trust } from './trust.ts'

export * from './app.ts'
export * from './facts.ts'
export * from './fault.ts'
export * from './findings.ts'
export * from './ids.ts'
export * from './inventory.ts'
export * from './ledger.ts'
export * from './pages.ts'
export * from './sweep.ts'
export * from './trust.ts'

/** Everything the window and the command line may ask of the engine. Each procedure is written here once. */
export const contract = { app, inventory, trust, sweep, findings, ledger, pages }
