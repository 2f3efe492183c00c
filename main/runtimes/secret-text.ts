/**
 * Names whose text is a secret wherever it stands. Chosen wide: a value wrongly taken for a secret costs a readable
 * setting, the other way round costs the secret.
 */
const secretName =
  /token|password|passphrase|passwd|secret|api_?key|(access|private|client|signing|encryption|master|license|service|account|bot)_?key|credential|authorization|cookie|webhook_?url|connectionstring|signature|bearer|passcode|\bpin$|_pin$|dsn$|^key$|^auth$|^jwt$|^sig$|otp$/i
/** Names that hit the pattern and hold a name, never a secret. */
const harmlessName =
  /(tokenlimit|tokenbudget|tokenstatus|tokenfile|passwordfile|secretfile|authmode|^mode$|^source$|^provider$|^type$)/i
/** Counts: a number under them is a number. */
const countName = /(max_?tokens|tokens)$/i
/** A number under any of these is a secret all the same. */
const numberName = /(password|passphrase|passwd|passcode|secret|api_?key|\bpin$|_pin$|^token$|otp$)/i

const bare = (name: string): string => name.replace(/[-\s]/g, '_')

/** Is the text under this name a secret? */
export const isSecretName = (name: string, text = ''): boolean =>
  secretName.test(bare(name)) && !harmlessName.test(name) && !(countName.test(name) && /^\d*$/.test(text))

/** Is the number under this name a secret? */
export const isSecretNumberName = (name: string): boolean => numberName.test(bare(name)) && !harmlessName.test(name)

/** Shapes of well-known secrets, wherever they stand in a text. None can be made to backtrack far: each begins where a word does. */
const shapes = [
  '-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\\s\\S]*?(?:-----END|$)',
  '(?<![\\w.-])(?:sk|pk|rk|gsk|tvly|whsec|shpat|glpat|xapp|xox[a-z]|github_pat|gh[pousr]|r8)[-_][A-Za-z0-9._-]{16,}',
  '(?<![\\w.-])(?:npm|hf|ntn|lin_api|dop_v1)_[A-Za-z0-9]{20,}',
  '(?<![\\w.-])(?:AKIA|ASIA)[A-Z0-9]{12,}',
  '(?<![\\w.-])AIza[\\w-]{30,}',
  '(?<![\\w.-])ya29\\.[\\w.-]{16,}',
  '(?<![\\w.-])EAA[A-Za-z0-9]{30,}',
  '(?<![\\w.-])SG\\.[\\w.-]{16,}',
  '(?<![\\w.-])eyJ[\\w-]{10,}\\.[\\w.-]{10,}',
  '(?<![\\w])\\d{6,12}:[\\w-]{30,}',
  '(?<![\\w-])(?:Bearer|Basic)\\s+[^\\s\'"]{8,}',
].join('|')
const shape = new RegExp(shapes)
/** Does a well-known secret stand in the text? What only its name gives away is not told. */
export const holdsSecretShape = (text: string): boolean => shape.test(text)
/** Well-known secrets, wherever they stand. */
export const everyShape = new RegExp(shapes, 'g')
/** The whole text is one such word, however short the rest of it is known. */
const wholeWord = /^(sk|pk|rk|ghp|gho|ghs|glpat|xox[abprs]|hf|npm|AKIA|ya29|EAA)[-_A-Za-z0-9.]{16,}$/

/** Addresses carry secrets as login, as parameters, or as a long segment of their path, as web hooks do. */
function isSecretUrl(word: string): boolean {
  const at = word.indexOf('://')
  if (at < 0) return false
  const [place = '', ...parameters] = word.slice(at + 3).split(/[?&#;]/)
  const [authority = '', ...path] = place.split('/')
  return (
    authority.includes('@') ||
    parameters.some((parameter) => isSecretPair(parameter)) ||
    path.some((segment) => /^(bot\d{6,}:.*|[\w-]{32,})$/.test(segment) || segment === 'webhooks') ||
    (authority === 'hooks.slack.com' && path.length > 1)
  )
}

/** `--api-key=…`, `API_KEY=…`, `password:…` */
function isSecretPair(word: string): boolean {
  const at = word.search(/[=:]/)
  if (at < 1 || at > 60) return false
  const value = word.slice(at + 1).replace(/^["']/, '')
  return value.length > 1 && !value.startsWith('//') && isSecretName(word.slice(0, at).replace(/^["'-]+/, ''), value)
}

const isSecretWord = (word: string): boolean => isSecretUrl(word) || isSecretPair(word)

/** Does the text hold a secret, whatever it is called? */
export const isSecretText = (text: string): boolean =>
  shape.test(text) || wholeWord.test(text) || text.split(/[\s,]+/).some(isSecretWord)

/** `--token`: the next argument is its value. */
export const namesNextArgument = (text: unknown): string =>
  typeof text === 'string' && /^--?[A-Za-z][\w-]{0,60}$/.test(text) ? text.replace(/^-+/, '') : ''

/**
 * Words of a program, such as an error, without the secrets in them.
 * @param known secrets of the same box, in full; short ones and paths are not looked for.
 * @param standIn what stands for a secret.
 */
export function maskText(text: string, known: Iterable<string>, standIn: (secret: string) => string): string {
  let masked = text
  for (const secret of known)
    if (secret.length >= 8 && !/^[~/]/.test(secret)) masked = masked.split(secret).join(standIn(secret))
  return masked
    .replace(everyShape, standIn)
    .split(/([\s,]+)/)
    .map((word) => (isSecretWord(word) ? standIn(word) : word))
    .join('')
}
