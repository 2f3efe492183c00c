import type { BoxId } from '../../shared/contract/index.ts'
import type { OperatorGit } from '../git/git.ts'
import type { Onbox } from '../onbox/onbox.ts'

/** No checkout on this computer, no remote that answers. */
export const noGit: OperatorGit = {
  readReference: async (path) => ({
    path,
    found: false,
    sentence: 'There is no such folder on this computer.',
    remote: '',
    branch: '',
    commit: '',
    newestCommitAtMs: null,
    lookedAtMs: null,
    tips: [],
  }),
  count: async () => null,
  askRemote: async () => ({ problem: 'It gave no answer within 20 seconds.' }),
}

/** A box that holds no commit anybody asks for. */
export const countsNothing: Onbox['count'] = async (_boxId, pairs) => pairs.map(() => null)

/** The part of a judge's context that says nothing: no lab machine, nobody who knows more than the box. */
export const knowsNothing = {
  boxId: 'b1' as BoxId,
  here: false,
  nodeVersion: 'v24.16.0',
  lab: null,
  kindOf: () => null,
  branches: { newest: () => null, count: () => null },
  needsOf: () => null,
}
