import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkLayers } from './layers.mjs'

/** A small tree that breaks no rule; each test plants one file into it. */
const sound: Record<string, string> = {
  'shared/words.ts': 'export const words = 1\n',
  'main/base/clock.ts': "import { words } from '../../shared/words.ts'\nexport const clock = words\n",
  'main/store/store.ts': "import { clock } from '../base/clock.ts'\nexport type Store = typeof clock\n",
  'main/store/rows.ts': "import type { Store } from './store.ts'\nexport const rows = 1 as Store\n",
  'main/engine/engine.ts': "import type { Store } from '../store/store.ts'\nexport type Engine = Store\n",
  'main/desktop/desktop.ts': "import { app } from 'electron'\nexport const desktop = app\n",
  'main/testing/temp.ts': "export { rows } from '../store/rows.ts'\n",
  'main/store/store.test.ts':
    "import { rows } from '../testing/temp.ts'\nimport { clock } from '../base/clock.ts'\nexport { rows, clock }\n",
  'preload/preload.ts': "import { ipcRenderer } from 'electron'\nexport { ipcRenderer }\n",
  'renderer/ui/button.ts': "import { words } from '../../shared/words.ts'\nexport const button = words\n",
  'renderer/features/fleet/page.ts': "import { button } from '../../ui/button.ts'\nexport { button }\n",
  'renderer/features/review/page.ts': 'export const review = 1\n',
  'renderer/app/app.ts': "import { review } from '../features/review/page.ts'\nexport { review }\n",
  'e2e/app.ts': "import { rows } from '../main/testing/temp.ts'\nexport { rows }\n",
}

let root: string
const plant = (files: Record<string, string>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
}

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'layers-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a sound tree breaks no rule, and every file of it is read', () => {
  plant(sound)
  expect(checkLayers(root)).toEqual({ files: Object.keys(sound).length, problems: [] })
})

test('a run that read nothing is red', () => {
  expect(checkLayers(root).problems).toEqual(['no file was read, so nothing was checked'])
})

describe('each rule, planted once', () => {
  const rules: [string, string, string, string][] = [
    [
      'a lower rung imports a higher one',
      'main/base/bad.ts',
      "import { x } from '../store/store.ts'",
      'main/base is below main/store',
    ],
    [
      '… as a type',
      'main/base/bad.ts',
      "import type { Store } from '../store/store.ts'",
      'main/base is below main/store',
    ],
    [
      '… as a type inside an expression',
      'main/base/bad.ts',
      "export type S = import('../store/store.ts').Store",
      'main/base is below main/store',
    ],
    ['… by a re-export', 'main/base/bad.ts', "export * from '../store/store.ts'", 'main/base is below main/store'],
    [
      '… by a named re-export of a type',
      'main/base/bad.ts',
      "export type { Store } from '../store/store.ts'",
      'main/base is below main/store',
    ],
    [
      '… when it runs',
      'main/base/bad.ts',
      "export const s = await import('../store/store.ts')",
      'main/base is below main/store',
    ],
    ['… by require', 'main/base/bad.ts', "const s = require('../store/store.ts')", 'main/base is below main/store'],
    ['a computed name', 'main/base/bad.ts', 'export const s = await import(process.argv[2])', 'computed'],
    [
      'past a front door',
      'main/engine/bad.ts',
      "import { rows } from '../store/rows.ts'",
      'main/store is entered by store.ts',
    ],
    ['electron in the engine', 'main/engine/bad.ts', "import { app } from 'electron'", 'only main/desktop and preload'],
    [
      'electron in the engine, as a type',
      'main/engine/bad.ts',
      "import type { App } from 'electron'",
      'only main/desktop and preload',
    ],
    [
      'electron in the page',
      'renderer/ui/bad.ts',
      "import { shell } from 'electron/renderer'",
      'only main/desktop and preload',
    ],
    [
      'the page reaches into main',
      'renderer/ui/bad.ts',
      "import type { Store } from '../../main/store/store.ts'",
      'the page imports shared only',
    ],
    [
      'the page reaches into the preload',
      'renderer/ui/bad.ts',
      "import '../../preload/preload.ts'",
      'the page imports shared only',
    ],
    ['preload reaches into main', 'preload/bad.ts', "import '../main/base/clock.ts'", 'preload imports shared only'],
    [
      'main reaches into the page',
      'main/desktop/bad.ts',
      "import '../../renderer/ui/button.ts'",
      'main imports shared only',
    ],
    [
      'shared is a leaf',
      'shared/bad.ts',
      "import { clock } from '../main/base/clock.ts'",
      'shared imports nothing of ours',
    ],
    [
      'features do not meet',
      'renderer/features/fleet/bad.ts',
      "import { review } from '../review/page.ts'",
      'features do not import each other',
    ],
    [
      'the kit knows no feature',
      'renderer/ui/bad.ts',
      "import { review } from '../features/review/page.ts'",
      'renderer/ui is below renderer/features',
    ],
    ['testing ships', 'main/engine/bad.ts', "import { rows } from '../testing/temp.ts'", 'main/testing is for tests'],
    [
      'what is not shipped is shipped',
      'main/engine/bad.ts',
      "import '../../scripts/tool.mjs'",
      'main does not import scripts',
    ],
    [
      'a folder of main that is on no rung',
      'main/utils/bad.ts',
      'export const x = 1',
      'main/utils is not on the ladder',
    ],
    [
      'a folder of the page that has no rung',
      'renderer/common/bad.ts',
      'export const x = 1',
      'renderer/common is not a folder of the page',
    ],
    [
      'a cycle',
      'main/base/bad.ts',
      "import './worse.ts'",
      'cycle: main/base/bad.ts → main/base/worse.ts → main/base/bad.ts',
    ],
  ]
  test.each(rules)('%s', (_name, file, text, sentence) => {
    plant({ ...sound, [file]: text })
    if (sentence.startsWith('cycle')) plant({ 'main/base/worse.ts': "export * from './bad.ts'" })
    const { problems } = checkLayers(root)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(sentence)
  })
})

test('a file that cannot be parsed is not taken for one without imports', () => {
  plant({ ...sound, 'main/base/bad.ts': 'import { from' })
  expect(() => checkLayers(root)).toThrow('main/base/bad.ts cannot be read')
})
