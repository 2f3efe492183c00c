// Every check and every test, each with its time; the last line counts them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root, runtime } from './install.mjs'
import { ensureParts } from './parts.mjs'

const reports = path.join(root, 'out/reports')
const bin = (name) => path.join(root, 'node_modules', name)

/** A check counts as one test; the two test runners count for themselves. */
const suites = [
  { name: 'build', args: ['scripts/build.mjs'] },
  { name: 'typecheck', args: ['scripts/typecheck.mjs'] },
  { name: 'lint', args: [bin('@biomejs/biome/bin/biome'), 'check', '.'] },
  { name: 'layers', args: ['scripts/layers.mjs'] },
  { name: 'dead code', args: [bin('knip/bin/knip.js')] },
  { name: 'unit', args: vitest('vitest.json'), count: () => vitestCount(report('vitest.json')), again: vitestAgain },
  {
    name: 'window',
    args: [bin('@playwright/test/cli.js'), 'test', '--project=standin', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: `${reports}/playwright.json` },
    count: playwrightCount,
  },
  { name: 'package', args: ['scripts/package-check.mjs'] },
]

const report = (name) => JSON.parse(readFileSync(path.join(reports, name), 'utf8'))

/** The first lines of why a test failed, without colours: enough to know where to look. */
const why = (message = '') => stripVTControlCharacters(message).split('\n').slice(0, 6).join('\n    ')

function vitest(reportName, files = []) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reports}/${reportName}`]
  return [bin('vitest/vitest.mjs'), 'run', ...files, ...reporters]
}

/** Skipped tests count as failed: what did not run has shown nothing. */
function vitestCount({ numPassedTests, numTotalTests, testResults }) {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(root, name)
    const tests = assertionResults
      .filter((test) => test.status !== 'passed')
      .map((test) => `${file} › ${test.fullName}: ${test.status}\n    ${why(test.failureMessages?.[0])}`)
    return tests.length === 0 && status === 'failed' ? [`${file}\n    ${why(message)}`] : tests
  })
  return { passed: numPassedTests, failed: numTotalTests - numPassedTests, failures }
}

/** More files than this do not fail by chance. */
const mostFilesAgain = 6

/**
 * Where nobody watches, files that failed run once more, each from its start in a process of its own: a test that goes on
 * with what another left cannot be tried again by itself. What is broken fails twice; what passed only then is named.
 */
function vitestAgain() {
  const first = report('vitest.json')
  const isSound = ({ status, assertionResults }) =>
    status === 'passed' && assertionResults.every((test) => test.status === 'passed')
  const failed = first.testResults.filter((result) => !isSound(result))
  if (!process.env.CI || failed.length === 0 || failed.length > mostFilesAgain) return null
  for (const failure of vitestCount(first).failures) console.log(`\nunit, run again after: ${failure}`)
  runNode(
    vitest(
      'vitest-again.json',
      failed.map(({ name }) => path.relative(root, name)),
    ),
  )
  const again = report('vitest-again.json').testResults
  const testResults = first.testResults.map((result) => again.find(({ name }) => name === result.name) ?? result)
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const counted = vitestCount({
    numPassedTests: tests.filter(({ status }) => status === 'passed').length,
    numTotalTests: tests.length,
    testResults,
  })
  const mended = again.filter(isSound).map(({ name }) => path.relative(root, name))
  if (mended.length > 0) console.log(`unit: passed only when run again: ${mended.join(', ')}`)
  return { ...counted, status: testResults.every(isSound) ? 0 : 1 }
}

function playwrightCount() {
  const { suites, stats } = report('playwright.json')
  const { expected, unexpected, flaky, skipped } = stats
  if (flaky > 0) console.log(`window: ${flaky} passed only when tried again`)
  const specsIn = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsIn)]
  const failures = suites
    .flatMap(specsIn)
    .filter((spec) => !spec.ok)
    .map((spec) => {
      const results = spec.tests.flatMap((test) => test.results)
      return `${spec.file}:${spec.line} › ${spec.title}\n    ${why(results.find((result) => result.error)?.error.message)}`
    })
  return { passed: expected + flaky, failed: unexpected + skipped, failures }
}

const runNode = (args, env = {}) =>
  spawnSync(runtime.node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...runtime.env, ...env } }).status

function runSuite(suite) {
  console.log(`\n── ${suite.name}`)
  const startedMs = performance.now()
  let status = runNode(suite.args, suite.env)
  let counted = { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 }
  try {
    if (suite.count) counted = suite.count()
    const again = status === 0 ? null : suite.again?.()
    if (again) ({ status, ...counted } = again)
  } catch (error) {
    console.log(`${suite.name} left no report: ${error.message}`)
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  // A runner that fails without a failed test (an error between tests) is a failure all the same.
  if (status !== 0 && counted.failed === 0) counted.failed = 1
  return { name: suite.name, seconds, ...counted }
}

/** Runs the suites named in `only`, or all, in order; answers with the exit code. */
export function runTests({ only } = {}) {
  ensureParts(['sshd', 'browser', 'vim', 'ansible'])
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const results = suites.filter((suite) => !only || only.includes(suite.name)).map(runSuite)
  // Once more at the end, where a log that is cut short still shows it.
  for (const { name, failures = [] } of results)
    for (const failure of failures.slice(0, 20)) console.log(`\n${name} failed: ${failure}`)
  console.log('')
  for (const { name, seconds, passed, failed } of results) {
    console.log(`${name.padEnd(10)} ${seconds.padStart(7)} s   ${passed} passed, ${failed} failed`)
  }
  const sum = (field) => results.reduce((total, result) => total + result[field], 0)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') === 0 ? 0 : 1
}
