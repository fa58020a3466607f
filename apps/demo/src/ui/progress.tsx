export interface ProgressProps {
  readonly label: string
  /** From 0 to 1; undefined while it is not known. */
  readonly value: number | undefined
}

/** How far something is. */
export function Progress({ label, value }: ProgressProps) {
  return <progress aria-label={label} value={value} max={1} />
}
