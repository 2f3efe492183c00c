import path from 'node:path'
import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

const read = (...argv: string[]) => readArguments(['/opt/electron', '.', ...argv], '/home/me/.config', '/home/me')

test('without arguments it is the console, writable, in the system folder', () => {
  expect(read()).toEqual({ demo: false, readOnly: false, dataDir: path.join('/home/me/.config', 'Wheelhouse') })
})

test('the demo never shares a folder with the console', () => {
  expect(read('--demo')).toMatchObject({ demo: true, dataDir: path.join('/home/me/.config', 'Wheelhouse Demo') })
})

test('a folder is taken in both forms, seen from where the program was started', () => {
  expect(read('--data', 'clients', '--read-only')).toMatchObject({
    readOnly: true,
    dataDir: path.resolve('/home/me/clients'),
  })
  expect(read('--data=/srv/wheelhouse').dataDir).toBe(path.resolve('/srv/wheelhouse'))
})

test('an argument that follows is not taken for the folder', () => {
  expect(read('--data', '--demo')).toMatchObject({
    demo: true,
    dataDir: path.join('/home/me/.config', 'Wheelhouse Demo'),
  })
})

test('arguments of Electron and the system are left alone', () => {
  expect(read('--enable-logging', '--original-process-start-time=13', '--demo').demo).toBe(true)
})
