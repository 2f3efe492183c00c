import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pLimit from 'p-limit'
import type { Box, BoxId, ImportRow } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { FaultError } from '../base/fault-error.ts'
import { type EngineClient, faultOf, type Session } from './session.ts'
import { type Answer, exit } from './shapes.ts'

type Imported = Answer<'box import'>['boxes'][number]

/** Enrolments at the same time: each waits for a machine, few of them keep this computer busy. */
const atOnce = 8

/**
 * Adds the machines of an ssh_config or CSV file: all usable rows that are not here yet, in one transaction. With a
 * known_hosts file its keys are pinned, named as from there, and the machines they belong to are enrolled.
 */
export async function importBoxes(
  session: Session,
  file: string,
  options: { acceptHostKeys?: string },
): Promise<number> {
  const { client: engine, print } = session
  // Both files are read before anything is added.
  const text = await readText(file, 2_000_000)
  const knownHosts = options.acceptHostKeys === undefined ? null : await readText(options.acceptHostKeys, 5_000_000)
  const preview = await engine.inventory.previewImport({
    text,
    fileName: path.basename(file),
    baseDir: path.dirname(path.resolve(file)),
  })
  const usable = preview.rows.filter((row) => row.box !== null && row.duplicateOf === null)
  const leftOut = preview.rows
    .filter((row) => !usable.includes(row))
    .map((row) => ({ line: row.line, name: row.name, reasons: reasonsOf(row) }))
  for (const { line, name, reasons } of leftOut)
    print.say(`Line ${line}${name === '' ? '' : ` (${name})`} was left out: ${reasons.join(' ')}`)
  for (const note of preview.unsupported)
    print.say(`${note.file}:${note.line}: ${note.text} is not used. ${note.reason}`)
  const { added, clientsAdded } =
    usable.length === 0 ? { added: 0, clientsAdded: 0 } : await engine.inventory.importRows({ rows: usable })

  const names = new Set(usable.map((row) => row.name.toLowerCase()))
  const isNew = (box: Box) => names.has(box.name.toLowerCase())
  const fromFile = (await engine.inventory.boxes()).filter(isNew)
  if (knownHosts !== null) await pinKnown(engine, fromFile, knownHosts)
  const pinned = (await engine.inventory.boxes()).filter(isNew)
  const limit = pLimit(atOnce)
  const boxes = await Promise.all(pinned.map((box) => limit(() => enrol(engine, box))))
  const failed = boxes.filter((box) => box.problem !== null)
  for (const box of failed) print.say(`${box.name}: ${box.problem}`)
  print.answer('box import', { added, clientsAdded, leftOut, unsupported: preview.unsupported, boxes }, [
    `${added} added, ${clientsAdded} new ${clientsAdded === 1 ? 'client' : 'clients'}, ${leftOut.length} left out.`,
    `${boxes.filter((box) => box.pinned !== null).length} with an accepted host key, ${boxes.filter((box) => box.enrolled).length} enrolled.`,
  ])
  return failed.length > 0 ? exit.someNotReached : exit.ok
}

const reasonsOf = (row: ImportRow): string[] =>
  row.box === null ? row.problems : [`It is already here, as ${row.duplicateOf}.`]

async function readText(file: string, mostCharacters: number): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const missing = (error as { code?: string }).code === 'ENOENT'
    throw new FaultError(
      missing
        ? { code: 'not-found', what: `file as ${file}` }
        : { code: 'invalid-input', field: file, detail: 'This file cannot be read.' },
      error,
    )
  }
  if (text.length <= mostCharacters) return text
  const detail = `This file has more than ${mostCharacters / 1_000_000} million characters, so it is no list of machines.`
  throw new FaultError({ code: 'invalid-input', field: file, detail })
}

/** The strongest key of each machine; a machine shows one of the kinds known_hosts lists. */
const preference = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']

async function pinKnown(engine: EngineClient, boxes: readonly Box[], text: string): Promise<void> {
  const known = await engine.trust.knownHosts({ text })
  const rank = (algorithm: string) =>
    preference.includes(algorithm) ? preference.indexOf(algorithm) : preference.length
  const best = new Map<BoxId, (typeof known)[number]>()
  for (const key of known) {
    const before = best.get(key.boxId)
    if (boxes.some((box) => box.boxId === key.boxId) && (!before || rank(key.algorithm) < rank(before.algorithm)))
      best.set(key.boxId, key)
  }
  const picks = [...best.values()].map(({ boxId, key, line }) => ({ boxId, key, line }))
  if (picks.length > 0) await engine.trust.acceptKnownHosts({ picks })
}

async function enrol(engine: EngineClient, { boxId, name, pinned, jumpOnly }: Box): Promise<Imported> {
  if (pinned === null || jumpOnly) return { name, pinned, enrolled: false, problem: null }
  try {
    const { enrolled, steps } = await engine.trust.enrol({ boxId })
    const failed = steps.find((step) => step.state === 'failed')
    return { name, pinned, enrolled, problem: enrolled ? null : (failed?.detail ?? 'It was not enrolled.') }
  } catch (error) {
    const fault = faultOf(error)
    if (!fault) throw error
    return { name, pinned, enrolled: false, problem: faultText(fault).sentence }
  }
}
