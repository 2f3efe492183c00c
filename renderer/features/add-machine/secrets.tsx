import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import type { Box } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, Input } from '../../ui/field.tsx'
import type { Ask } from './steps.ts'

/** What a person gave for one run. It lives in this call and nowhere else. */
export interface SecretsGiven {
  password?: string
  passphrase?: string
  rememberPassphrase?: boolean
}

export interface SecretsProps {
  box: Box
  /** What the last run stopped for; a passphrase is asked for only then. */
  ask: Ask
  words: string
  onStart: (secrets: SecretsGiven) => void
}

/**
 * The start of a run with the secret it needs. The field is never filled in, is emptied as soon as it was used, and
 * does not go into the form's draft or the address.
 */
export function Secrets({ box, ask, words, onStart }: SecretsProps) {
  const field = useRef<HTMLInputElement>(null)
  const [remember, setRemember] = useState(false)
  const keychain = useQuery(orpc.app.state.queryOptions()).data?.keychain
  const wantsPassword = box.auth.kind === 'password'
  const wantsPassphrase = box.auth.kind === 'key' && ask === 'passphrase'
  const start = (event: FormEvent) => {
    event.preventDefault()
    const secret = field.current?.value ?? ''
    if (field.current) field.current.value = ''
    if (wantsPassword) onStart({ password: secret })
    else if (wantsPassphrase && secret !== '') onStart({ passphrase: secret, rememberPassphrase: remember })
    else onStart({})
  }
  return (
    <form noValidate onSubmit={start} className="flex flex-col gap-3">
      {wantsPassword && (
        <Input
          ref={field}
          type="password"
          autoComplete="new-password"
          className="w-72!"
          label={`Password of ${box.user}`}
          error={ask === 'password' ? 'It was refused. Enter it again.' : undefined}
          help="Used for this login and kept nowhere."
        />
      )}
      {wantsPassphrase && (
        <>
          <Input
            ref={field}
            type="password"
            autoComplete="new-password"
            className="w-72!"
            label="Passphrase of the key"
            help={box.auth.kind === 'key' ? box.auth.path : ''}
          />
          {keychain?.available ? (
            <Checkbox
              label="Remember the passphrase in this computer’s keychain"
              help="Without it every sweep needs the key in the ssh-agent."
              checked={remember}
              onChange={(event) => setRemember(event.target.checked)}
            />
          ) : (
            <p className="max-w-[72ch] text-meta text-text3">
              {keychain?.why} Sweeps can use this key once it is in the ssh-agent (ssh-add).
            </p>
          )}
        </>
      )}
      <div>
        <Button look="primary" submit keys="enter">
          {words}
        </Button>
      </div>
    </form>
  )
}
