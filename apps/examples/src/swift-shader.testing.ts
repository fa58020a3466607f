import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = ['/usr/lib/chromium', '/usr/bin', '/usr/lib/chromium-browser']
const vulkanLoaders = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '../lib64', '.'].map((folder) =>
  join('/usr/lib', folder, 'libvulkan.so.1'),
)

/** The manifest of SwiftShader, the GPU in software that comes with Chromium, if it is there. */
const manifest = folders
  .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
  .find((path) => existsSync(path))

/**
 * Lets WebGPU compute on SwiftShader, before it is first used; where that is missing it says what
 * is skipped and how to get it.
 *
 * @param what Tests that need it.
 * @returns Whether it is there.
 */
export function useSwiftShader(what: string): boolean {
  if (manifest === undefined || !vulkanLoaders.some((path) => existsSync(path))) {
    console.warn(`Skipped: ${what} on WebGPU. Get it with: apt-get install chromium libvulkan1`)
    return false
  }
  process.env.VK_ICD_FILENAMES = manifest
  process.env.XDG_RUNTIME_DIR ??= mkdtempSync(join(tmpdir(), 'tensorweft-'))
  return true
}
