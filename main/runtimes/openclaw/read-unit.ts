import type { ObservedAgent } from '../observed.ts'
import { clip, readPlainFile } from '../reading.ts'
import { remembered } from '../remember.ts'
import type { ServiceFile } from './read-service.ts'
import { redactUnit } from './redact-unit.ts'

type Unit = Extract<ObservedAgent['unit'], { read: true }>['value']

const largest = 200_000

/** Runs on a box. The file that keeps an agent alive, without its secrets. @throws Unreadable, or the file system's own error. */
export function readUnit(service: ServiceFile | null, key: string, known: Iterable<string>): Unit {
  if (service === null) return { file: '', modifiedAtMs: null, ownerUid: -1, text: '' }
  // The text is masked anew each time: what is secret in it is told by the config.
  const { bytes, modifiedAtMs, ownerUid } = remembered(`unit ${service.file}`, (watch) => {
    watch(service.file)
    return readPlainFile(service.file, largest)
  })
  return {
    file: clip(service.file, 4000),
    modifiedAtMs: Math.round(modifiedAtMs),
    ownerUid,
    text: clip(redactUnit(bytes.toString('utf8'), key, known), 20_000),
  }
}
