import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseArguments } from './cli.ts'
import { peers } from './subjects/peers.ts'
import { backends } from './subjects/tensorweft/index.ts'

describe('parseArguments', () => {
  test('takes the backends that run anywhere, no peer and one thread where nothing else is said', () => {
    const request = parseArguments(['mlp-sgd'])
    expect(request.cases.map((found) => found.name)).toEqual(['mlp-sgd'])
    expect(request.subjects).toEqual([backends.get('cpu'), backends.get('wasm')])
    expect(request.threads).toBe(1)
    expect(request).not.toHaveProperty('json')
  })

  test('takes a name that stands for several cases', () => {
    const { cases } = parseArguments(['first-step-cnn', 'first-step'])
    expect(cases.map((found) => found.name)).toEqual(['first-step-cnn', 'first-step-mlp'])
  })

  test('takes names in the order given, each once, our own first', () => {
    const request = parseArguments([
      ...['simd-rate', 'matmul-2x3x4', 'simd-rate'],
      ...['--peers', 'tfjs-wasm, tfjs-cpu,tfjs-wasm', '--backends', 'cpu'],
      ...['--threads', '2', '--json', 'rows.json'],
    ])
    expect(request.cases.map((found) => found.name)).toEqual(['simd-rate', 'matmul-2x3x4'])
    const wanted = [backends.get('cpu'), peers.get('tfjs-wasm'), peers.get('tfjs-cpu')]
    expect(request.subjects).toEqual(wanted)
    expect(request).toMatchObject({ threads: 2, json: 'rows.json' })
  })

  test.each([
    [[], /^Name at least one case; cases: matmul-MxKxN, /],
    [['mlp'], /^Unknown case 'mlp'; cases: matmul-MxKxN, /],
    [['mlp-sgd', '--backends', 'gpu'], /^Unknown backend 'gpu'; backends: cpu, wasm, webgpu\.$/],
    [['mlp-sgd', '--peers', 'tfjs'], /^Unknown peer 'tfjs'; peers: tfjs-cpu, tfjs-wasm, jax/],
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
    [['nothing'], /^Unknown case 'nothing'; cases: matmul-MxKxN, .*, simd-rate.*\.\n$/],
    [['simd-rate', '--threads', '0'], /^error: option '--threads <count>' .*\n$/],
  ])('%j ends with one line and exit code 1', (args, message) => {
    const { status, stdout, stderr } = bench(...args)
    expect(stderr).toMatch(message)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  })
})
