import * as z from 'zod'

export const short = z.string().max(500)
export const long = z.string().max(4000)
/** A moment that a calendar has (ECMA-262, time values); a box may write anything. */
export const atMs = z.number().min(-8.64e15).max(8.64e15)

/** Something that could be read, with what said so; or why it could not. Unreadable is never fine. */
export const orUnread = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('read', [
    z.object({ read: z.literal(true), value, source: short }),
    z.object({ read: z.literal(false), why: short, source: short }),
  ])
export type Read<T> = { read: true; value: T; source: string } | { read: false; why: string; source: string }
