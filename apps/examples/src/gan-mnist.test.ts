import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barFiles } from './data/bars.testing.ts'
import { writeFiles } from './data/idx.testing.ts'
import { type Outcome, runExample } from './program.testing.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-gan-'))
  writeFiles(join(folder, 'bars'), barFiles(640, 200, 12))
  writeFiles(join(folder, 'odd'), barFiles(130, 20, 10))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the program on images of bars, 12 by 12. */
function runOnBars(args: string, picture = 'bars.png'): Promise<Outcome> {
  const data = ['--data', join(folder, 'bars'), '--picture', join(folder, picture)]
  return runExample('gan-mnist', [...data, ...args.split(' ')])
}

const numberIn = (stdout: string, name: string) =>
  Number(new RegExp(`^${name}: (\\d+\\.\\d+)$`, 'm').exec(stdout)?.[1])

describe('training a generator of images', { timeout: 120_000 }, () => {
  test('reports, judges and draws; goes on from a file as without a stop', async () => {
    const [saved, end, whole] = ['saved', 'end', 'whole'].map((name) => join(folder, name))
    const classifier = join(folder, 'classifier')
    const first = await runOnBars(`--steps 20 --save ${saved} --classifier ${classifier}`)
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    const lines = first.stdout.split('\n')
    expect(lines[0]).toMatch(
      /^Step: 00002 discriminator= \d\.\d{4} generator= \d\.\d{4} real= 0\.\d{3} fake= 0\.\d{3}$/,
    )
    expect(first.stdout).toContain(`\nSaved ${saved}\nWrote ${join(folder, 'bars.png')}\n`)
    expect(numberIn(first.stdout, 'Accuracy of the classifier')).toBeGreaterThan(0.1)
    expect(numberIn(first.stdout, 'Confidence')).toBeGreaterThan(0.1)
    expect(numberIn(first.stdout, 'Distance')).toBeGreaterThan(0)
    const [, shares = ''] = /^Digits: (.+)$/m.exec(first.stdout) ?? []
    const sum = shares.split(' ').reduce((total, share) => total + Number(share), 0)
    expect(sum).toBeCloseTo(1, 2)
    // 10 × 10 images of 12 by 12 pixels with 2 pixels around each.
    const header = readFileSync(join(folder, 'bars.png')).subarray(16, 24)
    expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([142, 142])

    const more = `--steps 30 --classifier ${classifier}`
    const rest = await runOnBars(`${more} --resume ${saved} --save ${end}`, 'rest.png')
    const all = await runOnBars(`${more} --save ${whole}`, 'all.png')
    expect([rest.exitCode, all.exitCode]).toEqual([0, 0])
    expect(readFileSync(end ?? '')).toEqual(readFileSync(whole ?? ''))
    expect(readFileSync(join(folder, 'rest.png'))).toEqual(readFileSync(join(folder, 'all.png')))
    expect(numberIn(rest.stdout, 'Distance')).toBe(numberIn(all.stdout, 'Distance'))
  })

  test('with a gradient penalty tells the slope of the critic', async () => {
    const { exitCode, stdout } = await runOnBars('--objective wasserstein-gp --steps 4')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Step: 00001 .* slope= \d+\.\d{3}$/m)
    expect(numberIn(stdout, 'Slope of the critic')).toBeGreaterThan(0)
  })
})

describe('what cannot be done', () => {
  test.each([
    ['--objective best', /'best' is invalid\. Allowed choices are non-saturating, least-squares,/],
    ['--steps 0', /Wanted a positive integer/],
    ['--picture /nowhere/at/all.png', /folder '\/nowhere\/at' does not exist/],
    ['--resume /nowhere.safetensors', /Cannot read \/nowhere\.safetensors: it does not exist/],
  ])('%s is one line and exit code 1', async (args, message) => {
    const outcome = await runOnBars(args)
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toMatch(message)
    expect(outcome.stderr).toMatch(/^error: .*\n$/)
  })

  test('images whose sides 4 does not divide are refused', async () => {
    const outcome = await runExample('gan-mnist', ['--data', join(folder, 'odd')])
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toBe('error: images of 10 by 10 pixels: wanted sides that 4 divides\n')
  })
})
