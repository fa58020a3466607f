import type { Backend, Capabilities } from '@tensorweft/core'

/** One thing that every backend must do. */
export interface ConformanceCase {
  /** `group: what is checked`. */
  readonly name: string
  /** Why the backend is known not to pass. The case runs nevertheless, and must fail. */
  readonly skip?: string
  /** Rejects if the backend does not do it, or if it does although it is said not to. */
  run(): Promise<void>
}

/** What the body of a case works with. */
export interface CaseContext {
  /** The backend that all cases share. */
  readonly backend: Backend
  /** Another instance, for cases that dispose of it. */
  create(): Promise<Backend>
}

/** A case before a backend is known. */
export interface CaseDefinition {
  readonly name: string
  /** Why a backend with these capabilities need not pass; then it must refuse. */
  readonly unless?: (capabilities: Capabilities) => string | undefined
  readonly body: (context: CaseContext) => Promise<void>
}
