import { fileURLToPath } from 'node:url'
import { chromium, useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { type Browser, chromium as driver, type Page, type Response } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject } from 'vitest'

const browserArguments = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
]

/** Where a page is opened, and how. */
export interface PageOptions {
  /** The view, `train`. */
  readonly view: string
  /** Whether the page may be cross-origin isolated, by default as it is served: yes. */
  readonly isolated?: boolean
  /** Called for everything that the page and its workers load. */
  readonly onResponse?: (response: Response) => void
}

/** Other programs may keep the machine busy. */
export const patience = { timeout: 120_000 }

let browser: Browser
const opened: { page: Page; problems: string[] }[] = []

/**
 * Tests of the built app in the system's Chromium; skipped where there is none. After each test its
 * pages are closed, and nothing may have gone wrong in them.
 */
export function describeInChromium(name: string, body: () => void): void {
  describe.skipIf(!useSwiftShader(name))(name, { timeout: 300_000 }, () => {
    beforeAll(async () => {
      const executablePath = chromium?.executable ?? ''
      browser = await driver.launch({ executablePath, args: browserArguments, ...patience })
    })
    afterAll(() => browser.close())
    afterEach(async () => {
      const problems = opened.flatMap((each) => each.problems)
      await Promise.all(opened.splice(0).map(({ page }) => closePage(page)))
      expect(problems).toEqual([])
    })
    body()
  })
}

/** Opens a view and waits until it can be used: its program comes later than the page. */
export async function openView({ view, isolated = true, onResponse }: PageOptions): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(patience.timeout)
  const problems: string[] = []
  opened.push({ page, problems })
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  if (onResponse !== undefined) page.on('response', onResponse)
  if (!isolated) await dropIsolation(page)
  await page.goto(`${inject('address')}#${view}`)
  await page.getByRole('group', { name: 'Backend' }).getByRole('radio', { checked: true }).waitFor()
  await page.getByRole('tabpanel').locator('section').first().waitFor()
  return page
}

/** Chooses what computes. */
export async function useBackend(page: Page, name: 'cpu' | 'wasm' | 'webgpu'): Promise<void> {
  await page.getByRole('radio', { name, exact: true }).check({ force: true })
}

/** What is pressed, and how the status has to begin before that. */
export interface Press {
  readonly button: string
  readonly status?: string
}

/**
 * Presses buttons one after the other as soon as they are there, all within the page: what they begin
 * does not get ahead where the test is held up.
 */
export async function pressInPage(page: Page, presses: readonly Press[]): Promise<void> {
  await page.evaluate(async (wanted) => {
    const textOf = (element: Element | null | undefined) => element?.textContent ?? ''
    for (const { button: text, status = '' } of wanted) {
      const find = () => {
        if (!textOf(document.querySelector('[role=status]')).startsWith(status)) return undefined
        return [...document.querySelectorAll('button')].find((button) => textOf(button) === text)
      }
      let button = find()
      while (button === undefined) {
        await new Promise((resolve) => setTimeout(resolve))
        button = find()
      }
      button.click()
    }
  }, presses)
}

/** Requests that are still under way where a test ends are nobody's problem. */
async function closePage(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.close()
}

async function dropIsolation(page: Page): Promise<void> {
  await page.route('**/*', async (route) => {
    const response = await route.fetch()
    const kept = Object.entries(response.headers()).filter(
      ([key]) => !key.startsWith('cross-origin'),
    )
    await route.fulfill({ response, headers: Object.fromEntries(kept) })
  })
}

/**
 * Frames per second that the page draws: the best of some seconds, as whatever else runs on the
 * machine takes some away.
 *
 * @param wanted No more seconds are looked at once there are so many.
 */
export async function framesPerSecond(page: Page, wanted: number): Promise<number> {
  let best = 0
  for (let second = 0; second < 30 && best < wanted; second++) {
    best = Math.max(best, await framesInOneSecond(page))
  }
  return best
}

function framesInOneSecond(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const start = performance.now()
        let frames = 0
        const count = (now: number) => {
          frames++
          if (now - start < 1000) requestAnimationFrame(count)
          else resolve((1000 * frames) / (now - start))
        }
        requestAnimationFrame(count)
      }),
  )
}

/** The path of a file that is kept, to be looked at. */
export function artefact(name: string): string {
  return fileURLToPath(new URL(`../../.cache/artefacts/${name}`, import.meta.url))
}
