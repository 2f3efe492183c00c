import path from 'node:path'
import type { BoxFields, BoxId, Client, ImportPreview, ImportRow, PastedBox } from '../../../shared/contract/index.ts'
import { FaultError } from '../../base/fault-error.ts'
import type { Boxes } from '../boxes.ts'
import type { Clients } from '../clients.ts'
import type { StoredBox } from '../inventory.ts'
import type { Recorder, Undone } from '../record.ts'
import { readCsv } from './csv-import.ts'
import { readSshCommand } from './paste.ts'
import { readSshConfig } from './ssh-config-import.ts'

export interface Imports {
  /** @throws FaultError `invalid-input` when it names no machine. */
  readSshCommand(input: { command: string }): PastedBox
  previewImport(input: {
    text: string
    fileName: string
    baseDir: string | null
    columns?: Record<string, string> | undefined
  }): ImportPreview
  /** @throws FaultError of the first row that cannot be saved; nothing is saved then. */
  importRows(input: { rows: ImportRow[] }): Undone<{ added: number; clientsAdded: number }>
}

interface Parts {
  readonly boxes: Boxes
  readonly clients: Clients
  readonly allBoxes: () => StoredBox[]
  readonly allClients: () => Client[]
  readonly record: Recorder
  readonly homeDir: string
  readonly localUser: string
}

export function createImports(parts: Parts): Imports {
  const { record, homeDir, localUser } = parts
  return {
    readSshCommand: ({ command }) => readSshCommand(command, homeDir, localUser),
    previewImport: ({ text, fileName, baseDir, columns = {} }) => {
      const file = path.basename(fileName)
      const kind = kindOf(text, fileName)
      const read =
        kind === 'csv'
          ? readCsv({ text, file, homeDir, columns, localUser })
          : {
              ...readSshConfig({ text, file, homeDir, baseDir: baseDir ?? path.join(homeDir, '.ssh') }, localUser),
              columns: [],
            }
      return { kind, ...read, rows: flagDuplicates(flagMissingHops(read.rows, parts.allBoxes()), parts.allBoxes()) }
    },
    importRows: ({ rows }) => record.make(() => importAll(rows, parts)),
  }
}

/** By the file's name; else by whether its first word is one that an ssh_config begins with. */
function kindOf(text: string, fileName: string): ImportPreview['kind'] {
  if (/\.(csv|tsv)$/i.test(fileName)) return 'csv'
  const first = text.split(/\r\n|\r|\n/).find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? ''
  if (/^\ufeff?\s*(host|match|include|[a-z]+)(\s*=\s*|\s+)\S/i.test(first) && !/[,;\t]/.test(first.trim()))
    return 'ssh-config'
  return /^\ufeff?\s*(host|match|include)[\s=]/i.test(first) || !/[,;\t]/.test(first) ? 'ssh-config' : 'csv'
}

const addressOf = ({ host, port, user }: Pick<BoxFields, 'host' | 'port' | 'user'>): string =>
  `${user}@${host.toLowerCase()}:${port}`

/** Marks rows whose name or address is in the inventory, or on an earlier line. */
function flagDuplicates(rows: readonly ImportRow[], known: readonly StoredBox[]): ImportRow[] {
  const byName = new Map(known.map((box) => [box.name.toLowerCase(), box.name]))
  const byAddress = new Map(known.map((box) => [addressOf(box), box.name]))
  return rows.map((row) => {
    if (row.box === null) return row
    const name = row.name.toLowerCase()
    const address = addressOf(row.box)
    const duplicateOf = byName.get(name) ?? byAddress.get(address) ?? null
    if (!byName.has(name)) byName.set(name, row.name)
    if (!byAddress.has(address)) byAddress.set(address, row.name)
    return { ...row, duplicateOf }
  })
}

/** A row whose jump host is neither here nor a usable row cannot be used; so on along the way. */
function flagMissingHops(rows: readonly ImportRow[], known: readonly StoredBox[]): ImportRow[] {
  const names = new Set([...known, ...rows.filter((row) => row.box !== null)].map((one) => one.name.toLowerCase()))
  const next = rows.map((row) => {
    const missing = row.box === null ? [] : row.hopNames.filter((hop) => !names.has(hop.toLowerCase()))
    if (missing.length === 0) return row
    return {
      ...row,
      box: null,
      problems: [...row.problems, `The jump host ${missing.join(', ')} is not here and not in the file.`],
    }
  })
  return next.some((row, index) => row !== rows[index]) ? flagMissingHops(next, known) : next
}

function importAll(rows: readonly ImportRow[], { boxes, clients, allBoxes, allClients }: Parts) {
  const known = new Map(allClients().map((client) => [client.name.toLowerCase(), client]))
  const newClients: Client[] = []
  const clientFor = (name: string): Client | null => {
    if (name.trim() === '') return null
    const key = name.trim().toLowerCase()
    const found = known.get(key) ?? clients.insert({ name })
    if (!known.has(key)) newClients.push(found)
    known.set(key, found)
    return found
  }
  const here = new Map(allBoxes().map((box) => [box.name.toLowerCase(), box.boxId]))
  const added: StoredBox[] = []
  for (const row of inOrderOfHops(rows)) {
    if (row.box === null)
      throw new FaultError({
        code: 'invalid-input',
        field: `line ${row.line}`,
        detail: row.problems.join(' ') || 'This row cannot be used.',
      })
    const hops = row.hopNames.map((hop) => hopId(hop, row, here))
    const box = boxes.insert({ ...row.box, clientId: clientFor(row.clientName)?.clientId ?? null, hops })
    here.set(box.name.toLowerCase(), box.boxId)
    added.push(box)
  }
  const many = `${added.length} ${added.length === 1 ? 'machine' : 'machines'}`
  return {
    result: { added: added.length, clientsAdded: newClients.length },
    said: {
      kind: 'import.done',
      words: `${many} were imported: ${added.map((box) => box.name).join(', ')}.`,
      sentence: `${many} ${added.length === 1 ? 'was' : 'were'} added.`,
    },
    inverse: {
      kind: 'import.undone',
      words: `Importing ${many} was taken back.`,
      sentence: `The ${many} of the import are gone again.`,
      act: () => {
        for (const box of [...added].reverse()) boxes.mark(box)
        for (const client of newClients)
          if (!allBoxes().some((box) => box.clientId === client.clientId)) clients.mark(client.clientId)
      },
    },
  }
}

function hopId(hop: string, row: ImportRow, here: ReadonlyMap<string, BoxId>): BoxId {
  const found = here.get(hop.toLowerCase())
  if (found === undefined)
    throw new FaultError({
      code: 'invalid-input',
      field: `line ${row.line}`,
      detail: `The jump host ${hop} of ${row.name} is not here and not chosen.`,
    })
  return found
}

/** Jump hosts before what is reached through them. A ring of them stays in the file's order and is refused on saving. */
function inOrderOfHops(rows: readonly ImportRow[]): ImportRow[] {
  const waiting = [...rows]
  const ordered: ImportRow[] = []
  const isWaiting = (name: string) => waiting.some((row) => row.name.toLowerCase() === name.toLowerCase())
  while (waiting.length > 0) {
    const index = waiting.findIndex((row) => !row.hopNames.some((hop) => isWaiting(hop)))
    ordered.push(...waiting.splice(Math.max(0, index), 1))
  }
  return ordered
}
