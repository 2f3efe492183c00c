import * as z from 'zod'
import { Fault } from './fault.ts'

/** The one error every procedure may answer with: a {@link Fault}. Anything else is masked as an internal error. */
export const faults = { FAULT: { status: 422, message: 'fault', data: z.object({ fault: Fault }) } }
