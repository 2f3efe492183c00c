// Runs inside the worker thread that stands for Electron's utility process.
import { parentPort, workerData } from 'node:worker_threads'
import { giveParentPort, ParentPort } from './parent-port.ts'
import { type Envelope, PortMain } from './ports.ts'

if (!parentPort) throw new Error('worker-boot runs in a worker thread only')
const host = parentPort
const port = new ParentPort((data) => host.postMessage({ d: data }))
host.on('message', (envelope: Envelope) =>
  port.arrive(
    envelope.d,
    (envelope.p ?? []).map((raw) => new PortMain(raw)),
  ),
)
giveParentPort(port)
await import((workerData as { url: string }).url)
