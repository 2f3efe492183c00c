import { CsvError, parse } from 'csv-parse/sync'
import type { ImportPreview, ImportRow } from '../../../shared/contract/index.ts'
import type { Unsupported } from './config-lines.ts'
import { expandHome, readDestination, readPort } from './destination.ts'
import { alreadyRefused, cleanName, draftRow } from './rows-of-file.ts'

const fields = ['name', 'host', 'port', 'user', 'key', 'client', 'ring', 'jump', 'keepAliveS'] as const
type Field = (typeof fields)[number]

/** Header words as spreadsheets and other consoles spell them, without spaces and signs. */
const headers: Record<Field, readonly string[]> = {
  name: [
    'name',
    'label',
    'alias',
    'machine',
    'box',
    'device',
    'computer',
    'title',
    'nickname',
    'servername',
    'machinename',
  ],
  host: ['host', 'hostname', 'address', 'ip', 'ipaddress', 'server', 'dns', 'fqdn', 'hostip', 'tailscaleip'],
  port: ['port', 'sshport'],
  user: ['user', 'username', 'login', 'sshuser', 'account', 'loginname'],
  key: ['key', 'keyfile', 'identityfile', 'identity', 'privatekey', 'sshkey', 'keypath'],
  client: [
    'client',
    'clientname',
    'customer',
    'company',
    'business',
    'organization',
    'organisation',
    'group',
    'folder',
  ],
  ring: ['ring', 'wave', 'stage'],
  jump: ['jump', 'jumphost', 'proxyjump', 'bastion', 'via', 'gateway'],
  keepAliveS: ['keepalive', 'keepalives', 'serveraliveinterval'],
}

export interface CsvSource {
  readonly text: string
  readonly file: string
  readonly homeDir: string
  /** Header → field, overriding the guess; an empty field leaves the column out. */
  readonly columns: Readonly<Record<string, string>>
  readonly localUser: string
}

interface Cells {
  readonly line: number
  readonly cells: readonly string[]
}

/** Machines of a table: the first line names the columns. One broken line costs that line only. */
export function readCsv(source: CsvSource): Pick<ImportPreview, 'rows' | 'unsupported' | 'columns'> {
  const text = source.text.replace(/^\ufeff/, '')
  const { records, broken } = readRecords(text, guessDelimiter(text))
  const [header, ...body] = records
  const columns = (header?.cells ?? []).map((cell, index) => {
    const name = cell.trim()
    const field = name in source.columns ? asField(source.columns[name]) : guessField(name)
    return { header: name, field, sample: (body[0]?.cells[index] ?? '').slice(0, 80) }
  })
  const taken = new Set<string>()
  for (const column of columns) {
    if (column.field !== null && taken.has(column.field)) column.field = null
    if (column.field !== null) taken.add(column.field)
  }
  const headerLine = header?.line ?? 1
  const unsupported: Unsupported[] = columns
    .filter((column) => column.field === null)
    .map(({ header: text }) => ({ line: headerLine, file: source.file, text, reason: unusedColumn(text) }))
  const rows = body.map((record) => {
    const cellOf = (field: Field) => record.cells[columns.findIndex((column) => column.field === field)]?.trim() ?? ''
    const { row, note } = readRow(record, columns.length, cellOf, source)
    if (note !== null) unsupported.push({ line: record.line, file: source.file, text: row.name, reason: note })
    return row
  })
  const lost = broken.map(({ line, reason }) => lostRow(line, reason))
  return { rows: [...rows, ...lost].sort((a, b) => a.line - b.line), unsupported, columns }
}

const asField = (field: string | undefined): Field | null => fields.find((known) => known === field) ?? null

function guessField(header: string): Field | null {
  const word = header.toLowerCase().replace(/[^a-z]/g, '')
  return fields.find((field) => headers[field].includes(word)) ?? null
}

const unusedColumn = (header: string): string =>
  /pass|secret|token/i.test(header)
    ? 'Passwords and other secrets are never imported.'
    : 'No field of a machine has this name; choose one if it does fill one.'

/** The sign that splits the first line into the most cells. */
function guessDelimiter(text: string): string {
  const firstLine = text.split(/\r\n|\r|\n/).find((line) => line.trim() !== '') ?? ''
  const count = (sign: string) => firstLine.split(sign).length
  return [',', ';', '\t', '|'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',')
}

const lostRow = (line: number, reason: string): ImportRow => ({
  line,
  name: '',
  box: null,
  clientName: '',
  hopNames: [],
  problems: [reason],
  duplicateOf: null,
})

const mostBroken = 500

/**
 * Records with the line each begins on. Where the quoting of a line is broken (it would swallow the lines after it),
 * that line alone is given up and reading goes on with the next.
 */
function readRecords(
  text: string,
  delimiter: string,
): { records: Cells[]; broken: { line: number; reason: string }[] } {
  const lines = text.split(/\r\n|\r|\n/)
  const records: Cells[] = []
  const broken: { line: number; reason: string }[] = []
  let from = 0
  while (from < lines.length && broken.length < mostBroken) {
    const part = readPart(lines.slice(from).join('\n'), delimiter)
    records.push(...part.records.map(({ line, cells }) => ({ line: line + from, cells })))
    if (part.failedLine === null) return { records, broken }
    broken.push({ line: part.failedLine + from, reason: part.reason })
    from += part.failedLine
  }
  return { records, broken }
}

function readPart(text: string, delimiter: string): { records: Cells[]; failedLine: number | null; reason: string } {
  const records: Cells[] = []
  let nextLine = 1
  const lineAfter = (raw: string) => nextLine + raw.replace(/\n$/, '').split('\n').length
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      raw: true,
      info: true,
      onRecord: (given: unknown) => {
        const { record, raw } = given as { record: string[]; raw: string }
        if (record.some((cell) => cell.trim() !== '')) records.push({ line: nextLine, cells: record })
        nextLine = lineAfter(raw)
        return null
      },
    })
    return { records, failedLine: null, reason: '' }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { records, failedLine: nextLine, reason: 'The quotation marks of this line do not pair up.' }
  }
}

function readRow(
  { line, cells }: Cells,
  columnCount: number,
  cellOf: (field: Field) => string,
  source: CsvSource,
): { row: ImportRow; note: string | null } {
  const problems: string[] = []
  if (cells.slice(columnCount).some((cell) => cell.trim() !== ''))
    problems.push(`It has ${cells.length} cells, the first line names ${columnCount}.`)
  const written = cellOf('host').replace(/^ssh\s+/, '')
  const destination = written === '' ? null : readDestination(written, true)
  if (written !== '' && destination === null) problems.push(`“${written}” is not a host.`)
  const portCell = cellOf('port')
  const port = portCell === '' ? (destination?.port ?? 22) : readPort(portCell)
  if (port === null) problems.push(`“${portCell}” is not a port from 1 to 65535.`)
  const ringCell = cellOf('ring').toLowerCase()
  const ring = (['lab', 'canary', 'rest'] as const).find((known) => known === ringCell)
  if (ringCell !== '' && !ring) problems.push(`“${ringCell}” is not a ring: lab, canary or rest.`)
  const keepAlive = cellOf('keepAliveS')
  if (keepAlive !== '' && !/^\d{1,3}$/.test(keepAlive)) problems.push(`“${keepAlive}” is not a number of seconds.`)
  const host = destination?.host ?? ''
  const cleaned = cleanName(cellOf('name') || host)
  const key = cellOf('key')
  const client = cleanName(cellOf('client'))
  const draft = {
    name: cleaned.name || host,
    host: written !== '' && destination === null ? alreadyRefused : host,
    user: cellOf('user') || destination?.user || source.localUser,
    port: port ?? 22,
    auth: key === '' ? ({ kind: 'agent' } as const) : ({ kind: 'key', path: expandHome(key, source.homeDir) } as const),
    keepAliveS: /^\d{1,3}$/.test(keepAlive) ? Math.min(600, Number(keepAlive)) : null,
    ring: ring ?? ('rest' as const),
  }
  const jump = cellOf('jump')
  const hopNames = jump === '' ? [] : jump.split(/[,\s]+/).filter((hop) => hop !== '')
  return { row: { ...draftRow(line, draft, problems, client.name), hopNames }, note: cleaned.note ?? client.note }
}
