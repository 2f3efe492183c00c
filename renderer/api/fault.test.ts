import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { said, wasCancelled } from './fault.ts'
import { EngineAwayError } from './link.ts'
import { faultOf } from './sentence.ts'

const refused = { code: 'refused', boxName: 'peak-mini', host: '10.0.0.5', port: 22 }
const failed = (data: unknown) => new ORPCError('FAULT', { status: 422, message: 'fault', data })

test('a fault of the contract keeps its fields and gets its sentence', () => {
  expect(faultOf(failed({ fault: refused }))).toEqual(refused)
  expect(said(failed({ fault: refused })).sentence).toContain('peak-mini')
})

test.each([failed({ fault: { code: 'new-one' } }), failed(null), new Error('boom'), 'text', undefined])(
  'anything else still gets a sentence and a next step',
  (error) => {
    expect(faultOf(error)).toBeNull()
    expect(said(error).sentence.length).toBeGreaterThan(10)
    expect(said(error).nextStep.length).toBeGreaterThan(5)
  },
)

test('an engine that is away is named', () => {
  expect(said(new EngineAwayError()).sentence).toBe('The engine is not running, so nothing was saved.')
})

test('giving up is told apart from failing', () => {
  const abort = new DOMException('aborted', 'AbortError')
  expect(wasCancelled(abort)).toBe(true)
  expect(wasCancelled(failed({ fault: { code: 'cancelled', what: 'enrolment' } }))).toBe(true)
  expect(wasCancelled(failed({ fault: refused }))).toBe(false)
})
