import type { LookRequest } from '../../runtimes/looked-for.ts'
import { lookForOpenclaw } from '../../runtimes/runtimes.ts'
import { serve } from '../serve.ts'

/** Looks for what a patch needs, by name. Apart from the probe, whose start must not pay for a parser. */
const programVersion = 1

declare const rest: string

serve(
  '@@WHEELHOUSE-NONCE@@',
  {
    hello: () => ({ programVersion, node: process.version }),
    look: (request) => lookForOpenclaw(request as LookRequest),
  },
  rest,
)
