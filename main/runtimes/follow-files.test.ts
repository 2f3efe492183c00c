import { expect, test } from 'vitest'
import { followFiles } from './follow-files.ts'
import type { LogCursor } from './log-lines.ts'

const file = (path: string, node: string, head: string, size: number, packed = false) => ({
  path,
  node,
  head,
  size,
  packed,
})
const cursor = (path: string, identity: string, offset: number): LogCursor => ({
  source: 'runtime',
  file: path,
  identity,
  offset,
})
const follow = async (
  files: readonly ReturnType<typeof file>[],
  cursors: readonly LogCursor[],
  endsLine: (offset: number) => boolean = () => true,
) => {
  const { followed, gone } = await followFiles(files, cursors, cursors, async (_, offset) => endsLine(offset))
  return {
    files: Object.fromEntries(
      followed.map(({ file: { path }, identity, from, truncated }) => [path, [identity, from, truncated !== null]]),
    ),
    gone: gone.map(({ file: path }) => path),
  }
}

test('a new file begins at its start', async () => {
  expect(await follow([file('a.log', '1:1', 'h', 90)], [])).toEqual({
    files: { 'a.log': ['1:1:h', 0, false] },
    gone: [],
  })
})

test('a file that was renamed goes on, and the new one of its name begins', async () => {
  expect(
    await follow([file('a.1.log', '1:1', 'h', 90), file('a.log', '1:2', 'k', 20)], [cursor('a.log', '1:1:h', 50)]),
  ).toEqual({ files: { 'a.1.log': ['1:1:h', 50, false], 'a.log': ['1:2:k', 0, false] }, gone: [] })
})

test('a copy goes on where the original was cut, even where both begin alike', async () => {
  expect(
    await follow([file('a.log', '1:1', 'h', 10), file('a.log.1', '1:9', 'h', 90)], [cursor('a.log', '1:1:h', 50)]),
  ).toEqual({ files: { 'a.log.1': ['1:1:h', 50, false], 'a.log': ['1:1:h~1', 0, false] }, gone: [] })
})

test('a packed file goes on by its first line', async () => {
  expect(
    await follow([file('a.1.log.gz', '1:9', 'h', 50, true)], [cursor('a.1.log', '1:1:h', 50)], () => false),
  ).toEqual({
    files: { 'a.1.log.gz': ['1:1:h', 50, false] },
    gone: [],
  })
})

test('a file that is shorter than what was read of it was cut', async () => {
  expect(await follow([file('a.log', '1:1', 'h', 10)], [cursor('a.log', '1:1:h', 50)])).toEqual({
    files: { 'a.log': ['1:1:h~1', 0, true] },
    gone: [],
  })
  expect(await follow([file('a.log', '1:1', 'h', 10)], [cursor('a.log', '1:1:h~1', 50)])).toEqual({
    files: { 'a.log': ['1:1:h~2', 0, true] },
    gone: [],
  })
})

test('a file that was cut and has grown past its old end is known by the line that does not end there', async () => {
  expect(await follow([file('a.log', '1:1', 'h', 90)], [cursor('a.log', '1:1:h', 50)], () => false)).toEqual({
    files: { 'a.log': ['1:1:h~1', 0, true] },
    gone: [],
  })
})

test('a cursor without a file is told', async () => {
  expect(await follow([], [cursor('a.log', '1:1:h', 50)])).toEqual({ files: {}, gone: ['a.log'] })
})
