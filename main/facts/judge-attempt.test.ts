import { expect, it } from 'vitest'
import type { Fault } from '../../shared/contract/index.ts'
import { madeContact } from './judge-attempt.ts'

const boxName = 'peak-mini'

it.each<[Fault, boolean]>([
  [{ code: 'refused', boxName, host: 'peak', port: 22 }, true],
  [{ code: 'timed-out', boxName, phase: 'connect', afterMs: 1 }, false],
  [{ code: 'timed-out', boxName, phase: 'answer', afterMs: 1 }, true],
  // A machine that once showed another key is not even dialled: that it stays away says nothing about the network.
  [{ code: 'key-changed', boxName, pinned: 'a', offered: 'b' }, false],
  [{ code: 'key-not-trusted', boxName, offered: 'b' }, false],
])('%j: something on the way answered: %s', (fault, contact) => expect(madeContact(fault)).toBe(contact))
