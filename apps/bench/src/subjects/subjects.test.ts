import { describe } from 'vitest'
import { describeSubject } from './describe-subject.testing.ts'
import { peers } from './peers.ts'
import { backends, defaultBackends } from './tensorweft/index.ts'

const subjects = [
  ...defaultBackends.map((name) => ({
    ...{ name: `tensorweft/${name}`, load: backends.get(name), threads: 1 },
  })),
  { name: 'tensorweft/wasm×2', load: backends.get('wasm'), threads: 2 },
  ...[...peers]
    .filter(([name]) => !name.endsWith('-webgpu'))
    .map(([name, load]) => ({ name, load, threads: 1 })),
]

describe.each(subjects)('$name', describeSubject)
