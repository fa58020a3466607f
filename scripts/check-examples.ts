// Compiles the examples of the documentation against the packed packages, as a reader would with
// the published ones, and runs them on Node 24 and on the machine's own Node. A block marked
// ```ts no-run is only compiled.
import { execFile, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { examplesOf, toModule, unfencedExamples } from './examples.ts'

const consumer = resolve('.cache/consumer')
const sources = join(consumer, 'examples')
const compiled = join(consumer, 'dist')
const packages = join(consumer, 'node_modules/@tensorweft')

const writeJson = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value))

function prepareConsumer() {
  for (const folder of [sources, compiled]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(sources)
  cpSync('scripts/expect-value.ts', join(sources, 'expect-value.ts'))
  writeFileSync(
    join(sources, 'backend.ts'),
    `import { cpu } from '@tensorweft/backend-cpu'
import { setBackend } from '@tensorweft/core'
await setBackend(cpu())
`,
  )
  writeJson(join(consumer, 'package.json'), {
    type: 'module',
    imports: {
      '#expect': './dist/expect-value.js',
      '#backend': './dist/backend.js',
    },
  })
  writeJson(join(consumer, 'tsconfig.json'), {
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023', 'ESNext.Disposable'],
      module: 'NodeNext',
      types: ['node'],
      strict: true,
      skipLibCheck: false,
      sourceMap: true,
      rootDir: 'examples',
      outDir: 'dist',
    },
    include: ['examples'],
  })
}

const namesOf = async (path: string) => Object.keys(await import(path))

/** What the packages export, by specifier. */
async function publicNames(): Promise<[string, string[]][]> {
  const entries: [string, string[]][] = []
  for (const path of globSync(join(packages, '*/package.json'))) {
    const { name, exports } = JSON.parse(readFileSync(path, 'utf8'))
    for (const [entry, { default: file }] of Object.entries<{ default: string }>(exports)) {
      entries.push([join(name, entry), await namesOf(join(dirname(path), file))])
    }
  }
  return entries
}

/** What the module of a docstring and the index of its folder export: it may be an internal one. */
async function internalNames(path: string): Promise<[string, string[]][]> {
  const [, name, file] = /^packages\/([^/]+)\/src\/(.+)\.ts$/.exec(path) ?? []
  if (!name || !file) return []
  const modules = new Set([file, join(dirname(file), 'index')])
  const paths = [...modules].map((module) => `${name}/dist/${module}.js`)
  const existing = paths.filter((module) => existsSync(join(packages, module)))
  const named = existing.map(async (module): Promise<[string, string[]]> => {
    const specifier = relative(join(sources, dirname(path)), join(packages, module))
    return [specifier, await namesOf(join(packages, module))]
  })
  return await Promise.all(named)
}

/** What the program printed when it failed. */
async function failureOf(node: string, program: string): Promise<string | undefined> {
  const options = { cwd: consumer, timeout: 120_000 }
  const run = promisify(execFile)(node, ['--enable-source-maps', program], options)
  return await run.then(
    () => undefined,
    ({ stderr }) => stderr || `${program} ran longer than two minutes`,
  )
}

const documents = globSync('{.,packages/*,apps/*}/README.md')
const code = globSync('packages/*/src/**/*.ts', { exclude: ['**/*.test.ts', '**/*.testing.ts'] })
const examples = [...documents, ...code].flatMap(examplesOf)
const failures = code.flatMap(unfencedExamples)

prepareConsumer()
const shared = await publicNames()
for (const example of examples) {
  const file = join(sources, `${example.path}.${example.line}.ts`)
  mkdirSync(dirname(file), { recursive: true })
  const names = new Map([...(await internalNames(example.path)), ...shared])
  writeFileSync(file, toModule(example, names))
}

const tsc = spawnSync('tsc', ['--project', consumer, '--pretty', 'false'], { encoding: 'utf8' })
if (tsc.status !== 0) failures.push(tsc.stdout)

const runtimes = new Set([process.execPath, process.env.TENSORWEFT_HOST_NODE ?? process.execPath])
for (const node of runtimes) {
  const { stdout: version } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  for (const { path, line } of examples.filter(({ runs }) => runs)) {
    const failure = await failureOf(node, join(compiled, `${path}.${line}.js`))
    if (failure) failures.push(`${path}:${line} on Node ${version}${failure}`)
  }
}

console.log(`${examples.length} examples, ${failures.length} failures\n${failures.join('\n')}`)
if (failures.length > 0) process.exitCode = 1
