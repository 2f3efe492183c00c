import type { Duplex } from 'node:stream'

/** Opens the byte stream to a host. The default is TCP; the demo fleet answers for its own boxes over a local socket. */
export type Dial = (host: string, port: number, options: { timeoutMs: number; signal?: AbortSignal }) => Promise<Duplex>
