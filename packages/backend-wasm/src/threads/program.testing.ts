import { setBackend, tensor } from '@tensorweft/core'
import { wasmWith } from '../wasm-backend.ts'
import { eager } from './eager.testing.ts'
import { type StartThread, waysToStart } from './platform.ts'

/** A program that uses threads and leaves it to Node to end them. */
let workers = 0
const ways = waysToStart().map((start): StartThread => {
  return (events) => {
    workers++
    return start(events)
  }
})
await setBackend(wasmWith({ threads: 3 }, eager, ways))
const x = tensor(new Float32Array(10_000).fill(2))
const y = await x.square().add(1).data()
if (y.every((value) => value === 5)) console.log(`${workers + 1} threads`)
