import type { Primitive } from '../graph/tensor.ts'
import type { FunctionKernel, HandWrittenKernel } from './hand-written-kernel.ts'

/** A registered kernel; the number stands for it in plans, which are plain data. */
export interface Registration {
  readonly number: number
  readonly kernel: HandWrittenKernel
}

const registrations = new Map<string, Map<Primitive, Registration>>()
const functions = new Map<number, FunctionKernel['run']>()
let count = 0

export function registrationOf(backend: string, op: Primitive): Registration | undefined {
  return registrations.get(backend)?.get(op)
}

export function addRegistration(backend: string, op: Primitive, kernel: HandWrittenKernel): void {
  const known = registrations.get(backend) ?? new Map<Primitive, Registration>()
  const number = count++
  registrations.set(backend, known.set(op, { number, kernel }))
  if ('run' in kernel) functions.set(number, kernel.run)
}

export function removeRegistration(backend: string, op: Primitive): HandWrittenKernel | undefined {
  const known = registrationOf(backend, op)
  registrations.get(backend)?.delete(op)
  if (known !== undefined) functions.delete(known.number)
  return known?.kernel
}

/** The function behind its number in a plan, as long as it is registered. */
export function functionOf(number: number): FunctionKernel['run'] | undefined {
  return functions.get(number)
}
