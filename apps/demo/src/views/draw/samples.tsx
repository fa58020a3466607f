import { useSignal, useSignalEffect } from '@preact/signals'
import { report } from '../../app/errors.ts'
import { side } from '../../data/mnist.ts'
import { PixelGrid } from '../../ui/pixel-grid.tsx'
import { services } from '../../worker/client.ts'
import type { Sample } from '../../worker/draw-service.ts'
import { choose, sample } from './recognizing.ts'

/** Digits of the test set to choose from, for those who do not draw. */
export function Samples() {
  const round = useSignal(0)
  const samples = useSignal<readonly Sample[]>([])
  useSignalEffect(() => {
    services.draw.samples(round.value).then((found) => {
      samples.value = found
    }, report)
  })
  return (
    <section class="samples">
      <h2>From the test set</h2>
      <div class="row">
        {samples.value.map((each) => (
          <button
            key={each.digit}
            type="button"
            class="quiet"
            aria-pressed={sample.value === each}
            onClick={() => choose(each)}
          >
            <PixelGrid label={`A ${each.digit}`} pixels={each.pixels} width={side} height={side} />
          </button>
        ))}
      </div>
      <button type="button" onClick={() => round.value++}>
        Other digits
      </button>
    </section>
  )
}
