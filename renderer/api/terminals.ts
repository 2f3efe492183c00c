import { useQuery } from '@tanstack/react-query'
import type { BoxId, TerminalId, TerminalSession } from '../../shared/contract/index.ts'
import { go } from '../state/navigation.ts'
import { offerSentence } from '../state/said.ts'
import { useTerminalChoice } from '../state/terminals.ts'
import { client } from './client.ts'
import { wasCancelled } from './fault.ts'
import { orpc, queryClient } from './queries.ts'
import { sentenceOf } from './sentence.ts'

const none: TerminalSession[] = []
const sessionsOptions = () => orpc.terminal.sessions.queryOptions()

/** Terminals that are open, and ended ones nobody has closed. */
export const useTerminals = (): TerminalSession[] => useQuery(sessionsOptions()).data ?? none

/** Opens one more terminal on a machine; the page says what became of it. The size follows once it is on screen. */
export async function openTerminal(boxId: BoxId): Promise<void> {
  const set = useTerminalChoice.setState
  if (useTerminalChoice.getState().opening !== null) return
  set({ opening: boxId, problem: null })
  try {
    const { terminalId } = await client.terminal.open({ boxId, columns: 80, rows: 24 })
    await queryClient.invalidateQueries({ queryKey: sessionsOptions().queryKey })
    set({ chosen: terminalId })
  } catch (error) {
    if (!wasCancelled(error)) set({ problem: { boxId, sentence: sentenceOf(error) } })
  } finally {
    set({ opening: null })
  }
}

/** The terminals of a machine: to the one that is open there, or a new one. */
export function showTerminal(boxId: BoxId, open: readonly TerminalSession[]): void {
  const there = open.findLast((session) => session.boxId === boxId && session.end === null)
  useTerminalChoice.setState({ chosen: there?.terminalId ?? null })
  go({ page: 'terminal', boxId })
  if (!there) void openTerminal(boxId)
}

/** Ends a terminal; one that has ended is put away. */
export async function closeTerminal(terminalId: TerminalId): Promise<void> {
  try {
    await client.terminal.close({ terminalId })
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}
