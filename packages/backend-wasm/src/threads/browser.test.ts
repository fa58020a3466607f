import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium as driver } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PageReport } from './browser-page.testing.ts'

const executable = ['/usr/lib/chromium/chromium', '/usr/bin/chromium'].find((path) =>
  existsSync(path),
)

/** The page's program from the sources of all packages, as Vite makes it: files by their paths. */
async function bundle(): Promise<Map<string, string | Uint8Array>> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    base: './',
    resolve: { conditions: ['@tensorweft/source'] },
    worker: { format: 'es' },
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('browser-page.testing.ts', import.meta.url)),
        // The page is to run what Node runs, whatever a package says of its side effects.
        treeshake: false,
        output: { entryFileNames: 'page.js' },
      },
    },
  })
  const [output] = [result].flat()
  if (output === undefined || !('output' in output)) throw new Error('vite gave no bundle')
  return new Map(
    output.output.map((file) => [`/${file.fileName}`, 'code' in file ? file.code : file.source]),
  )
}

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

const scripts = "script-src 'self' 'wasm-unsafe-eval'"

/** Headers of the pages, by their paths. */
const pages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/plain': {},
  '/isolated': { ...isolation, 'content-security-policy': `${scripts}; worker-src blob: 'self'` },
  '/same-origin': { ...isolation, 'content-security-policy': `${scripts}; worker-src 'self'` },
  '/no-workers': { ...isolation, 'content-security-policy': `${scripts}; worker-src 'none'` },
}

function serve(files: ReadonlyMap<string, string | Uint8Array>): Promise<Server> {
  const server = createServer(({ url = '' }, response) => {
    const page = pages[url]
    const file = files.get(url)
    for (const [name, value] of Object.entries(page ?? isolation)) response.setHeader(name, value)
    response.setHeader('content-type', page === undefined ? 'text/javascript' : 'text/html')
    if (page === undefined && file === undefined) response.statusCode = 404
    response.end(file ?? '<!doctype html><script type="module" src="/page.js"></script>')
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

describe.skipIf(executable === undefined)('in Chromium', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await serve(await bundle())
    browser = await driver.launch({
      executablePath: executable ?? '',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-dev-shm-usage',
        '--no-first-run',
      ],
      timeout: 120_000,
    })
  })

  afterAll(async () => {
    await browser.close()
    server.close()
  })

  async function reportOf(path: string, program: string): Promise<PageReport> {
    const { port } = server.address() as AddressInfo
    const page = await browser.newPage()
    page.setDefaultTimeout(120_000)
    await page.goto(`http://127.0.0.1:${port}${path}`)
    await page.waitForFunction('globalThis.checkInPage !== undefined')
    const report = await page.evaluate<PageReport>(`${program}()`)
    await page.close()
    return report
  }

  test('an isolated page runs plans on workers and waits for none', async () => {
    const report = await reportOf('/isolated', 'checkInPage')
    expect(report.wrong).toEqual([])
    expect(report).toMatchObject({ canShare: true, canWait: false, failures: 0, warnings: [] })
    expect(report.answers).toBeGreaterThan(50)
    expect(report.faults).toBeGreaterThan(0)
  })

  test('a worker of an isolated page takes part in its plans', async () => {
    const report = await reportOf('/isolated', 'checkInWorker')
    expect(report.wrong).toEqual([])
    expect(report).toMatchObject({ canShare: true, canWait: true, failures: 0, warnings: [] })
    expect(report.started).toBeGreaterThan(3)
  })

  test('where Blob URLs are forbidden workers come from a file', async () => {
    const report = await reportOf('/same-origin', 'checkInPage')
    expect(report.wrong).toEqual([])
    expect(report.failures).toBeGreaterThan(0)
    expect(report.warnings).toEqual([])
    expect(report.answers).toBeGreaterThan(50)
  })

  test('where no worker may start one thread does it all', async () => {
    const report = await reportOf('/no-workers', 'checkInPage')
    expect(report.answers).toBe(0)
    expect(report.warnings.length).toBeGreaterThan(0)
    expect(report.wrong).toEqual([])
  })

  test('a page that is not isolated has one thread', async () => {
    const report = await reportOf('/plain', 'checkInPage')
    expect(report).toMatchObject({ canShare: false, started: 0, warnings: [] })
    expect(report.wrong).toEqual([])
  })
})
