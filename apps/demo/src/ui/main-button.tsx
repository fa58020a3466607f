import { reporting } from '../app/errors.ts'

export interface MainButtonProps {
  readonly label: string
  /** What it does; nothing for a while where it is left out. */
  act?(): Promise<void>
}

/**
 * The button that matters most. Its label may change, and it may rest for a while: it stays the same
 * element and is never `disabled`, so that who uses the keyboard stays on it.
 */
export function MainButton({ label, act }: MainButtonProps) {
  return (
    <button
      type="button"
      class="primary"
      aria-disabled={act === undefined}
      onClick={act && reporting(act)}
    >
      {label}
    </button>
  )
}
