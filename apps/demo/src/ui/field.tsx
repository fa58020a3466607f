import { useId } from 'preact/hooks'

export interface FieldProps {
  readonly label: string
  readonly value: string
  /** Values with what is shown for them. */
  readonly options: readonly (readonly [value: string, text: string])[]
  readonly disabled?: boolean
  onChange(value: string): void
}

/** A choice from a list, with its label above. */
export function Field({ label, value, options, disabled = false, onChange }: FieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
