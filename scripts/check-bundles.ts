// Bundles small programs with the packed packages, as a page with the published ones would be,
// compares their compressed sizes with limits, and runs them: what a bundler drops by mistake,
// because a package.json hides a side effect, shows only then.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

interface BundledProgram {
  readonly name: string
  readonly code: string
  readonly prints: string
  /** Of what is loaded at the start, compressed. */
  readonly limitBytes: number
}

const xorNetwork = `
const model = layers.sequential(layers.dense({ units: 8, activation: 'tanh' }), layers.dense({ units: 2 }))
model.build([2], key(1))
const optimizer = adam({ learningRate: 0.05 })
const step = compile((x, y) => {
  const loss = sparseSoftmaxCrossEntropy(model.apply(x, { training: true }), y)
  optimizer.update(model.parameters, gradients(loss, model.parameters))
  return loss
})
const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
const y = tensor([0, 1, 1, 0], { dtype: 'int32' })
for (let i = 0; i < 300; i++) step(x, y)
console.log(JSON.stringify(await model.apply(x).argMax(-1).array()))
`

// Bundlers drop what seems to have no effect, such as the memory that engines are made to collect by.
const looksForDead = `
import { cpu } from '@tensorweft/backend-cpu'
import { realize, setBackend, tensor } from '@tensorweft/core'

let provocations = 0
const Own = globalThis.ArrayBuffer
globalThis.ArrayBuffer = class extends Own {
  constructor(...args) {
    super(...args)
    if (args[0] >= 2 ** 29) provocations++
  }
}
await setBackend(cpu())
const held = tensor([0]).broadcastTo([2 ** 26 + 2 ** 20]).add(1)
await realize(held)
await tensor([1]).add(1).data()
console.log(provocations > 0)
`
const programs: readonly BundledProgram[] = [
  {
    name: 'a product on backend-cpu',
    code: `
import { cpu } from '@tensorweft/backend-cpu'
import { setBackend, tensor } from '@tensorweft/core'

await setBackend(cpu())
const x = tensor([[1, 2], [3, 4]])
console.log(JSON.stringify(await x.matmul(x).array()))
`,
    prints: '[[7,10],[15,22]]',
    limitBytes: 40 * 1024,
  },
  {
    name: 'a convolutional network with the trainer, Adam and callbacks on backend-wasm',
    code: `
import { wasm } from '@tensorweft/backend-wasm'
import { key, setBackend, sparseSoftmaxCrossEntropy } from '@tensorweft/core'
import {
  accuracy, batchNormalization, conv2d, dense, dropout, earlyStopping, flatten, maxPooling2d,
  progressBar, sequential, trainer,
} from '@tensorweft/layers'
import { adam, cosineDecay } from '@tensorweft/optimizers'

await setBackend(wasm())
const model = sequential(
  conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
  batchNormalization(),
  maxPooling2d(),
  dropout({ rate: 0.1 }),
  flatten(),
  dense({ units: 2 }),
)
model.build([8, 8, 1], key(1))
// Images that are bright on the left or on the right.
const x = Float32Array.from({ length: 64 * 64 }, (_, i) =>
  (i % 8 < 4) === (Math.floor(i / 64) % 2 === 0) ? 1 : 0)
const y = Int32Array.from({ length: 64 }, (_, i) => i % 2)
const { history } = await trainer({
  model,
  loss: sparseSoftmaxCrossEntropy,
  optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: 0.02, decaySteps: 80 }) }),
  metrics: { accuracy },
  key: key(2),
}).fit({ x: { data: x, shape: [64, 8, 8, 1] }, y }, {
  epochs: 10,
  batchSize: 8,
  callbacks: [earlyStopping({ monitor: 'loss', patience: 10 }), progressBar({ write: () => {} })],
})
console.log(history.accuracy.at(-1))
`,
    prints: '1',
    limitBytes: 100 * 1024,
  },
  {
    name: 'all that core, backend-wasm, layers and optimizers export',
    code: `
import * as backend from '@tensorweft/backend-wasm'
import * as core from '@tensorweft/core'
import * as layers from '@tensorweft/layers'
import * as optimizers from '@tensorweft/optimizers'

const { compile, gradients, key, setBackend, sparseSoftmaxCrossEntropy, tensor } = core
const { adam } = optimizers
globalThis.everything = [core, layers, optimizers]
await setBackend(backend.wasm())
${xorNetwork}`,
    prints: '[0,1,1,0]',
    limitBytes: 118 * 1024,
  },
  {
    name: 'training with tensorweft, which loads its backend by itself',
    code: `
import { adam, compile, gradients, key, layers, sparseSoftmaxCrossEntropy, tensor } from 'tensorweft'
${xorNetwork}`,
    prints: '[0,1,1,0]',
    limitBytes: 50 * 1024,
  },
  {
    name: 'a program that holds 260 MiB',
    code: looksForDead,
    prints: 'true',
    limitBytes: 41 * 1024,
  },
]

const consumer = resolve('.cache/consumer')
const bundles = resolve('.cache/bundles')

/** The chunks of a program, minified for browsers. */
async function bundle(entry: string): Promise<Rolldown.OutputChunk[]> {
  const result = await build({
    root: consumer,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2023',
      // Its loader needs a document, which Node has not.
      modulePreload: false,
      rolldownOptions: { input: entry, output: { entryFileNames: 'main.js' } },
    },
  })
  const [first] = Array.isArray(result) ? result : [result]
  const output = first !== undefined && 'output' in first ? first.output : []
  return output.flatMap((file) => (file.type === 'chunk' ? file : []))
}

/** Compressed bytes of the entry and of all that it imports statically. */
function sizeAtStart(chunks: readonly Rolldown.OutputChunk[]): number {
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry))
  for (const { imports } of loaded) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) loaded.add(chunk)
  }
  return [...loaded].reduce((sum, { code }) => sum + gzipSync(code).byteLength, 0)
}

/** What is wrong with a program, if anything. */
async function failureOf(program: BundledProgram, index: number): Promise<string | undefined> {
  const folder = join(bundles, String(index))
  const entry = join(consumer, 'bundles', `${index}.js`)
  mkdirSync(dirname(entry), { recursive: true })
  writeFileSync(entry, program.code)
  const chunks = await bundle(entry)
  for (const { fileName, code } of chunks) {
    mkdirSync(dirname(join(folder, fileName)), { recursive: true })
    writeFileSync(join(folder, fileName), code)
  }
  const size = sizeAtStart(chunks)
  console.log(
    `${program.name}: ${(size / 1024).toFixed(1)} KiB of ${program.limitBytes / 1024} KiB`,
  )
  const run = spawnSync(process.execPath, [join(folder, 'main.js')], { encoding: 'utf8' })
  if (run.stdout.trim() !== program.prints) {
    // What comes before the message is a line of the minified source.
    return `the bundle printed '${run.stdout.trim()}', wanted '${program.prints}'\n${run.stderr.slice(-500)}`
  }
  return size > program.limitBytes ? `${size} bytes, limit ${program.limitBytes}` : undefined
}

rmSync(bundles, { recursive: true, force: true })
mkdirSync(bundles, { recursive: true })
writeFileSync(join(bundles, 'package.json'), '{ "type": "module" }\n')
for (const [index, program] of programs.entries()) {
  const failure = await failureOf(program, index)
  if (failure === undefined) continue
  console.log(`  ${failure}`)
  process.exitCode = 1
}
