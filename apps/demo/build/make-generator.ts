// Makes the generator that ships with the demo of a training of apps/examples:
//
//   npm start -- gan-mnist --save digits.safetensors
//   node --conditions=@tensorweft/source apps/demo/build/make-generator.ts digits.safetensors
//
// Of the training only the averages of the generator are kept, in half precision.
import { writeFile } from 'node:fs/promises'
import { readSafetensorsFile } from '@tensorweft/layers/node'
import { encodeHalf } from './half-precision.ts'

const prefix = 'averages.'
const target = new URL('../src/assets/digit-generator.safetensors', import.meta.url)

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('wanted the file that gan-mnist --save wrote')
const { tensors } = await readSafetensorsFile(path)
const averages = [...tensors]
  .filter(([name]) => name.startsWith(prefix))
  .map(([name, tensor]) => [name.slice(prefix.length), tensor] as const)
if (averages.length === 0) throw new Error(`${path} has no averages of a generator`)
const bytes = encodeHalf(new Map(averages))
await writeFile(target, bytes)
console.log(`Wrote ${target.pathname}, ${bytes.byteLength} bytes`)
