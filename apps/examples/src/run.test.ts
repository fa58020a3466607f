import { describe, expect, test } from 'vitest'
import { runProgram } from './program.testing.ts'

function runMain(body: string) {
  return runProgram({ run: ['run'], cli: ['parseArguments'], 'data/mnist': ['loadMnist'] }, body)
}

const throwNamed = (name: string, message: string) =>
  `await run(async () => { throw Object.assign(new Error(${JSON.stringify(message)}), { name: '${name}' }) })`

describe('a program that ends well', () => {
  test('has exit code 0 and its output', async () => {
    const outcome = await runMain("await run(async () => console.log('done'))")
    expect(outcome).toMatchObject({ exitCode: 0, stdout: 'done\n', stderr: '' })
  })

  test('shows its help', async () => {
    const outcome = await runMain(`
      const choices = { backends: { cpu: 1 }, optimizers: { sgd: { learningRate: 1 } }, defaults: { backend: 'cpu', optimizer: 'sgd' } }
      await run(async () => { parseArguments('Trains.', choices, ['node', 'mnist', '--help']) })`)
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' })
    expect(outcome.stdout).toContain('Usage: mnist [options]')
  })
})

describe('a program whose output nobody reads any more', () => {
  const broken = (code: string) => `
    await run(async () => {
      process.stdout.emit('error', Object.assign(new Error('write ${code}'), { code: '${code}' }))
    })`

  test('ends silently, as it does in a pipe to head', async () => {
    expect(await runMain(broken('EPIPE'))).toMatchObject({ exitCode: 141, stdout: '', stderr: '' })
  })

  test('does not hide other errors of the output', async () => {
    const outcome = await runMain(broken('EIO'))
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stderr).toContain('write EIO')
  })
})

describe('a program that fails', () => {
  test('over its arguments has one line and exit code 1', async () => {
    const outcome = await runMain(`
      const choices = { backends: { cpu: 1 }, optimizers: { sgd: { learningRate: 1 } }, defaults: { backend: 'cpu', optimizer: 'sgd' } }
      await run(async () => { parseArguments('Trains.', choices, ['node', 'mnist', '--epoch', '3']) })`)
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toBe("error: unknown option '--epoch' (Did you mean --epochs?)\n")
  })

  test('over its data has one line and exit code 1', async () => {
    const outcome = await runMain(
      "await run(async () => { await loadMnist({ data: '/nowhere' }) })",
    )
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toBe('error: /nowhere: this data folder does not exist\n')
  })

  test('with an error of the framework joins its lines', async () => {
    const outcome = await runMain(throwNamed('ShapeError', 'matmul: no.\n  Hint: transpose.'))
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stderr).toBe('error: matmul: no. Hint: transpose.\n')
  })

  test('unexpectedly keeps the stack', async () => {
    const outcome = await runMain(throwNamed('TypeError', 'x is not a function'))
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stderr).toMatch(/x is not a function\n +at .*program\.mts/)
  })

  test('ends although something it started is still running', async () => {
    const outcome = await runMain(
      `setInterval(() => {}, 1000)\n${throwNamed('DataError', 'file: no')}`,
    )
    expect(outcome).toMatchObject({ exitCode: 1, stderr: 'error: file: no\n' })
  })
})
