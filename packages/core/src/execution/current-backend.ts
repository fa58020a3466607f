import type { Backend } from '../backend.ts'
import { BackendError } from '../errors.ts'

type Factory = () => Backend | Promise<Backend>

const factories = new Map<string, Factory>()
const instances = new Map<string, Promise<Backend>>()
let current: Backend | undefined

/** Makes a backend available under a name. It is created when the name is first used. */
export function registerBackend(name: string, factory: Factory): void {
  factories.set(name, factory)
  instances.delete(name)
}

/** Names that `setBackend` and `withBackend` take. */
export function registeredBackends(): string[] {
  return [...factories.keys()]
}

/**
 * Makes a backend the one that computes whatever is read from now on. Tensors that live elsewhere
 * move when they are used.
 *
 * @throws BackendError for a name that is not registered, or what creating the backend throws.
 * @example
 * ```ts no-run
 * await setBackend(cpu())
 * ```
 */
export async function setBackend(backend: Backend | string): Promise<Backend> {
  current = typeof backend === 'string' ? await backendNamed('setBackend', backend) : backend
  return current
}

/** The backend that computes, if one was set. */
export function backendIfSet(): Backend | undefined {
  return current
}

/** The backend that computes. Throws BackendError if none was set. */
export function currentBackend(): Backend {
  if (current === undefined) {
    throw new BackendError('read', {
      got: 'no backend is set',
      hint:
        'install @tensorweft/backend-cpu, -wasm or -webgpu and add `await setBackend(cpu())` ' +
        "after `import { cpu } from '@tensorweft/backend-cpu'`",
    })
  }
  return current
}

/**
 * Runs the synchronous part of `body` with another backend; reads and compiled calls that it
 * starts are computed there.
 */
export async function withBackend<T>(
  backend: Backend | string,
  body: () => T | Promise<T>,
): Promise<T> {
  const chosen = typeof backend === 'string' ? await backendNamed('withBackend', backend) : backend
  const outer = current
  current = chosen
  let result: T | Promise<T>
  try {
    result = body()
  } finally {
    current = outer
  }
  return result
}

function backendNamed(op: string, name: string): Promise<Backend> {
  const factory = factories.get(name)
  if (factory === undefined) {
    const known = registeredBackends().join(', ')
    throw new BackendError(op, {
      got: `the name '${name}'`,
      wanted: known === '' ? 'a registered name; none is' : `one of ${known}`,
      hint: 'pass a backend, or register one with registerBackend(name, factory)',
    })
  }
  const known = instances.get(name)
  if (known !== undefined) return known
  const made = Promise.resolve().then(factory)
  instances.set(name, made)
  made.catch(() => instances.delete(name))
  return made
}
