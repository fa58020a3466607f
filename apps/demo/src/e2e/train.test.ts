import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  artefact,
  describeInChromium,
  framesPerSecond,
  openView,
  patience,
  useBackend,
} from './browser.testing.ts'
import { inspect } from './inspect.testing.ts'

/** A figure as it is shown, as a number; NaN while there is none. */
async function figure(page: Page, name: string): Promise<number> {
  const term = page.locator('.figures > div', { has: page.getByText(name, { exact: true }) })
  const text = await term.locator('dd').first().textContent()
  return Number.parseFloat((text ?? '').replaceAll(',', ''))
}

const status = (page: Page) => page.getByRole('status')
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

async function waitForFigure(page: Page, name: string, isReached: (value: number) => boolean) {
  await expect.poll(() => figure(page, name).then(isReached), patience).toBe(true)
}

async function waitForSpeedsOf(page: Page, ...backends: string[]) {
  const shown = () => page.locator('.speeds dt').allInnerTexts()
  await expect.poll(shown, patience).toEqual(backends)
}

/** Digits per second on a backend, as measured last. */
async function speedOf(page: Page, backend: string): Promise<number> {
  const row = page.locator('.speeds dl > div', { has: page.getByText(backend, { exact: true }) })
  const text = await row.locator('dd').textContent()
  return Number.parseFloat((text ?? '').replaceAll(',', ''))
}

describeInChromium('the Train view', () => {
  test('recognises 95 % of the test digits within two epochs', async () => {
    const page = await openView({ view: 'train' })
    await page.getByLabel('Epochs', { exact: true }).selectOption('2')
    await press(page, 'Start')
    await status(page).getByText('Done.').waitFor()
    expect(await figure(page, 'Epochs')).toBe(2)
    expect(await figure(page, 'Test accuracy')).toBeGreaterThanOrEqual(95)
    const sum = (counts: string[]) => counts.reduce((total, count) => total + Number(count), 0)
    const right = sum(await page.locator('.confusion .right').allInnerTexts())
    const all = sum(await page.locator('.confusion td').allInnerTexts())
    expect((100 * right) / all).toBeCloseTo(await figure(page, 'Test accuracy'), 1)
    await inspect(page, 'train')
  })

  test('goes on when the backend is swapped in the middle, at another speed', async () => {
    const page = await openView({ view: 'train' })
    await useBackend(page, 'wasm')
    await page.getByLabel('Epochs', { exact: true }).selectOption('20')
    await press(page, 'Start')
    await waitForFigure(page, 'Test accuracy', (percent) => percent > 80)
    // A first test may come before the second report, which is the first with a speed.
    await waitForSpeedsOf(page, 'wasm')
    const before = await figure(page, 'Loss')
    await useBackend(page, 'cpu')
    await page.getByText('on cpu').waitFor()
    await waitForSpeedsOf(page, 'wasm', 'cpu')
    // Weights and the state of the optimiser came along: no fall back to an untrained 2.3.
    expect(await figure(page, 'Loss')).toBeLessThan(before + 0.4)
    expect(await figure(page, 'Test accuracy')).toBeGreaterThan(80)
    await useBackend(page, 'webgpu')
    await page.getByText('on webgpu').waitFor()
    await waitForSpeedsOf(page, 'wasm', 'cpu', 'webgpu')
    expect(await figure(page, 'Loss')).toBeLessThan(before + 0.4)
    await useBackend(page, 'wasm')
    await page.getByText('on wasm').waitFor()
    // Any of the reports before may have been slowed down by other programs.
    const ratio = async () => (await speedOf(page, 'wasm')) / (await speedOf(page, 'cpu'))
    await expect.poll(ratio, patience).toBeGreaterThan(2)
    await page.screenshot({ path: artefact('train-swapped.png'), fullPage: true })
    await press(page, 'Stop')
    await status(page).getByText('Done.').waitFor()
  })

  test('pauses, saves to a file, loads it elsewhere and goes on there', async () => {
    const page = await openView({ view: 'train' })
    await page.getByRole('radio', { name: 'Momentum' }).check({ force: true })
    await press(page, 'Start')
    await waitForFigure(page, 'Test accuracy', (percent) => percent > 50)
    await press(page, 'Pause')
    await status(page).getByText('Paused.').waitFor()
    const download = page.waitForEvent('download')
    await press(page, 'Save')
    const file = artefact('digits.safetensors')
    await (await download).saveAs(file)
    expect((await readFile(file)).length).toBeGreaterThan(800_000)

    const other = await openView({ view: 'train' })
    await other.getByLabel('Load').setInputFiles(file)
    await status(other).getByText('Paused.').waitFor()
    await waitForFigure(other, 'Test accuracy', (percent) => percent > 0)
    expect(await other.getByRole('radio', { name: 'Momentum' }).isChecked()).toBe(true)
    expect(await figure(other, 'Test accuracy')).toBe(await figure(page, 'Test accuracy'))
    const epochs = await figure(page, 'Epochs')
    expect(await figure(other, 'Epochs')).toBe(epochs)
    await other.getByLabel('Learning rate').selectOption('0.01')
    await press(other, 'Go on')
    await waitForFigure(other, 'Epochs', (now) => now > epochs)
    expect(await figure(other, 'Loss')).toBeLessThan(1)
    await press(other, 'Stop')
    await status(other).getByText('Done.').waitFor()
  })

  test('trains the conv net while the page draws 50 frames a second', async () => {
    const page = await openView({ view: 'train' })
    await page.getByRole('radio', { name: 'Conv net' }).check({ force: true })
    await press(page, 'Start')
    await waitForFigure(page, 'Test accuracy', (percent) => percent > 85)
    expect(await framesPerSecond(page, 50)).toBeGreaterThanOrEqual(50)
  })

  test('makes one run of two clicks, and says when it learns nothing', async () => {
    const page = await openView({ view: 'train' })
    await page.getByRole('radio', { name: 'Conv net' }).check({ force: true })
    await page.getByRole('radio', { name: 'SGD' }).check({ force: true })
    await page.getByLabel('Learning rate').selectOption('1')
    await page.getByRole('button', { name: 'Start' }).evaluate((button: HTMLElement) => {
      button.click()
      button.click()
    })
    await page.getByText('No better than a guess, whose loss is 2.30').waitFor()
    await press(page, 'Stop')
    await status(page).getByText('Done.').waitFor()
    const epochs = await figure(page, 'Epochs')
    await page.waitForTimeout(1500)
    expect(await figure(page, 'Epochs')).toBe(epochs)
    // The name tells what was trained, not what was chosen since.
    await page.getByRole('radio', { name: 'MLP' }).check({ force: true })
    const download = page.waitForEvent('download')
    await press(page, 'Save')
    expect((await download).suggestedFilename()).toBe('digits-conv.safetensors')
  })

  test('says in words what is wrong with a file', async () => {
    const page = await openView({ view: 'train' })
    const buffer = Buffer.from('no weights at all')
    await page.getByLabel('Load').setInputFiles({ name: 'x.safetensors', mimeType: '', buffer })
    await page.getByRole('alert').getByText('x.safetensors cannot be loaded').waitFor()
    await press(page, 'Close')
    expect(await page.getByRole('alert').textContent()).toBe('')
    await press(page, 'Start')
    await status(page).getByText('Training').waitFor()
  })

  test('works on a page that is not isolated, on one thread', async () => {
    const page = await openView({ view: 'train', isolated: false })
    await page.getByText('wasm on one thread').waitFor()
    await press(page, 'Start')
    await waitForFigure(page, 'Test accuracy', (percent) => percent > 80)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
  })
})
