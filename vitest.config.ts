import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What starts real gateways, demo fleets or a process for each command takes minutes: begun last, it would end alone. */
const long = [
  /\.real\.test\.ts$/,
  /faults\.sshd/,
  /real-fleet/,
  /demo\.test\.ts$/,
  /main\/cli\/\w+\.test\.ts$/,
  /false-alarms/,
]

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((pattern) => pattern.test(moduleId))
      return at < 0 ? long.length : at
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

const judging = 'activity,facts,findings,inventory,outside,overlay,pages,review,rules,runtimes,schemas,triage'
const real = ['main/**/*.{real,sshd}.test.ts', 'main/facts/false-alarms.test.ts']
/** Judges, words and tables: they leave nothing behind in their process, so one process reads the sources once for many. */
const together = ['shared/**/*.test.ts', 'renderer/**/*.test.ts', `main/{${judging}}/**/*.test.ts`]
const apart = [`main/!(${judging.replaceAll(',', '|')})/**/*.test.ts`, ...real, 'scripts/**/*.test.ts']

const common = {
  testTimeout: 30_000,
  hookTimeout: 120_000,
  maxWorkers: 2,
  // Tests talk to this computer only.
  env: { WHEELHOUSE_NO_REGISTRY: '1' },
}

export default defineConfig({
  test: {
    globalSetup: ['./vitest.setup.ts'],
    sequence: { sequencer: LongFirst },
    maxWorkers: common.maxWorkers,
    projects: [
      { test: { ...common, name: 'together', include: together, exclude: real, isolate: false } },
      { test: { ...common, name: 'apart', include: apart } },
    ],
  },
})
