import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { BoxFields, BoxId, Client, ImportPreview, ImportRow, PastedBox } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { FaultError } from '../../base/fault-error.ts'
import { nameKey } from '../../base/name-key.ts'
import type { Boxes } from '../boxes.ts'
import type { Clients } from '../clients.ts'
import type { StoredBox } from '../inventory.ts'
import type { Recorder, Undone } from '../record.ts'
import type { Unsupported } from './config-lines.ts'
import { readCsv } from './csv-import.ts'
import { readSshCommand } from './paste.ts'
import { readOneHost, readSshConfig } from './ssh-config-import.ts'

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
    readSshCommand: ({ command }) =>
      readSshCommand(command, homeDir, localUser, (alias) => ownConfig(alias, homeDir, localUser)),
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
      const rows = read.rows.slice(0, mostRows)
      const cut = read.rows[mostRows]
      const unsupported = cut
        ? [
            ...read.unsupported,
            { line: cut.line, file, text: cut.name, reason: `Only the first ${mostRows} machines are read.` },
          ]
        : read.unsupported
      const here = parts.allBoxes()
      return {
        kind,
        columns: read.columns.map((column) => ({ ...column, sample: untrusted(column.sample, 80) })),
        unsupported: showable(unsupported),
        rows: flagDuplicates(flagMissingHops(rows, here), here).map((row) => ({
          ...row,
          problems: row.problems.map((problem) => untrusted(problem, 300)),
        })),
      }
    },
    importRows: ({ rows }) => record.make(() => importAll(rows, parts)),
  }
}

/** What the operator's own ssh_config says of a name; nothing when there is none. */
function ownConfig(alias: string, homeDir: string, localUser: string) {
  const baseDir = path.join(homeDir, '.ssh')
  const file = path.join(baseDir, 'config')
  try {
    if (!statSync(file).isFile()) return null
    return readOneHost({ text: readFileSync(file, 'utf8'), file: '~/.ssh/config', homeDir, baseDir }, alias, localUser)
  } catch {
    return null
  }
}

/** A console is for some dozens of machines; a file with more than this is another kind of file. */
const mostRows = 1000

/** Any file can be given by mistake or malice: hidden characters of its lines become visible, and its length is bounded. */
function showable(unsupported: readonly Unsupported[]): Unsupported[] {
  const shown = unsupported.slice(0, mostRows).map(({ line, file, text, reason }) => ({
    line,
    file: untrusted(file, 300),
    text: untrusted(text),
    reason: untrusted(reason, 300),
  }))
  const next = unsupported[mostRows]
  if (!next) return shown
  const more = unsupported.length - mostRows
  const reason = `${more} more ${more === 1 ? 'line' : 'lines'} from here on cannot be used.`
  return [...shown, { line: next.line, file: untrusted(next.file, 300), text: untrusted(next.text), reason }]
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
  const byName = new Map(known.map((box) => [nameKey(box.name), box.name]))
  const byAddress = new Map(known.map((box) => [addressOf(box), box.name]))
  return rows.map((row) => {
    if (row.box === null) return row
    const name = nameKey(row.name)
    const address = addressOf(row.box)
    const duplicateOf = byName.get(name) ?? byAddress.get(address) ?? null
    if (!byName.has(name)) byName.set(name, row.name)
    if (!byAddress.has(address)) byAddress.set(address, row.name)
    return { ...row, duplicateOf }
  })
}

/** A row whose jump host is neither here nor a usable row cannot be used; nor can what lies behind it. */
function flagMissingHops(rows: readonly ImportRow[], known: readonly StoredBox[]): ImportRow[] {
  const names = new Set([...known, ...rows.filter((row) => row.box !== null)].map((one) => nameKey(one.name)))
  const behind = new Map<string, ImportRow[]>()
  for (const row of rows)
    for (const hop of row.hopNames) behind.set(nameKey(hop), [...(behind.get(nameKey(hop)) ?? []), row])
  const lost = new Set<ImportRow>()
  const gone = [...behind.keys()].filter((hop) => !names.has(hop))
  for (const hop of gone) {
    for (const row of behind.get(hop) ?? []) {
      if (row.box === null || lost.has(row)) continue
      lost.add(row)
      names.delete(nameKey(row.name))
      gone.push(nameKey(row.name))
    }
  }
  return rows.map((row) => {
    if (!lost.has(row)) return row
    const missing = row.hopNames.filter((hop) => !names.has(nameKey(hop)))
    const problem = `The jump host ${missing.join(', ')} is not here and not a usable line of the file.`
    return { ...row, box: null, problems: [...row.problems, problem] }
  })
}

function importAll(rows: readonly ImportRow[], { boxes, clients, allBoxes, allClients }: Parts) {
  const known = new Map(allClients().map((client) => [nameKey(client.name), client]))
  const newClients: Client[] = []
  const clientFor = (name: string): Client | null => {
    if (name.trim() === '') return null
    const key = nameKey(name.trim())
    const found = known.get(key) ?? clients.insert({ name })
    if (!known.has(key)) newClients.push(found)
    known.set(key, found)
    return found
  }
  const here = new Map(allBoxes().map((box) => [nameKey(box.name), box.boxId]))
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
    here.set(nameKey(box.name), box.boxId)
    added.push(box)
  }
  const many = `${added.length} ${added.length === 1 ? 'machine' : 'machines'}`
  return {
    result: { added: added.length, clientsAdded: newClients.length },
    parts: added.map(({ boxId, clientId }) => ({
      kind: 'box.imported',
      boxId,
      clientId,
      words: '{box} was imported.',
      sentence: '',
    })),
    said: {
      kind: 'import.done',
      words: `An import added ${many}.`,
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
  const found = here.get(nameKey(hop))
  if (found === undefined)
    throw new FaultError({
      code: 'invalid-input',
      field: `line ${row.line}`,
      detail: `The jump host ${hop} of ${row.name} is not here and not chosen.`,
    })
  return found
}

/** Jump hosts before what is reached through them. A ring of them is refused on saving: its first has no way yet. */
function inOrderOfHops(rows: readonly ImportRow[]): ImportRow[] {
  const byName = new Map(rows.map((row) => [nameKey(row.name), row]))
  const placed = new Set<ImportRow>()
  const place = (row: ImportRow) => {
    if (placed.has(row)) return
    placed.add(row)
    for (const hop of row.hopNames) {
      const before = byName.get(nameKey(hop))
      if (before) place(before)
    }
    ordered.push(row)
  }
  const ordered: ImportRow[] = []
  for (const row of rows) place(row)
  return ordered
}
