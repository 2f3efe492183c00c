import type { Stopped } from '../runtimes/change-answer.ts'

/** What a machine answers that stopped a channel and saw it off. */
export const seenOff: Stopped = {
  written: true,
  problem: '',
  hashBefore: '',
  hashAfter: '',
  undo: [],
  how: 'off',
  again: null,
  detail: '',
}
