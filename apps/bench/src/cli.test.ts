import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseArguments } from './cli.ts'
import { peers } from './subjects/peers.ts'
import { backends } from './subjects/tensorweft/index.ts'

const names = (args: readonly string[]) => parseArguments(args).work.map(({ name }) => name)

describe('parseArguments', () => {
  test('takes the backends that run anywhere, no peer and one thread where nothing else is said', () => {
    const request = parseArguments(['mlp-sgd'])
    expect(request.work.map(({ name }) => name)).toEqual(['mlp-sgd'])
    expect(request.backends).toEqual([backends.get('cpu'), backends.get('wasm')])
    expect(request.peers).toEqual([])
    expect(request.threads).toEqual([1])
    expect(request).not.toHaveProperty('json')
    expect(request).not.toHaveProperty('targets')
  })

  test('takes a name that stands for several cases', () => {
    expect(names(['first-step-cnn', 'first-step'])).toEqual(['first-step-cnn', 'first-step-mlp'])
  })

  test('takes sweeps and the growth of memory', () => {
    const wanted = ['conv-sweep', 'mlp-sgd', 'memory-1000', 'matmul-sweep']
    expect(names(wanted)).toEqual(wanted)
  })

  test('takes names in the order given, each once', () => {
    const request = parseArguments([
      ...['simd-rate', 'matmul-2x3x4', 'simd-rate'],
      ...['--peers', 'tfjs-wasm, tfjs-cpu,tfjs-wasm', '--backends', 'cpu'],
      ...['--threads', '2, 1,2', '--json', 'rows.json'],
    ])
    expect(request.work.map(({ name }) => name)).toEqual(['simd-rate', 'matmul-2x3x4'])
    expect(request.backends).toEqual([backends.get('cpu')])
    expect(request.peers).toEqual([peers.get('tfjs-wasm'), peers.get('tfjs-cpu')])
    expect(request).toMatchObject({ threads: [2, 1], json: 'rows.json' })
  })

  test('takes a set of targets with its own backend and peers', () => {
    const request = parseArguments(['wasm-targets', '--threads', '1,2'])
    expect(request).toMatchObject({ work: [], threads: [1, 2] })
    expect(request.targets?.name).toBe('wasm-targets')
    expect(request.backends).toEqual([backends.get('wasm')])
    expect(request.peers).toEqual([peers.get('tfjs-wasm'), peers.get('jax-js-wasm')])
    const fewer = parseArguments(['wasm-targets', '--peers', 'tfjs-wasm'])
    expect(fewer.peers).toEqual([peers.get('tfjs-wasm')])
  })

  test('takes the targets of a GPU, whole, in part, or with small cases', () => {
    const whole = parseArguments(['gpu-targets'])
    expect(whole.backends).toEqual([backends.get('webgpu')])
    expect(whole.peers).toEqual([peers.get('tfjs-webgpu'), peers.get('jax-js-webgpu')])
    expect(whole.targets?.isQueued).toBe(true)
    const part = parseArguments(['gpu-targets', '--quick', '--only', 'mlp-sgd,sum'])
    expect(part.targets?.cases.map((one) => one.case)).toEqual(['mlp-sgd-b10', 'sum-1048576'])
  })

  test('takes cases whose steps are enqueued', () => {
    expect(parseArguments(['mlp-sgd']).isQueued).toBe(false)
    expect(parseArguments(['mlp-sgd-b7', '--queued']).isQueued).toBe(true)
  })

  test.each([
    [[], /^Name at least one case; cases: matmul-\[f16-\]MxKxN, /],
    [
      ['mlp'],
      /^Unknown case 'mlp'; cases: matmul-\[f16-\]MxKxN, .*, conv-sweep, memory-1000, own-time, wasm-targets, gpu-targets\.$/,
    ],
    [['wasm-targets', 'mlp-sgd'], /^wasm-targets measures a list of its own/],
    [['wasm-targets', '--backends', 'cpu'], /^wasm-targets measures a list of its own/],
    [['gpu-targets', '--queued'], /^gpu-targets measures a list of its own/],
    [['mlp-sgd', '--quick'], /^--quick and --only are for sets of targets\.$/],
    [['wasm-targets', '--quick'], /^wasm-targets has no small cases/],
    [
      ['gpu-targets', '--only', 'gru,rnn'],
      /^gpu-targets has nothing whose name holds gru or rnn\.$/,
    ],
    [
      ['mlp-sgd', '--backends', 'gpu'],
      /^Unknown backend 'gpu'; backends: cpu, wasm, webgpu, webgpu-null\.$/,
    ],
    [
      ['mlp-sgd', '--peers', 'tfjs'],
      /^Unknown peer 'tfjs'; peers: tfjs-cpu, tfjs-wasm, tfjs-webgpu, jax/,
    ],
  ])('refuses %j in one line', (args, message) => {
    expect(() => parseArguments(args)).toThrow(message)
  })
})

describe('the program', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const bench = (...args: string[]) =>
    spawnSync(process.execPath, ['--conditions=@tensorweft/source', main, ...args], {
      encoding: 'utf8',
    })

  test.each([
    [['nothing'], /^Unknown case 'nothing'; cases: matmul-\[f16-\]MxKxN, .*, simd-rate.*\.\n$/],
    [['simd-rate', '--threads', '1,0'], /^error: option '--threads <counts>' .*\n$/],
  ])('%j ends with one line and exit code 1', (args, message) => {
    const { status, stdout, stderr } = bench(...args)
    expect(stderr).toMatch(message)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  })
})
