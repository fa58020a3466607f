import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseArguments } from './cli.ts'
import { CliError } from './cli-error.ts'

const choices = {
  backends: { cpu: 1, wasm: 2 },
  optimizers: { sgd: { learningRate: 0.5 }, adam: { learningRate: 0.001 } },
  defaults: { backend: 'cpu', optimizer: 'sgd' },
} as const

function parse(...args: readonly string[]) {
  return parseArguments('Trains.', choices, ['node', 'mnist', ...args])
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-cli-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

describe('options', () => {
  test('have defaults', () => {
    expect(parse()).toEqual({
      backend: 'cpu',
      optimizer: 'sgd',
      learningRate: 0.5,
      batchSize: 100,
      epochs: 5,
      seed: 0,
    })
  })

  test('have defaults of the program', () => {
    const defaults = {
      backend: 'wasm',
      optimizer: 'adam',
      batchSize: 128,
      epochs: 1,
      seed: 7,
    } as const
    expect(parseArguments('', { ...choices, defaults }, ['node', 'mnist'])).toEqual({
      ...defaults,
      learningRate: 0.001,
    })
  })

  test('are all read', () => {
    const save = join(folder, 'model.safetensors')
    const args = `--backend wasm --optimizer adam --learning-rate 2.5e-3 --batch-size 32 --epochs 1
      --seed 42 --save ${save} --data ${folder}`
    expect(parse(...args.split(/\s+/))).toEqual({
      backend: 'wasm',
      optimizer: 'adam',
      learningRate: 0.0025,
      batchSize: 32,
      epochs: 1,
      seed: 42,
      save,
      data: folder,
    })
    expect(readdirSync(folder)).toEqual([])
  })

  test('take the learning rate that suits the optimiser, unless told', () => {
    expect(parse('--optimizer', 'adam').learningRate).toBe(0.001)
    expect(parse('--learning-rate=.25', '--optimizer=adam').learningRate).toBe(0.25)
  })

  test('are described by --help', () => {
    const shown: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => shown.push(String(text)) > 0)
    expect(() => parse('--help')).toThrow(expect.objectContaining({ exitCode: 0 }))
    expect(shown.join('')).toMatch(
      /Trains\.[\s\S]*"cpu", "wasm"[\s\S]*0\.5 for sgd, 0\.001 for adam/,
    )
  })
})

describe('refused', () => {
  function refusal(...args: readonly string[]): string {
    const silent = vi.spyOn(process.stderr, 'write')
    try {
      parse(...args)
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      expect(silent).not.toHaveBeenCalled()
      return error.message
    }
    throw new Error(`${args.join(' ')} was accepted`)
  }

  test('unknown backends, optimisers and options', () => {
    expect(refusal('--backend', 'gpu')).toBe(
      "option '--backend <name>' argument 'gpu' is invalid. Allowed choices are cpu, wasm.",
    )
    expect(refusal('--optimizer', 'Adam')).toMatch(
      /'Adam' is invalid. Allowed choices are sgd, adam/,
    )
    expect(refusal('--backend', 'toString')).toMatch(/'toString' is invalid/)
    expect(refusal('--batchsize', '5')).toMatch(/^unknown option '--batchsize'/)
    expect(refusal('train')).toMatch(/^too many arguments/)
    expect(refusal('--epochs')).toMatch(/argument missing/)
  })

  test.each([
    '0',
    '-1',
    '1.5',
    'ten',
    '',
    ' ',
    '1e2',
    '0x10',
    'NaN',
    'Infinity',
    '99999999999999999',
  ])('a batch size or number of epochs of "%s"', (value) => {
    const invalid = `argument '${value}' is invalid. Wanted a positive integer.`
    expect(refusal('--batch-size', value)).toBe(`option '--batch-size <n>' ${invalid}`)
    expect(refusal('--epochs', value)).toBe(`option '--epochs <n>' ${invalid}`)
  })

  test.each(['0', '-0.1', '0x1', 'NaN', 'Infinity', '1e39', '1e-50', '', '1,5', '1e', '.'])(
    'a learning rate of "%s"',
    (value) => {
      expect(refusal('--learning-rate', value)).toBe(
        `option '--learning-rate <number>' argument '${value}' is invalid. Wanted a positive finite number.`,
      )
    },
  )

  test.each(['-1', '0.5', 'x', '', '9007199254740993'])('a seed of "%s"', (value) => {
    expect(refusal('--seed', value)).toMatch(/Wanted a non-negative integer\.$/)
  })

  test('places where nothing can be saved', () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'untouched')
    const save = (path: string) => refusal('--save', path)
    expect(save('')).toMatch(/Wanted a path/)
    expect(save(folder)).toBe(`cannot save to '${folder}': it is a folder, not a file`)
    expect(save(`${join(folder, 'new')}/`)).toMatch(/it is a folder, not a file/)
    expect(save(join(folder, 'missing', 'x'))).toBe(
      `cannot save to '${join(folder, 'missing', 'x')}': folder '${join(folder, 'missing')}' does not exist`,
    )
    expect(save(join(file, 'x'))).toBe(
      `cannot save to '${join(file, 'x')}': '${file}' is a file, not a folder`,
    )
    expect(save('/dev/null')).toMatch(/it is not a regular file/)
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test('a data folder without a name', () => {
    expect(refusal('--data', '')).toMatch(/Wanted a path/)
  })
})

describe('accepted', () => {
  test('a file to save that exists', () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'old')
    expect(parse('--save', file).save).toBe(file)
  })

  test('the smallest and largest numbers', () => {
    expect(parse('--seed', '0').seed).toBe(0)
    expect(parse('--seed', '9007199254740991').seed).toBe(Number.MAX_SAFE_INTEGER)
    expect(parse('--learning-rate', '1e-40').learningRate).toBe(1e-40)
    expect(parse('--batch-size', '1').batchSize).toBe(1)
  })
})
