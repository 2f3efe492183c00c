import { isSecretName, isSecretText, maskText } from '../secret-text.ts'
import { fingerprintOf } from './redact.ts'

/** Variables whose value is a place or a switch; any other may be a secret under any name. */
const plainVariable =
  /^(PATH|HOME|USER|USERNAME|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+|NODE_ENV|OPENCLAW_(STATE_DIR|CONFIG_PATH|PROFILE|GATEWAY_PORT|SERVICE_\w+|NO_AUTO_UPDATE|CONFIG_READONLY|LAUNCHD_LABEL|SYSTEMD_UNIT|WINDOWS_TASK_NAME))$/i

/** A pair whose value was replaced already keeps its name. */
const isHidden = /^[^=]*=["']?#[0-9a-f]{12}["']?$/

/**
 * The text of a service file (LaunchAgent, unit, `gateway.cmd`) with every secret replaced by its keyed fingerprint: values
 * of the environment, values of flags named like secrets, and all that looks like one.
 *
 * @param known secrets of the same agent's config, in full.
 */
export function redactUnit(text: string, key: string, known: Iterable<string>): string {
  const hide = (value: string): string => fingerprintOf(key, value)
  const variable = (name: string, value: string): string =>
    value === '' || (plainVariable.test(name) && !isSecretText(value)) ? value : hide(value)
  const pair = /"([A-Za-z_]\w*)=([^"]*)"|'([A-Za-z_]\w*)=([^']*)'|([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S+)/g
  const environment = (line: string): string =>
    line.replace(pair, (whole, ...found: (string | undefined)[]) => {
      const name = found[0] ?? found[2] ?? found[4] ?? ''
      const value = found[1] ?? found[3] ?? found[5] ?? ''
      const quote = found[0] !== undefined ? '"' : found[2] !== undefined ? "'" : ''
      return whole === '' ? whole : `${quote}${name}=${variable(name, value)}${quote}`
    })
  const masked = text
    .replace(/^(\s*Environment=)(.*)$/gm, (_, head: string, rest: string) => head + environment(rest))
    .replace(
      /^(\s*@?set\s+)("?)([A-Za-z_]\w*)=([^"\r\n]*)/gim,
      (_, head: string, quote: string, name: string, value: string) =>
        `${head}${quote}${name}=${variable(name, value)}`,
    )
    .replace(
      /(<key>EnvironmentVariables<\/key>\s*<dict>)([\s\S]*?)(<\/dict>)/g,
      (_, head: string, body: string, end: string) => {
        const hidden = body.replace(
          /(<key>([^<]*)<\/key>\s*<string>)([^<]*)/g,
          (__, before: string, name: string, value: string) => before + variable(name, value),
        )
        return head + hidden + end
      },
    )
    .replace(
      /(--?[A-Za-z][\w-]{0,60})(=|\s+|<\/string>\s*<string>)("[^"]*"|'[^']*'|[^\s<"']+)/g,
      (whole, flag: string, between: string, value: string) =>
        isSecretName(flag.replace(/^-+/, '')) && !value.startsWith('-') ? flag + between + hide(value) : whole,
    )
  return maskText(masked, known, (word) => (isHidden.test(word) ? word : hide(word)))
}
