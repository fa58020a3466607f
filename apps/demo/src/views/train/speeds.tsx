export interface SpeedsProps {
  /** Digits per second by backend. */
  readonly speeds: ReadonlyMap<string, number>
  readonly current: string | undefined
}

/** How fast each backend was that this run has been on. */
export function Speeds({ speeds, current }: SpeedsProps) {
  const fastest = Math.max(...speeds.values())
  return (
    <figure class="speeds">
      <figcaption>Speed by backend</figcaption>
      {speeds.size === 0 ? (
        <p class="hint">
          Change the backend while it trains: the run goes on, only faster or slower.
        </p>
      ) : (
        <dl>
          {[...speeds].map(([name, speed]) => (
            <div key={name} class={name === current ? 'current' : ''}>
              <dt>{name}</dt>
              <dd style={{ '--share': speed / fastest }}>
                {Math.round(speed).toLocaleString('en')} per second
              </dd>
            </div>
          ))}
        </dl>
      )}
    </figure>
  )
}
