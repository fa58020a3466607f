import { useId } from 'preact/hooks'

export interface SegmentOption<T> {
  readonly value: T
  readonly label: string
  /** Why it cannot be chosen, if it cannot. */
  readonly problem?: string | undefined
}

export interface SegmentsProps<T> {
  readonly label: string
  readonly value: T | undefined
  readonly options: readonly SegmentOption<T>[]
  readonly disabled?: boolean
  onChange(value: T): void
}

/** A choice among a few, all of them visible: radio buttons side by side. */
export function Segments<T extends string>(props: SegmentsProps<T>) {
  const name = useId()
  const { label, value, options, disabled = false, onChange } = props
  return (
    <fieldset class="segments" disabled={disabled}>
      <legend>{label}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value} title={option.problem}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.problem !== undefined}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
