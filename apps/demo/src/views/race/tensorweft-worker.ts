import { expose } from 'comlink'
import { setBackend } from 'tensorweft'
import { makeContestant } from './make-contestant.ts'
import { tensorweftTraining } from './tensorweft-training.ts'

const contestant = makeContestant(async (name, problem) => {
  const backend = await setBackend(name)
  const isThreaded = name === 'wasm' && crossOriginIsolated
  const threads = isThreaded ? navigator.hardwareConcurrency : 1
  return { ...tensorweftTraining(problem, backend), threads }
})

expose(contestant)
