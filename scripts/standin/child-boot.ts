// Runs in a child process that stands for Electron's utility process: ports are forwarded over the IPC channel.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { giveParentPort, ParentPort } from './parent-port.ts'
import { type Envelope, PortMain } from './ports.ts'

/** Frames between the host and this process; `port` names a forwarded port. */
export type ChildFrame =
  | { kind: 'message'; data: unknown; ports: number[] }
  | { kind: 'port-message'; port: number; data: unknown }
  | { kind: 'port-close'; port: number }

const forwarded = new Map<number, MessagePort>()
const send = (frame: ChildFrame): void => {
  if (process.connected) process.send?.(frame)
}

function adopt(id: number): PortMain {
  const channel = new MessageChannel()
  forwarded.set(id, channel.port1)
  channel.port1.on('message', (envelope: Envelope) => send({ kind: 'port-message', port: id, data: envelope.d }))
  channel.port1.once('close', () => {
    if (forwarded.delete(id)) send({ kind: 'port-close', port: id })
  })
  return new PortMain(channel.port2)
}

const port = new ParentPort((data) => send({ kind: 'message', data, ports: [] }))
process.on('message', (frame: ChildFrame) => {
  if (frame.kind === 'message') port.arrive(frame.data, frame.ports.map(adopt))
  else if (frame.kind === 'port-message') forwarded.get(frame.port)?.postMessage({ d: frame.data })
  else {
    const known = forwarded.get(frame.port)
    forwarded.delete(frame.port)
    known?.close()
  }
})
process.on('disconnect', () => process.exit(0))
giveParentPort(port)
const [url] = process.argv.splice(2, 1)
if (!url) throw new Error('child-boot needs the module to run')
await import(url)
