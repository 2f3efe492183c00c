import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** Most bytes of an answer that came packed; a few bytes can be made to open into any number. */
const mostBytes = 8_000_000

/** Runs on a box: an answer in a tenth of the bytes. What the way there costs grows with them, and so does taking it in. */
export const packAnswer = (answer: unknown): string =>
  deflateRawSync(Buffer.from(JSON.stringify(answer)), { level: 1 }).toString('base64')

/** @throws Error: it is no packed JSON, or too much of it. */
export const unpackAnswer = (packed: string): unknown =>
  JSON.parse(inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: mostBytes }).toString('utf8'))
