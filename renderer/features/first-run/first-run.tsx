import { useState } from 'react'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { Page } from '../../ui/page.tsx'

const demoCommand = 'npm start -- --demo'

/** What a console without a machine says: three ways to begin, each a line. */
export function FirstRun() {
  const [demo, setDemo] = useState(false)
  const add = () => go({ page: 'add' })
  const bring = () => go({ page: 'import' })
  useActions('First run', [
    { title: 'Add a machine', keys: 'a', run: add },
    { title: 'Import machines', keys: 'i', run: bring },
    { title: 'Look around the demo', keys: 'd', run: () => setDemo(true) },
  ])
  return (
    <Page
      title="No machines yet"
      hints={[
        { keys: ['a'], words: 'add' },
        { keys: ['i'], words: 'import' },
        { keys: ['d'], words: 'demo' },
      ]}
    >
      <ul className="flex max-w-[640px] flex-col gap-1 p-4 pt-3">
        <Choice keys="a" title="Add a machine" onChoose={add}>
          Paste the ssh command you use today. You see its host key before anything is sent.
        </Choice>
        <Choice keys="i" title="Import" onChoose={bring}>
          Take machines from an ssh_config or a CSV. You choose which; nothing is connected to.
        </Choice>
        <Choice keys="d" title="Look around the demo" onChoose={() => setDemo(true)}>
          Twelve made-up machines, each with its own trouble, in a data folder of their own.
        </Choice>
        {demo && (
          <li className="flex flex-col gap-1 px-2 pl-[38px]">
            <p>Quit this window and start it with</p>
            <Copyable text={demoCommand} />
            <p className="text-meta text-text3">
              Your own data is not touched, and the demo says DEMO at the foot of the sidebar.
            </p>
          </li>
        )}
      </ul>
    </Page>
  )
}

function Choice({
  keys,
  title,
  children,
  onChoose,
}: {
  keys: string
  title: string
  children: string
  onChoose: () => void
}) {
  return (
    <li>
      <button
        type="button"
        onClick={onChoose}
        className="ring-inside grid min-h-14 w-full grid-cols-[18px_1fr] items-baseline gap-3 rounded-control px-2 py-2 text-left hover:bg-sunken"
      >
        <KeyCap keys={keys} />
        <span>
          <span className="font-medium">{title}</span>
          <span className="block text-text2">{children}</span>
        </span>
      </button>
    </li>
  )
}
