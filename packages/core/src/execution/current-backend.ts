import type { Backend } from '../backend.ts'
import { BackendError } from '../errors.ts'
import { contractVersion } from '../ir/plan.ts'

/** Makes a backend when it is first needed. */
export type BackendFactory = () => Backend | Promise<Backend>

const registered = new Map<string, () => Promise<Backend>>()
let current: Backend | undefined
/** Calls of `setBackend`, and the latest of them that has taken effect. */
let choices = 0
let latestChoice = 0
let defaultBackend: (() => Promise<Backend>) | undefined

/** Makes a backend available under a name. It is created when the name is first used. */
export function registerBackend(name: string, factory: BackendFactory): void {
  registered.set(name, lazily(factory))
}

/** Names that `setBackend` and `withBackend` take. */
export function registeredBackends(): string[] {
  return [...registered.keys()]
}

/**
 * Makes a backend the one that computes whatever is read from now on. Tensors that live elsewhere
 * move when they are used. Of several calls the last decides, whichever backend is there first.
 *
 * @throws BackendError for a name that is not registered and for a backend that was written for
 * another version of core, or what creating the backend throws.
 * @example
 * ```ts no-run
 * await setBackend(cpu())
 * ```
 */
export async function setBackend(backend: Backend | string): Promise<Backend> {
  const op = 'setBackend'
  const choice = ++choices
  const made = fitting(op, typeof backend === 'string' ? await backendNamed(op, backend) : backend)
  if (choice > latestChoice) {
    latestChoice = choice
    current = made
  }
  return made
}

/**
 * Says what computes where no backend is set. `factory` is called when the first value is needed, by
 * a read or by a compiled call; until its backend is there, reads and compiled calls wait in their
 * order, and what fails meanwhile is thrown by the reads. Its backend then is the current one,
 * unless another was set in the meantime.
 *
 * @example
 * ```ts no-run
 * setDefaultBackend(() => wasm())
 * await tensor([1, 2]).sum().item()
 * ```
 */
export function setDefaultBackend(factory: BackendFactory): void {
  defaultBackend = lazily(async () => {
    const backend = await factory()
    current ??= fitting('setDefaultBackend', backend)
    return backend
  })
}

/**
 * The backend that computes: a promise while the default one is being made.
 *
 * @throws BackendError if none is set and there is no default.
 */
export function backendToUse(): Backend | Promise<Backend> {
  return current ?? defaultBackend?.() ?? currentBackend()
}

/** The backend that computes, if it is there; begins to make the default one if not. */
export function backendIfThere(): Backend | undefined {
  if (current === undefined) defaultBackend?.()
  return current
}

/** The backend that computes. Throws BackendError if none was set or made by default so far. */
export function currentBackend(): Backend {
  if (current !== undefined) return current
  if (defaultBackend !== undefined) {
    throw new BackendError('read', {
      got: 'the default backend is not there yet',
      hint: 'read a value first, or add `await setBackend(…)`',
    })
  }
  throw new BackendError('read', {
    got: 'no backend is set',
    hint:
      'install @tensorweft/backend-cpu, -wasm or -webgpu and add `await setBackend(cpu())` ' +
      "after `import { cpu } from '@tensorweft/backend-cpu'`",
  })
}

/**
 * Runs the synchronous part of `body` with another backend; reads and compiled calls that it
 * starts are computed there. What comes after its first `await` is not: a training, say, is moved
 * with `setBackend`.
 */
export async function withBackend<T>(
  backend: Backend | string,
  body: () => T | Promise<T>,
): Promise<T> {
  const op = 'withBackend'
  const chosen = fitting(
    op,
    typeof backend === 'string' ? await backendNamed(op, backend) : backend,
  )
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

/** What makes a backend when it is first asked for, and tries again after it has failed. */
function lazily(factory: BackendFactory): () => Promise<Backend> {
  let made: Promise<Backend> | undefined
  return () => {
    if (made === undefined) {
      made = Promise.resolve().then(factory)
      made.catch(() => {
        made = undefined
      })
    }
    return made
  }
}

/** The backend, unless it speaks of plans in another way than this core. */
function fitting(op: string, backend: Backend): Backend {
  const version: number | undefined = backend.capabilities?.contractVersion
  if (version === contractVersion) return backend
  throw new BackendError(op, {
    got: `the backend ${backend.name} for version ${version} of the contract with core`,
    wanted: `version ${contractVersion}`,
    hint: 'install core and the backend of the same release: see `npm ls @tensorweft/core`',
  })
}

function backendNamed(op: string, name: string): Promise<Backend> {
  const make = registered.get(name)
  if (make !== undefined) return make()
  const known = registeredBackends().join(', ')
  throw new BackendError(op, {
    got: `the name '${name}'`,
    wanted: known === '' ? 'a registered name; none is' : `one of ${known}`,
    hint: 'pass a backend, or register one with registerBackend(name, factory)',
  })
}
