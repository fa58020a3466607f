import { createHash } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  describeInChromium,
  framesPerSecond,
  openView,
  patience,
  pressInPage,
} from './browser.testing.ts'
import { inspect } from './inspect.testing.ts'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const samples = (page: Page) => page.getByRole('img', { name: '40 generated digits' })
const place = (page: Page) => page.getByRole('img', { name: /^Digit (at|\d+ %)/ }).first()
const slider = (page: Page) => page.getByRole('slider', { name: 'Place in latent space' })

/** What a canvas shows, as a short text that differs where pictures do. */
async function pictureOf(canvas: Locator): Promise<string> {
  const image = await canvas.evaluate((element) =>
    element instanceof HTMLCanvasElement ? element.toDataURL() : '',
  )
  return createHash('sha256').update(image).digest('base64')
}

async function stepsIn(page: Page): Promise<number> {
  const caption = await page.getByText(/Made of noise after [\d,]+ steps/).textContent()
  return Number(caption?.replaceAll(/\D/g, ''))
}

describeInChromium('the GAN view', () => {
  test('draws digits at once, and others along the way through latent space', async () => {
    const page = await openView({ view: 'gan' })
    await samples(page).waitFor()
    await place(page).waitFor()
    const atFirst = await pictureOf(place(page))
    await slider(page).focus()
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight')
    expect(await slider(page).getAttribute('aria-valuetext')).toBe(
      '20 % of the way from point 1 to 2',
    )
    await expect.poll(() => pictureOf(place(page)), patience).not.toBe(atFirst)
    await page.keyboard.press('Home')
    await expect.poll(() => pictureOf(place(page)), patience).toBe(atFirst)
    await press(page, 'Go to point 3')
    const third = await pictureOf(page.getByRole('img', { name: 'Digit at point 3' }).last())
    expect(third).not.toBe(atFirst)
    await page.getByText(/^Read as a \d, .+ sure$/).waitFor()
    await expect.poll(() => pictureOf(place(page)), patience).toBe(third)
    await press(page, 'Other points')
    await expect.poll(() => pictureOf(place(page)), patience).not.toBe(third)
    await inspect(page, 'gan-ready-made')
  })

  test('samples change while it trains; it pauses, goes on and stops', async () => {
    const page = await openView({ view: 'gan' })
    await samples(page).waitFor()
    const readyMade = await pictureOf(samples(page))
    await press(page, 'Train your own')
    await page.getByText(/Made of noise after [\d,]+ steps/).waitFor()
    await page.getByRole('status').getByText('Training').waitFor()
    const early = {
      step: await stepsIn(page),
      samples: await pictureOf(samples(page)),
      place: await pictureOf(place(page)),
    }
    expect(early.samples).not.toBe(readyMade)
    expect(await framesPerSecond(page, 50)).toBeGreaterThanOrEqual(50)
    await expect.poll(() => stepsIn(page), patience).toBeGreaterThan(early.step)
    await expect.poll(() => pictureOf(samples(page)), patience).not.toBe(early.samples)
    await expect.poll(() => pictureOf(place(page)), patience).not.toBe(early.place)
    await page
      .getByRole('img', { name: /^Losses: generator [\d.]+, discriminator [\d.]+$/ })
      .waitFor()

    await press(page, 'Pause')
    await page.getByRole('status').getByText('Paused.').waitFor()
    const paused = await stepsIn(page)
    await page.waitForTimeout(1000)
    expect(await stepsIn(page)).toBe(paused)
    await press(page, 'Go on')
    await expect.poll(() => stepsIn(page), patience).toBeGreaterThan(paused)

    await press(page, 'Stop')
    await page.getByRole('status').getByText('Ready.').waitFor()
    await expect.poll(() => pictureOf(samples(page)), patience).toBe(readyMade)
  })

  test('does not begin behind a race that was started while it waited for a training', async () => {
    const page = await openView({ view: 'race' })
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck()
    await page.getByRole('checkbox', { name: 'Tensorweft on wasm' }).check()
    // What is shown a second time is there at once.
    await page.getByRole('tab', { name: 'GAN' }).click()
    await samples(page).waitFor()
    await page.getByRole('tab', { name: 'Train' }).click()
    await page.getByRole('radio', { name: 'Conv net' }).check({ force: true })
    await press(page, 'Start')
    await page.getByRole('status').getByText('Training').waitFor()
    const buttons = ['GAN', 'Train your own', 'Race', 'Start']
    await pressInPage(
      page,
      buttons.map((button) => ({ button })),
    )
    await page.getByRole('status').getByText('Done.').waitFor()
    await page.getByRole('tab', { name: 'GAN' }).click()
    await page.getByRole('status').getByText('Ready.').waitFor()
    await page.getByRole('tab', { name: 'Train' }).click()
    await page.getByRole('status').getByText('Paused.').waitFor()
  })

  test('goes on behind other views, and is paused by a training there', async () => {
    const page = await openView({ view: 'gan' })
    await press(page, 'Train your own')
    await page.getByText(/Made of noise after [\d,]+ steps/).waitFor()
    await page.getByRole('tab', { name: 'Train' }).click()
    await page.getByRole('tab', { name: 'GAN' }).click()
    const before = await stepsIn(page)
    await expect.poll(() => stepsIn(page), patience).toBeGreaterThan(before)
    await page.getByRole('tab', { name: 'Train' }).click()
    await press(page, 'Start')
    await page.getByRole('status').getByText('Training').waitFor()
    await page.getByRole('tab', { name: 'GAN' }).click()
    await page.getByRole('status').getByText('Paused.').waitFor()
    await inspect(page, 'gan-trained')
  })
})
