import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { asciiLine, bootstrap, commandFor, loadProgram, noncePlaceholder, safeCharacters } from './bootstrap.ts'

const echo =
  "process.stdout.write('got '+rest+'\\n');process.stdin.on('data',function(d){process.stdout.write('more '+d)});process.stdin.on('end',function(){process.exit(3)})"

/** Starts the bootstrap in a shell, feeds it `input` in pieces of `size` bytes, answers its output and exit code. */
function boot(shell: string[], input: string, size: number): Promise<{ text: string; code: number | null }> {
  const [command = 'sh', ...args] = shell
  const child = spawn(command, [...args, commandFor('node')], { stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  for (let at = 0; at < input.length; at += size) child.stdin.write(input.slice(at, at + size))
  child.stdin.end()
  return new Promise((resolve) => child.on('close', (code) => resolve({ text, code })))
}

describe('the bootstrap', () => {
  it('is made of characters that no shell touches', () => {
    expect(bootstrap).toMatch(safeCharacters)
    for (const char of '$`"\\%!^&|<>\n#~?@é') expect(char).not.toMatch(safeCharacters)
  })

  const shells = [
    ['sh', '-c'],
    ['bash', '-c'],
    ['bash', '--posix', '-c'],
    ['zsh', '-c'],
    ['fish', '-c'],
    ['tcsh', '-c'],
  ].filter(([name]) => ['/bin', '/usr/bin'].some((folder) => existsSync(`${folder}/${name}`)))
  it.each(shells.flatMap((shell) => [1, 7, 1_000_000].map((size) => [shell.join(' '), size, shell] as const)))(
    'starts a program in %s from pieces of %d bytes',
    async (_, size, shell) => {
      const { text, code } = await boot(shell, `${loadProgram(echo, 'n')}{"id":1}\n`, size)
      expect(text.replace(/^got |more |\n/g, '')).toBe('{"id":1}')
      expect(code).toBe(3)
    },
  )
})

describe('what goes through it', () => {
  it('carries the nonce of the run', () => {
    expect(loadProgram(`say('${noncePlaceholder}')`, 'abc')).toBe("0000000010say('abc')")
  })
  it('brings a long program packed, in pieces and with its nonce, and what comes behind it', async () => {
    const long = `/*${'x'.repeat(200_000)}*/process.stdout.write('${noncePlaceholder} ');${echo}`
    const input = loadProgram(long, 'abc')
    expect(input.length).toBeLessThan(5000)
    const { text, code } = await boot(['sh', '-c'], `${input}{"id":1}\n`, 100)
    expect(text.replace(/got |more |\n/g, '')).toBe('abc {"id":1}')
    expect(code).toBe(3)
  })
  it('is ASCII', () => {
    expect(asciiLine({ name: 'Zoë 🐚 \u007f' })).toBe('{"name":"Zo\\u00eb \\ud83d\\udc1a \\u007f"}\n')
    expect(() => loadProgram('é', 'n')).toThrow('ASCII')
  })
})
