import type { RolloutRun } from '../../shared/contract/index.ts'
import { answeredText, answersOf, calmText, unchangedText } from '../../shared/guard-words.ts'
import { showHidden } from '../../shared/untrusted.ts'
import { watchCells, watchHead } from '../../shared/watch-words.ts'
import { waveName } from '../../shared/wave-words.ts'
import { dateWords } from '../base/words.ts'
import type { RunEvent } from './run-rows.ts'

/** Text of a machine or a person as plain words in Markdown: no link, no HTML, no table cell of its own. */
const plain = (text: string): string =>
  showHidden(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>()#|!~&@]/g, '\\$&')
    // An address by itself becomes a link, too.
    .replace(/:\/\//g, '\\:\\/\\/')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\\.`)

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map(plain).join(' | ')} |`),
]

const guardRowsOf = ({ guard }: RolloutRun): string[][] =>
  guard === null
    ? []
    : answersOf(guard).flatMap(({ kind, words, atMs, benefits, clients }) => {
        const where = clients.length === 0 ? '' : `: ${clients.join(', ')}`
        return [
          kind === 'asked'
            ? [`Who asked${where}`, words]
            : [`Nobody asked${where}`, `${words} Said ${dateWords(atMs)}.`],
          ['Who benefits', benefits],
        ]
      })

/** What each client had without a break when the run began. */
const stakeOf = ({ guard, startedAtMs }: RolloutRun): string[] =>
  guard === null
    ? []
    : [
        '## At stake',
        '',
        ...table(
          ['Client', 'Unchanged', 'Answered in a row', 'Without trouble', 'Workflows'],
          guard.clients.map(({ clientName, workflows, streak }) => [
            clientName,
            unchangedText(streak, startedAtMs),
            answeredText(streak),
            calmText(streak, startedAtMs),
            workflows.join(', '),
          ]),
        ),
        '',
      ]

const afterwardsOf = ({ watch }: RolloutRun): string[] =>
  watch === null
    ? []
    : [
        '## Afterwards',
        '',
        `From ${plain(dateWords(watch.beganAtMs))} until ${plain(dateWords(watch.endedAtMs ?? watch.endsAtMs))}${watch.endedAtMs === null ? ', not over yet' : ''}, beside the seven days before. Days are those of UTC.`,
        '',
        ...table(
          ['Client', ...watchHead],
          watch.clients.map((client) => [client.clientName, ...watchCells(client)]),
        ),
        '',
      ]

/** Who, what, why, differences, outcomes and times of a run, as Markdown. Pure. */
export function reportOf(run: RolloutRun, events: readonly RunEvent[]): string {
  const { patch, lanes, waves, groups } = run
  const nameOf = new Map(lanes.map(({ agentId, name }) => [agentId, name]))
  const waveNames = new Map(waves.map((wave) => [wave.number, waveName(wave, waves)]))
  const what = run.revertOf === null ? 'Patch' : 'Taking back of patch'
  return [
    `# ${what} ${plain(patch.name)}, revision ${patch.revision}`,
    '',
    plain(run.words),
    '',
    ...table(
      ['', ''],
      [
        ['Who', run.by === 'cli' ? 'the operator, on the command line' : 'the operator'],
        ['Why', patch.why],
        ['What', patch.partWords.join('; ')],
        ['Class', patch.class],
        ['To whom', run.sentence],
        ['Began', dateWords(run.startedAtMs)],
        ['Ended', run.endedAtMs === null ? 'not yet' : dateWords(run.endedAtMs)],
        ['Layers', { 'not-saved': 'not saved', saved: 'saved', 'put-back': 'put back', none: 'none' }[run.layers]],
        ...guardRowsOf(run),
        ['Hash of the patch', patch.hash],
        ['Hash of the preview', run.hash],
      ],
    ),
    '',
    ...stakeOf(run),
    ...afterwardsOf(run),
    '## Differences',
    '',
    ...(groups.length === 0 ? ['None in the settings.', ''] : []),
    ...groups.flatMap(({ agentIds, changes }) => [
      `On ${plain(agentIds.map((agentId) => nameOf.get(agentId) ?? '').join(', '))}:`,
      '',
      ...table(
        ['Setting', 'Before', 'After'],
        changes.map(({ path, before, after }) => [path, before ?? 'nothing', after ?? 'nothing']),
      ),
      '',
    ]),
    '## Outcomes',
    '',
    ...table(
      ['Agent', 'Client', 'Wave', 'Outcome', 'Began', 'Ended', 'How'],
      lanes.map((lane) => [
        lane.name,
        lane.clientName ?? '',
        waveNames.get(lane.wave) ?? '',
        lane.outcome ?? lane.state,
        lane.begunAtMs === null ? '' : dateWords(lane.begunAtMs),
        lane.endedAtMs === null ? '' : dateWords(lane.endedAtMs),
        [lane.words, ...lane.seen].filter(Boolean).join(' '),
      ]),
    ),
    '',
    '## Waves',
    '',
    ...table(
      ['Wave', 'Agents', 'At once', 'Left at work', 'Verdict'],
      waves.map((wave) => [
        waveName(wave, waves),
        wave.agentIds.map((agentId) => nameOf.get(agentId) ?? '').join(', '),
        String(wave.atOnce),
        `${wave.soakS} s`,
        [wave.state, wave.words].filter(Boolean).join(': '),
      ]),
    ),
    '',
    '## Journal',
    '',
    ...table(
      ['When', 'Agent', 'What'],
      events.map(({ atMs, agentId, kind, words }) => [
        new Date(atMs).toISOString(),
        agentId === null ? '' : (nameOf.get(agentId) ?? ''),
        kind === 'lane.step' ? `Step ${words}` : words,
      ]),
    ),
    '',
  ].join('\n')
}
