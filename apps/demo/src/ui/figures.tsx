export interface Figure {
  readonly name: string
  /** As it is shown; a dash where nothing is known yet. */
  readonly value: string | undefined
  readonly note?: string | undefined
}

/** A few numbers, large, each with its name. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? '–'}</dd>
          {note !== undefined && <dd class="hint">{note}</dd>}
        </div>
      ))}
    </dl>
  )
}
