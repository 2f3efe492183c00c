// Bundles each program that runs on a box into one ASCII file, out/box/NAME.js, with `require` and `rest` in scope.
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { build } from 'vite'

const root = path.resolve(import.meta.dirname, '..')
const folders = ['main/onbox/programs', 'main/handover/programs'].map((folder) => path.join(root, folder))
const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'node:sqlite']

/** Oldest major version of Node that can run the programs. */
const oldestNode = 18

/** Escapes what is not ASCII: the bootstrap reads the program as single bytes. Valid in strings, templates, regular expressions and identifiers. */
const ascii = (code) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything outside ASCII is meant
  code.replace(/[^\x00-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Checked by the console alone; `carry` asks and judges where no console is. */
const consoleOnly = /[\\/]node_modules[\\/](zod|@orpc)[\\/]/
const mayJudge = new Set(['carry'])

/** @throws Error for a program that carries schemas: to build them costs a machine more than all that it is asked. */
function refuseSchemas(name, modules) {
  const found = Object.entries(modules).find(
    ([file, { renderedLength }]) => renderedLength > 0 && consoleOnly.test(file),
  )
  if (found && !mayJudge.has(name)) throw new Error(`${name}: a box program carries ${found[0]}`)
}

/** An older Node must parse all of this and run the first branch, so that it can say that it is too old. */
const wrap = (code) =>
  `if(Number(process.versions.node.split(".")[0])<${oldestNode}){` +
  `process.stdout.write("@@WHEELHOUSE-NONCE@@ "+JSON.stringify({tooOld:process.version,needed:"${oldestNode}"})+"\\n",function(){process.exit(0)})` +
  `}else{(function(module,exports){${code}\n})({exports:{}},{})}`

export async function buildBoxPrograms() {
  mkdirSync(path.join(root, 'out/box'), { recursive: true })
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => path.join(folder, name)),
  )
  for (const file of files) {
    const name = path.basename(file, '.ts')
    const bundle = await build({
      configFile: false,
      root,
      logLevel: 'warn',
      publicDir: false,
      resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
      build: {
        write: false,
        target: 'es2019',
        minify: true,
        ssr: true,
        rolldownOptions: {
          input: { [name]: file },
          external: builtins,
          // Schemas are for the console, which checks what a box says: nothing of them is sent, or built at each start.
          treeshake: { moduleSideEffects: false, manualPureFunctions: ['z', 'oc', 'orUnread'] },
          output: { format: 'cjs', entryFileNames: '[name].js' },
        },
      },
      ssr: { noExternal: true, external: builtins },
    })
    const output = Array.isArray(bundle) ? bundle[0].output : bundle.output
    if (output.length !== 1) throw new Error(`${name}: a box program must be one file, got ${output.length}`)
    refuseSchemas(name, output[0].modules)
    // Renamed into place: another process may read the file while this one builds.
    const target = path.join(root, 'out/box', `${name}.js`)
    writeFileSync(`${target}.${process.pid}`, wrap(ascii(output[0].code)))
    renameSync(`${target}.${process.pid}`, target)
  }
}

if (process.argv[1] === import.meta.filename) await buildBoxPrograms()
