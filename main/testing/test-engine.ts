import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createEngine, type Engine, type EngineOptions } from '../engine/engine.ts'
import { noVault } from '../ssh/vault.ts'

/** The whole engine over a data folder, as the desktop hosts it, on the system's clock and without a keychain. */
export const testEngine = (dataDir: string, options: Partial<EngineOptions> = {}): Promise<Engine> =>
  createEngine({
    version: '0.1.0',
    dataDir,
    boxProgramsDir: 'out/box',
    clock: systemClock,
    log: silentLog,
    vault: noVault('tests have none'),
    demo: false,
    readOnly: false,
    host: 'desktop',
    homeDir: dataDir,
    ...options,
  })
