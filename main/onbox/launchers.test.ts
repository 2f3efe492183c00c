import { describe, expect, it } from 'vitest'
import { compareNode, isAbsent, isComfortable, launcherCandidates } from './launchers.ts'

describe('launchers', () => {
  it('begin with what the login finds by itself, and say which were never seen', () => {
    expect(launcherCandidates[0]).toMatchObject({ launcher: 'node', seen: true })
    expect(launcherCandidates.filter(({ seen }) => !seen).map(({ name }) => name)).toEqual([
      'C:\\Program Files\\nodejs\\node.exe (cmd)',
      'C:\\Program Files\\nodejs\\node.exe (PowerShell)',
      '%LOCALAPPDATA%\\Volta\\bin\\node.exe (cmd)',
      'Volta\\bin\\node.exe (PowerShell)',
    ])
  })

  it('are single lines without a name twice', () => {
    const all = launcherCandidates.map(({ launcher }) => launcher)
    expect(new Set(all).size).toBe(all.length)
    for (const launcher of all) expect(launcher).not.toMatch(/[\n\r]/)
  })

  it.each([
    [127, 'sh: 1: node: not found', true],
    [126, '', true],
    [9009, '', true],
    [1, "'node' is not recognized as an internal or external command,", true],
    [1, "The term 'node' is not recognized as the name of a cmdlet", true],
    [1, 'SyntaxError: Unexpected token', false],
    [134, 'FATAL ERROR: Reached heap limit', false],
    [0, '', false],
    [null, '', false],
  ] as const)('exit %s, %j: absent %s', (code, words, absent) => expect(isAbsent(code, words)).toBe(absent))

  it('order versions of Node', () => {
    expect(compareNode('v22.9.0', 'v22.10.0')).toBeLessThan(0)
    expect(compareNode('v24.0.0', 'v24.0.0')).toBe(0)
    expect(compareNode('nonsense', 'v0.10.0')).toBeLessThan(0)
    expect([isComfortable('v22.14.9'), isComfortable('v22.15.0'), isComfortable('v24.0.0')]).toEqual([
      false,
      true,
      true,
    ])
  })
})
