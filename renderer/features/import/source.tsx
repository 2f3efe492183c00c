import { useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'

/** Where the machines come from: a file, or its text. */
export function Source({
  onFile,
  onText,
}: {
  onFile: (file: File | undefined) => void
  onText: (text: string) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  return (
    <div className="flex max-w-[720px] flex-col gap-6 p-6">
      <div className="flex flex-col items-start gap-3">
        <p className="max-w-[72ch]">
          Choose an ssh_config or a CSV, or drop it here. You see every row before anything is saved, and nothing is
          connected to.
        </p>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="File to import"
          onChange={(event) => onFile(event.target.files?.[0])}
        />
        <Button autoFocus onClick={() => input.current?.click()}>
          Choose a file
        </Button>
        <p className="text-meta text-text3">
          Your own ssh_config usually is .ssh/config in your home folder. Files it includes are read from there. Match
          exec and ProxyCommand are never run, only listed.
        </p>
      </div>
      <div className="flex flex-col items-start gap-2 [&>div]:w-full [&>div]:max-w-none">
        <TextArea
          label="Or paste its text"
          rows={10}
          className="font-mono text-code"
          value={text}
          placeholder={'Host peak-mini\n  HostName 10.0.0.5\n  User dana\n  ProxyJump bastion'}
          onChange={(event) => setText(event.target.value)}
        />
        <Button disabled={text.trim() === ''} onClick={() => onText(text)}>
          Look at it
        </Button>
      </div>
    </div>
  )
}
