import type * as z from 'zod'
import { untrusted } from '../../shared/untrusted.ts'
import { FaultError } from '../base/fault-error.ts'

/** An answer as its schema says it. @throws FaultError `answer-not-understood`. */
export function understood<T>(schema: z.ZodType<T>, answer: unknown, boxName: string): T {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const detail = `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'not understood'}`
  throw new FaultError({ code: 'answer-not-understood', boxName, detail: untrusted(detail, 300) })
}
