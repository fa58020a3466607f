import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInChromium, openView, patience } from './browser.testing.ts'
import { inspect } from './inspect.testing.ts'

type Point = readonly [x: number, y: number]

/** A piece of an ellipse, angles in turns, clockwise from the right. */
function arc([x, y]: Point, [rx, ry]: Point, from: number, to: number): Point[] {
  return Array.from({ length: 13 }, (_, i) => {
    const angle = 2 * Math.PI * (from + ((to - from) * i) / 12)
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)]
  })
}

/** How one may draw each digit, stroke by stroke, in a square from 0 to 1. */
const digits: readonly (readonly Point[])[][] = [
  [arc([0.5, 0.5], [0.2, 0.32], -0.25, 0.75)],
  [
    [
      [0.42, 0.28],
      [0.53, 0.17],
      [0.5, 0.83],
    ],
  ],
  [[...arc([0.5, 0.34], [0.18, 0.17], -0.45, 0.1), [0.3, 0.8], [0.72, 0.8]]],
  [
    [
      ...arc([0.47, 0.33], [0.18, 0.16], -0.42, 0.22),
      ...arc([0.47, 0.66], [0.21, 0.18], -0.22, 0.42),
    ],
  ],
  [
    [
      [0.36, 0.18],
      [0.28, 0.55],
      [0.7, 0.55],
    ],
    [
      [0.62, 0.2],
      [0.6, 0.85],
    ],
  ],
  [[[0.68, 0.2], [0.38, 0.2], [0.35, 0.47], ...arc([0.48, 0.63], [0.2, 0.19], -0.3, 0.4)]],
  [[[0.6, 0.16], [0.38, 0.45], ...arc([0.5, 0.65], [0.17, 0.18], -0.5, 0.5)]],
  [
    [
      [0.3, 0.22],
      [0.7, 0.22],
      [0.45, 0.82],
    ],
  ],
  [arc([0.5, 0.34], [0.15, 0.16], 0.25, 1.25), arc([0.5, 0.66], [0.18, 0.17], -0.25, 0.75)],
  [[...arc([0.47, 0.35], [0.17, 0.17], 0, 1), [0.63, 0.4], [0.56, 0.84]]],
]

const pad = (page: Page) => page.getByRole('img', { name: 'Drawing pad' })
const verdict = (page: Page) => page.getByRole('status')
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

interface Placed {
  /** Of the pad's side. */
  readonly scale?: number
  readonly left?: number
  readonly top?: number
}

async function draw(page: Page, digit: number, { scale = 1, left = 0, top = 0 }: Placed = {}) {
  const box = await pad(page).boundingBox()
  if (box === null) throw new Error('there is no drawing pad')
  const place = ([x, y]: Point) =>
    [box.x + (left + x * scale) * box.width, box.y + (top + y * scale) * box.height] as const
  for (const [start, ...others] of digits[digit] ?? []) {
    if (start === undefined) continue
    await page.mouse.move(...place(start))
    await page.mouse.down()
    for (const point of others) await page.mouse.move(...place(point))
    await page.mouse.up()
  }
}

describeInChromium('the Draw view', () => {
  test('recognises all ten digits as they are drawn', async () => {
    const page = await openView({ view: 'draw' })
    for (let digit = 0; digit < 10; digit++) {
      await draw(page, digit)
      await verdict(page).getByText(`This is a ${digit}:`).waitFor()
      await press(page, 'Clear')
      await verdict(page).getByText('Draw a digit').waitFor()
    }
  })

  test('size and place of the drawing do not matter', async () => {
    const page = await openView({ view: 'draw' })
    await draw(page, 4, { scale: 0.5, left: 0.5, top: 0.45 })
    await verdict(page).getByText('This is a 4:').waitFor()
    for (const left of ['1 stroke', '0 strokes']) {
      await press(page, 'Undo')
      await page.getByRole('img', { name: `Drawing pad, ${left}` }).waitFor()
    }
    await verdict(page).getByText('Draw a digit').waitFor()
    await inspect(page, 'draw-blank')
  })

  test('shows which pixels mattered, for the digit or for another that is asked for', async () => {
    const page = await openView({ view: 'draw' })
    await draw(page, 7)
    await verdict(page).getByText('This is a 7:').waitFor()
    const mattered = (digit: number) =>
      page.getByRole('img', {
        name: new RegExp(`Pixels that mattered: \\d\\d+ speak for a ${digit}`),
      })
    await mattered(7).waitFor()
    const integrated = await mattered(7).getAttribute('aria-label')
    await page.getByRole('radio', { name: 'Gradient × input' }).check({ force: true })
    await expect.poll(() => mattered(7).getAttribute('aria-label'), patience).not.toBe(integrated)
    await page
      .getByRole('list', { name: 'Probabilities' })
      .getByRole('button', { name: /^2/ })
      .click()
    await mattered(2).waitFor()
    await page.getByText('Why a 2?').waitFor()
    // Another stroke asks anew.
    await draw(page, 7)
    await mattered(7).waitFor()
    await inspect(page, 'draw')
  })

  test('takes digits of the test set by the keyboard', async () => {
    const page = await openView({ view: 'draw' })
    await page.getByRole('button', { name: 'A 5' }).focus()
    await page.keyboard.press('Enter')
    await verdict(page).getByText('This is a 5:').waitFor()
    await page.getByRole('img', { name: 'A 5 from the test set' }).waitFor()
    await press(page, 'Other digits')
    await page.getByRole('button', { name: 'A 3', exact: true }).press('Space')
    await verdict(page).getByText('This is a 3:').waitFor()
  })

  test("asks the visitor's own model once there is one", async () => {
    const page = await openView({ view: 'draw' })
    const own = page.getByRole('radio', { name: 'Your own' })
    expect(await own.isDisabled()).toBe(true)
    await page.getByRole('tab', { name: 'Train' }).click()
    await press(page, 'Start')
    // Learnt enough to know a 0 when it is far from through.
    await page.locator('.confusion').getByText('Answers to').waitFor()
    const accuracy = page.locator('.figures').getByText(/^(8|9)\d\.\d %$/)
    await accuracy.first().waitFor()
    await page.getByRole('tab', { name: 'Draw' }).click()
    // The worker, which is training, is asked first whether there is one.
    await expect.poll(() => own.isEnabled(), patience).toBe(true)
    await own.check({ force: true })
    await page.getByText('Your own, of dense layers').waitFor()
    await page.getByRole('button', { name: 'A 0' }).click()
    await verdict(page).getByText('This is a 0:').waitFor()
  })
})
