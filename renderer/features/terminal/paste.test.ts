import { expect, test } from 'vitest'
import { cleanPaste, linesOfPaste, pasteQuestion } from './paste.ts'

test.each([
  ['uptime', null],
  ['', null],
  ['uptime\n', 'This line ends with a line break, so the machine runs it at once.'],
  ['a\nb', 'These are 2 lines. The machine runs each as it comes.'],
  ['a\r\nb\r\nc\r\n', 'These are 3 lines. The machine runs each as it comes.'],
  ['a\rb', 'These are 2 lines. The machine runs each as it comes.'],
])('%j asks %j', (text, question) => expect(pasteQuestion(text)).toBe(question))

test('a paste cannot end its own bracket, press keys or hide a C1 sequence', () =>
  expect(cleanPaste('a\u001b[201~rm\u0003 -rf\u009b~\tb\nc\u0000')).toBe('a[201~rm -rf~\tb\nc'))

test.each([
  ['uptime', ['uptime']],
  ['uptime\n', ['uptime']],
  ['a\r\n\r\nb\rc\n', ['a', '', 'b', 'c']],
  ['\n', ['']],
])('%j shows the lines %j', (text, lines) => expect(linesOfPaste(text)).toEqual(lines))
