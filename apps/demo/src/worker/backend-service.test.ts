import { currentBackend, registerBackend, setBackend } from 'tensorweft'
import { expect, test } from 'vitest'
import { backendService } from './backend-service.ts'
import { createContext } from './context.ts'

test('the backend that was chosen last computes, whichever is made sooner', async () => {
  const cpu = await setBackend('cpu')
  const { promise: made, resolve: finish } = Promise.withResolvers<typeof cpu>()
  registerBackend('webgpu', () => made)
  const { use } = backendService(createContext())
  const uses = [use('webgpu'), use('cpu')]
  finish({ ...cpu, name: 'webgpu' })
  await Promise.all(uses)
  expect(currentBackend()).toBe(cpu)
})

test('one that cannot be made leaves the others', async () => {
  const cpu = await setBackend('cpu')
  registerBackend('webgpu', () => Promise.reject(new Error('no adapter')))
  const { use } = backendService(createContext())
  const uses = await Promise.allSettled([use('webgpu'), use('cpu')])
  expect(uses.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(currentBackend()).toBe(cpu)
})

test('what is begun after a choice computes there, however long it takes to be made', async () => {
  const cpu = await setBackend('cpu')
  const { promise: made, resolve: finish } = Promise.withResolvers<typeof cpu>()
  registerBackend('webgpu', () => made)
  const context = createContext()
  const use = backendService(context).use('webgpu')
  const run = { pause: async () => {} }
  const name = context.take(run, async () => currentBackend().name)
  await new Promise((resolve) => setTimeout(resolve))
  finish({ ...cpu, name: 'webgpu' })
  expect(await name).toBe('webgpu')
  await use
})
