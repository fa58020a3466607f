// Every check of the workspace, one after the other; all of them run even when one fails.
// Options: --full also runs the long sweeps, --no-tests leaves the tests out.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { countTests, testReports } from './test-reports.ts'

interface Check {
  readonly name: string
  readonly commands: readonly string[]
  /** Show the output while it runs, not only when the check fails. */
  readonly live?: boolean
}

const turbo = (task: string) =>
  `turbo run ${task} --continue --concurrency=1 --output-logs=errors-only`

const hasMainBranch = () =>
  spawnSync('git', ['rev-parse', '--verify', '--quiet', 'main']).status === 0

const checks: readonly Check[] = [
  { name: 'format', commands: ['biome check --linter-enabled=false'] },
  { name: 'lint', commands: ['biome lint --error-on-warnings'] },
  { name: 'build', commands: [turbo('build')] },
  { name: 'types', commands: [turbo('typecheck'), 'tsc --build tsconfig.scripts.json'] },
  { name: 'import cycles', commands: ['knip --cycles'] },
  { name: 'dead code', commands: ['knip'] },
  { name: 'changesets', commands: [`changeset status${hasMainBranch() ? '' : ' --since HEAD'}`] },
  { name: 'packages', commands: ['node scripts/check-packages.ts'] },
  {
    name: 'documentation',
    commands: ['node scripts/check-examples.ts', 'node scripts/check-listings.ts'],
  },
  { name: 'API pages', commands: [turbo('docs')] },
  { name: 'sizes', commands: ['size-limit', 'node scripts/check-bundles.ts'] },
  { name: 'tests', commands: [turbo('test').replace('errors-only', 'full')], live: true },
]

function runCheck({ commands, live = false }: Check, env: NodeJS.ProcessEnv): boolean {
  return commands.every((command) => {
    const { status, output } = spawnSync(command, {
      shell: true,
      encoding: 'utf8',
      env,
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
      maxBuffer: 2 ** 30,
    })
    if (status !== 0) console.log(`  ${command}\n${output.join('')}`)
    return status === 0
  })
}

function main(options: ReadonlySet<string>): number {
  const env = { ...process.env }
  if (options.has('--full')) env.TENSORWEFT_FULL = '1'
  if (process.stdout.isTTY) env.FORCE_COLOR = '1'
  else env.NO_COLOR = '1'
  const withTests = !options.has('--no-tests')
  for (const path of testReports()) rmSync(path)

  const results = checks
    .filter(({ name }) => withTests || name !== 'tests')
    .map((check) => {
      if (check.live) console.log(`… ${check.name}`)
      const start = performance.now()
      const passed = runCheck(check, env)
      const line = `${passed ? '✓' : '✗'} ${check.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`
      console.log(line)
      return { passed, line }
    })

  const tests = countTests()
  const passedChecks = results.filter(({ passed }) => passed).length
  const failedChecks = results.length - passedChecks
  console.log(`\nSummary\n${results.map(({ line }) => `  ${line}`).join('\n')}`)
  if (withTests) {
    console.log(`  tests: ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`)
    for (const failure of tests.failures) console.log(`    ✗ ${failure}`)
  }
  console.log(`  checks: ${passedChecks} passed, ${failedChecks} failed`)
  console.log(`\n${passedChecks + tests.passed} passed, ${failedChecks + tests.failed} failed`)
  return failedChecks + tests.failed > 0 ? 1 : 0
}

process.exitCode = main(new Set(process.argv.slice(2)))
