import { expect, it } from 'vitest'
import { plainLayout, readLayout } from './table-layout.ts'

const columns = ['state', 'client']

it.each([null, '', '{', '[]', '7', 'null', '{"sizing":3,"order":"x"}'])(
  'what is not a layout is the plain one: %s',
  (text) => {
    expect(readLayout(text, columns)).toEqual(plainLayout)
  },
)

it('keeps what fits the columns there are', () => {
  const text = JSON.stringify({
    sizing: { state: 90, client: 'wide', gone: 50 },
    visibility: { client: false, gone: true },
    order: ['client', 'gone', 'client', 'state'],
  })
  expect(readLayout(text, columns)).toEqual({
    sizing: { state: 90 },
    visibility: { client: false },
    order: ['client', 'state'],
  })
})
