import { expect, test } from 'vitest'
import { readCsv } from './csv-import.ts'

const read = (text: string, columns: Record<string, string> = {}) =>
  readCsv({ text, file: 'fleet.csv', homeDir: '/home/kit', columns, localUser: 'kit' })

test('columns are guessed from their heads, whatever the separator and the byte order mark', () => {
  for (const sign of [',', ';', '\t']) {
    const table = [
      ['Label', 'IP Address', 'SSH Port', 'Username', 'Identity File', 'Customer', 'Colour'],
      ['peak-mini', '10.0.0.5', '2222', 'dana', '~/.ssh/id', 'Peak Realty', 'blue'],
    ]
    const { rows, columns, unsupported } = read(`\ufeff${table.map((row) => row.join(sign)).join('\r\n')}\r\n`)
    expect(rows).toMatchObject([
      {
        line: 2,
        name: 'peak-mini',
        clientName: 'Peak Realty',
        problems: [],
        box: { host: '10.0.0.5', port: 2222, user: 'dana', auth: { kind: 'key', path: '/home/kit/.ssh/id' } },
      },
    ])
    expect(columns.map((column) => column.field)).toEqual(['name', 'host', 'port', 'user', 'key', 'client', null])
    expect(columns[0]).toEqual({ header: 'Label', field: 'name', sample: 'peak-mini' })
    expect(unsupported).toMatchObject([{ line: 1, text: 'Colour' }])
  }
})

test('a choice overrides the guess, and one field has one column', () => {
  const text = 'name,where,host\npeak,10.0.0.5,Dana Hosting\n'
  const { rows, columns } = read(text, { where: 'host', host: '' })
  expect(columns.map((column) => column.field)).toEqual(['name', 'host', null])
  expect(rows[0]?.box?.host).toBe('10.0.0.5')
})

test('quoted cells may hold separators, quotation marks and line breaks; lines are counted in the file', () => {
  const { rows } = read('name,host,client\n"peak, the ""first""",10.0.0.5,"Peak\nRealty"\n\nelm,10.0.0.6,Elm\n')
  expect(rows.map((row) => [row.line, row.name, row.clientName])).toEqual([
    [2, 'peak, the "first"', 'Peak Realty'],
    [5, 'elm', 'Elm'],
  ])
})

test('a host cell may hold user and port, or the ssh command', () => {
  const { rows } = read('host\ndana@10.0.0.5:2222\nssh kevin@elm\n[2001:db8::7]:2200\n')
  expect(rows.map((row) => row.box && [row.name, row.box.host, row.box.port, row.box.user])).toEqual([
    ['10.0.0.5', '10.0.0.5', 2222, 'dana'],
    ['elm', 'elm', 22, 'kevin'],
    ['2001:db8::7', '2001:db8::7', 2200, 'kit'],
  ])
})

test('a dozen bad rows among twelve good ones: the good offered, the bad named with line and reason', () => {
  const bad = [
    ['', 'There is no host'],
    ['b2,', 'There is no host'],
    ['b3,10.0.0.3,0', 'not a port'],
    ['b4,10.0.0.4,70000', 'not a port'],
    ['b5,10.0.0.5,ssh', 'not a port'],
    ['b6,-oProxyCommand=x', 'begins with a dash'],
    ['b7,a b', 'no part of a name'],
    ['b8,10.0.0.8,22,da;na', 'no part of a user name'],
    ['b9,10.0.0.9,22,dana,extra,cells', 'the first line names 4'],
    ['"b10,10.0.0.10', 'do not pair up'],
    ['b11,"10.0".0.11', 'quotation marks'],
    ['b12,10.0.0.12:99999', 'is not a host'],
    [`b13,${'h'.repeat(300)}`, '255'],
  ]
  const lines = ['name,host,port,user']
  for (const [index, [line]] of bad.entries())
    lines.push(line === '' ? ',,,dana' : line!, `good${index},10.1.0.${index}`)
  const { rows } = read(lines.join('\n'))
  const good = rows.filter((row) => row.box !== null)
  expect(good.map((row) => [row.line, row.name, row.problems])).toEqual(
    bad.map((_, index) => [3 + 2 * index, `good${index}`, []]),
  )
  const wrong = rows.filter((row) => row.box === null)
  expect(wrong.map((row) => row.line)).toEqual(bad.map((_, index) => 2 + 2 * index))
  for (const [index, [, part]] of bad.entries()) expect(wrong[index]?.problems.join(' ')).toContain(part)
})

test('names that a spreadsheet would take for formulas, and hidden characters, are made plain and told', () => {
  const { rows, unsupported } = read('name,host\n=HYPERLINK(1),a\n@sum,b\n-2+3,c\nx\u202ey\u0007,d\n')
  expect(rows.map((row) => row.name)).toEqual(['HYPERLINK(1)', 'sum', '2+3', 'x⟨202E⟩y⟨0007⟩'])
  expect(rows.every((row) => row.box !== null && row.box.name === row.name)).toBe(true)
  expect(unsupported.map((one) => one.line)).toEqual([2, 3, 4, 5])
})

test('a column of passwords is never imported, and said', () => {
  const { rows, unsupported } = read('host,password\n10.0.0.5,hunter2\n')
  expect(JSON.stringify(rows)).not.toContain('hunter2')
  expect(unsupported).toMatchObject([{ text: 'password', reason: expect.stringContaining('never imported') }])
})

test.each(['', '\n\n', 'just a sentence without columns', 'name,colour\npeak,blue\n'])(
  '%j offers nothing and does not fail',
  (text) => {
    expect(read(text).rows.filter((row) => row.box !== null)).toEqual([])
  },
)

test('an open quotation mark at the top does not make a large file slow', () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `"open${index},10.0.0.1`)
  expect(read(['name,host', ...lines].join('\n')).rows.length).toBeGreaterThan(100)
})
