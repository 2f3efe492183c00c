import { type MakingBackup, makeBackup } from '../../runtimes/backup.ts'
import type { BackupRequest } from '../../runtimes/backup-answer.ts'
import { serve } from '../serve.ts'

declare const rest: string

let making: MakingBackup | null = null

// Whoever asked has gone: what is half made goes with this program.
process.on('exit', () => making?.abort())
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.on(signal, () => process.exit(1))

/** Backs up one agent of this box, and says meanwhile where that stands. */
serve(
  '@@WHEELHOUSE-NONCE@@',
  {
    make: (request) => {
      if (making !== null) throw new Error('it was begun already')
      making = makeBackup(request as BackupRequest)
      return making.ended
    },
    progress: () => making?.progress() ?? { step: 'measuring', bytes: 0, ofBytes: 0 },
  },
  rest,
)
