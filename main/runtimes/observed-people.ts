import * as z from 'zod'
import { atMs, orUnread, short } from './observed-value.ts'

/** A public key as a file of sshd or of a login holds it. */
export const ObservedKey = z.object({
  type: z.string().max(60),
  /** `SHA256:` and base64, as OpenSSH shows it. */
  fingerprint: z.string().max(60),
  comment: z.string().max(120),
  options: short,
})
export type ObservedKey = z.infer<typeof ObservedKey>

/** Who and what can get into a machine. */
export const ObservedPeople = z.object({
  /** Users a person could log in as, by number; at most 200. */
  users: orUnread(
    z.object({
      list: z
        .array(z.object({ name: z.string().max(100), uid: z.number().int(), home: short, isAdmin: z.boolean() }))
        .max(200),
      modifiedAtMs: atMs.nullable(),
    }),
  ),
  /** Each file that lets keys in, of the users whose home is known; at most 40, with at most 200 keys each. */
  authorizedKeys: z
    .array(
      z.object({
        file: short,
        user: z.string().max(100),
        keys: orUnread(
          z.object({
            list: z.array(ObservedKey).max(200),
            total: z.number().int(),
            /** Of all keys, also those that are not listed. */
            digest: z.string().max(64),
            modifiedAtMs: atMs.nullable(),
            ownerUid: z.number().int(),
          }),
        ),
      }),
    )
    .max(40),
  /** Keys this login could log in elsewhere with: names of private ones, never their content; at most 100. */
  loginKeys: orUnread(
    z.array(ObservedKey.omit({ options: true }).extend({ name: z.string().max(200), modifiedAtMs: atMs })).max(100),
  ),
  /** Newest first, at most 20. No end: still logged in, or the end was not written down. */
  logins: orUnread(
    z.array(z.object({ user: z.string().max(100), from: short, atMs, untilMs: atMs.nullable() })).max(20),
  ),
  /** Programs that let somebody in from afar, or put the machine into a network (`network`). */
  remoteTools: orUnread(
    z.object({
      tools: z
        .array(
          z.object({
            name: z.string().max(60),
            kind: z.enum(['control', 'network']),
            /** Where it is installed; empty: it only runs. */
            path: short,
            running: z.boolean().nullable(),
            modifiedAtMs: atMs.nullable(),
          }),
        )
        .max(30),
      /** False: nobody could say which programs run. */
      sawProcesses: z.boolean(),
    }),
  ),
})
export type ObservedPeople = z.infer<typeof ObservedPeople>
