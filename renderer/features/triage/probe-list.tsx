// biome-ignore-all lint/a11y/useKeyWithClickEvents: the page's keys move and open
import { useEffect, useRef } from 'react'
import type { Probe } from '../../../shared/contract/index.ts'
import { Age } from '../../ui/age.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { answerWords, partNames, shapeOf } from './rows.ts'

/** The questions in the order they are asked, 28 px each; what they are about stands once, before the first. */
export function ProbeList({
  probes,
  chosen,
  leadKey,
  onChoose,
  onOpen,
}: {
  probes: readonly Probe[]
  chosen: string | null
  leadKey: string | null
  onChoose: (key: string) => void
  onOpen: () => void
}) {
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each choice may have scrolled
  useEffect(() => {
    if (list.current) showWhole(list.current)
  }, [chosen])
  return (
    <div ref={list} role="listbox" aria-label="Questions" className="pt-2 pb-10">
      {probes.map((probe, at) => (
        <ProbeRow
          key={probe.key}
          probe={probe}
          begins={probes[at - 1]?.part !== probe.part}
          chosen={probe.key === chosen}
          leads={probe.key === leadKey}
          onChoose={() => onChoose(probe.key)}
          onOpen={onOpen}
        />
      ))}
    </div>
  )
}

/** Scrolls on by what the sentence above the list covers of a row: the first row in sight is whole. */
function showWhole(list: HTMLElement): void {
  const edge = list.previousElementSibling?.getBoundingClientRect().bottom ?? 0
  const cut = [...list.children]
    .map((row) => row.getBoundingClientRect())
    .find(({ top, bottom }) => top < edge - 1 && bottom > edge + 1)
  if (cut) list.parentElement?.scrollBy(0, cut.bottom - edge)
}

function ProbeRow({
  probe,
  begins,
  chosen,
  leads,
  onChoose,
  onOpen,
}: {
  probe: Probe
  begins: boolean
  chosen: boolean
  leads: boolean
  onChoose: () => void
  onOpen: () => void
}) {
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const { answer } = probe
  const tone = answer === 'yes' ? 'text-text2' : answer === 'cannot-tell' ? 'text-text3' : ''
  return (
    <div
      ref={row}
      role="option"
      aria-selected={chosen}
      tabIndex={chosen ? 0 : -1}
      data-probe={probe.key}
      data-answer={answer}
      onClick={onChoose}
      onDoubleClick={onOpen}
      className={`ring-inside flex min-h-7 scroll-mt-32 scroll-mb-2 items-start gap-3 border-l-2 py-1 pr-6 pl-[22px] ${begins ? 'mt-1' : ''} ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <span className="w-14 shrink-0 text-meta leading-5 text-text3">{begins && partNames[probe.part]}</span>
      <span className="flex h-5 shrink-0 items-center">
        <StateIcon word={shapeOf(probe)} label={answerWords[answer]} />
      </span>
      <span className={`w-[264px] shrink-0 ${tone} ${leads ? 'font-medium' : ''}`}>{probe.question}</span>
      <span className={`readable min-w-0 flex-1 truncate ${tone} ${leads ? 'font-medium' : ''}`}>
        <UntrustedText text={probe.value} />
      </span>
      <span className="flex min-w-12 shrink-0 justify-end whitespace-nowrap">
        {probe.takenAtMs !== null && <Age atMs={probe.takenAtMs} />}
      </span>
    </div>
  )
}
