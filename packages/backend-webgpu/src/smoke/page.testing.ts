import { webgpu } from '../index.ts'
import { runSmoke, type SmokeReport } from './run-smoke.testing.ts'

/** Whose device the backend computes on. */
export type DeviceOf = 'backend' | 'caller'

/** What came of the cases in a browser, and of a device that is lost there. */
export interface PageReport extends SmokeReport {
  readonly isWorker: boolean
  /** What is thrown after the loss. */
  readonly lost: string
}

const isWorker = !('document' in globalThis)

async function checkHere(deviceOf: DeviceOf): Promise<PageReport> {
  const device = deviceOf === 'caller' ? await ownDevice() : undefined
  const backend = await webgpu(device === undefined ? {} : { device })
  const report = await runSmoke(backend)
  device?.destroy()
  const lost = await backend.finish().then(() => 'nothing', String)
  await backend.dispose()
  return { ...report, isWorker, lost }
}

/** With the limits and the features that every WebGPU has, and no more. */
async function ownDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter()
  if (adapter === null) throw new Error('SwiftShader is an adapter')
  return adapter.requestDevice()
}

/** The same in a worker that runs this file too. */
function checkInWorker(deviceOf: DeviceOf): Promise<PageReport> {
  const worker = new Worker('/page.js', { type: 'module' })
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage(deviceOf)
  })
}

if (isWorker) {
  globalThis.addEventListener('message', async ({ data }) => {
    globalThis.postMessage(await checkHere(data))
  })
} else {
  Object.assign(globalThis, { checkHere, checkInWorker })
}
