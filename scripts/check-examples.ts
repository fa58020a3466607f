// Compiles the examples of the documentation against the packed packages, as a reader would with
// the published ones, and runs them on Node 24 and on the machine's own Node. A block marked
// ```ts no-run is only compiled.
import { execFile, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { examplesOf, exportedNames, toModule, unfencedExamples } from './examples.ts'

const consumer = resolve('.cache/consumer')
const sources = join(consumer, 'examples')
const compiled = join(consumer, 'dist')
/** Folders of the packages by those of the workspace, such as `core` and `tensorweft`. */
const installed = new Map(
  globSync('packages/*/package.json').map((path) => {
    const { name } = JSON.parse(readFileSync(path, 'utf8'))
    return [basename(dirname(path)), join(consumer, 'node_modules', name)]
  }),
)

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

/** Entry points of the packages by specifier, with what they export. */
function publicNames(): Map<string, string[]> {
  const names = new Map<string, string[]>()
  // Of packages that export the same name the first one counts: the bundle of them comes last.
  const folders = [...installed.values()].sort()
  for (const folder of folders) {
    const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    for (const [entry, target] of Object.entries<string | { types: string }>(exports)) {
      // A target without conditions is a data file.
      if (typeof target === 'string') continue
      names.set(join(name, entry), exportedNames(join(folder, target.types)))
    }
  }
  return names
}

/** What the module of a docstring and the index of its folder export: it may be an internal one. */
function internalNames(path: string): [string, string[]][] {
  const [, name, file] = /^packages\/([^/]+)\/src\/(.+)\.ts$/.exec(path) ?? []
  if (!name || !file) return []
  const modules = new Set([file, join(dirname(file), 'index')])
  return [...modules]
    .map((module) => join(installed.get(name) ?? '', 'dist', module))
    .filter((module) => existsSync(`${module}.d.ts`))
    .map((module) => {
      const specifier = relative(join(sources, dirname(path)), `${module}.js`)
      return [specifier, exportedNames(`${module}.d.ts`)]
    })
}

/** What the program printed when it failed. It runs in a folder of its own: examples write files. */
async function failureOf(node: string, program: string): Promise<string | undefined> {
  const cwd = mkdtempSync(join(tmpdir(), 'tensorweft-example-'))
  const options = { cwd, timeout: 120_000 }
  const run = promisify(execFile)(node, ['--enable-source-maps', program], options)
  return await run
    .then(
      () => undefined,
      ({ stderr }) => stderr || `${program} ran longer than two minutes`,
    )
    .finally(() => rmSync(cwd, { recursive: true }))
}

/** As many at a time as there are cores. */
async function forEachAtOnce<T>(items: Iterable<T>, visit: (item: T) => Promise<void>) {
  const rest = items[Symbol.iterator]()
  const lane = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await visit(next.value)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
}

const documents = globSync('{.,packages/*,apps/*}/README.md')
const code = globSync('packages/*/src/**/*.ts', { exclude: ['**/*.test.ts', '**/*.testing.ts'] })
const examples = [...documents, ...code].flatMap(examplesOf)
const failures = code.flatMap(unfencedExamples)

prepareConsumer()
const shared = publicNames()
const entries = [...shared.keys()].map((specifier) => `import '${specifier}'\n`).join('')
writeFileSync(join(sources, 'entries.ts'), entries)
for (const example of examples) {
  const file = join(sources, `${example.path}.${example.line}.ts`)
  mkdirSync(dirname(file), { recursive: true })
  const names = new Map([...internalNames(example.path), ...shared])
  writeFileSync(file, toModule(example, names))
}

const tsc = spawnSync('tsc', ['--project', consumer, '--pretty', 'false'], { encoding: 'utf8' })
if (tsc.status !== 0) failures.push(tsc.stdout)

const runtimes = new Set([process.execPath, process.env.TENSORWEFT_HOST_NODE ?? process.execPath])
for (const node of runtimes) {
  const { stdout: version } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  const programs = examples.filter(({ runs }) => runs).map(({ path, line }) => `${path}.${line}`)
  await forEachAtOnce(['entries', ...programs], async (program) => {
    const failure = await failureOf(node, join(compiled, `${program}.js`))
    if (failure) failures.push(`${program} on Node ${version}${failure}`)
  })
}

console.log(`${examples.length} examples, ${failures.length} failures\n${failures.join('\n')}`)
if (failures.length > 0) process.exitCode = 1
