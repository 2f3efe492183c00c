import { describe, expect, it } from 'vitest'
import { answerLimitBytes, createAnswerReader } from './answers.ts'

const feed = (text: string, size = text.length) => {
  const reader = createAnswerReader('abc')
  const bytes = Buffer.from(text)
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    reader.push(bytes.subarray(at * size, (at + 1) * size)),
  ).flat()
}

describe('the answers of a program', () => {
  it.each([1, 3, 1000])('are found among noise, in pieces of %d bytes', (size) => {
    const text =
      'Welcome\nabcd {"id":9}\nabc {"id":1}\r\n\nxabc {"id":8}\nabc {"id":2,"ok":"\\u00eb"}\nhalf abc {"id":7}'
    expect(feed(text, size)).toEqual([
      { kind: 'answer', value: { id: 1 } },
      { kind: 'answer', value: { id: 2, ok: 'ë' } },
    ])
  })

  it.each([['abc {"id":\n'], ['abc \n'], ['abc [1]\n'], ['abc <html>\n']])('%j is broken', (text) => {
    expect(feed(text)).toMatchObject([{ kind: 'broken' }])
  })

  it('stop at the limit, with or without line ends', () => {
    const reader = createAnswerReader('abc')
    const chunk = Buffer.alloc(1_000_000, 'x\n')
    const events = Array.from({ length: 12 }, () => reader.push(chunk)).flat()
    expect(events).toEqual([{ kind: 'too-large' }])
    expect(feed(`abc {"id":1,"ok":"${'y'.repeat(answerLimitBytes)}"}`, 100_000)).toEqual([{ kind: 'too-large' }])
  })

  it('begin a new count after each answer', () => {
    const reader = createAnswerReader('abc')
    const line = Buffer.from(`abc {"ok":"${'y'.repeat(5_000_000)}"}\n`)
    expect([...reader.push(line), ...reader.push(line)].map(({ kind }) => kind)).toEqual(['answer', 'answer'])
  })
})
