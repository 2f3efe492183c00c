import { changeLoginKeys } from '../../runtimes/login-keys.ts'
import type { LoginKeysRequest } from '../../runtimes/login-keys-answer.ts'
import { serve } from '../serve.ts'

declare const rest: string

/** Looks at and changes which keys may log in as this login. */
serve('@@WHEELHOUSE-NONCE@@', { keys: (request) => changeLoginKeys(request as LoginKeysRequest) }, rest)
