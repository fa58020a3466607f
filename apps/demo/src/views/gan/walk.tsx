import { useSignalEffect } from '@preact/signals'
import { side } from '../../data/mnist.ts'
import { PixelGrid } from '../../ui/pixel-grid.tsx'
import { probabilityInWords } from '../../ui/probability-text.ts'
import {
  generator,
  type Picture,
  picture,
  place,
  progress,
  showPlace,
  showStops,
  stopPictures,
  stops,
  trip,
} from './gan-state.ts'

const lastStop = stops.length - 1

/** A slider through latent space, and what the generator makes of where it stands. */
export function Walk() {
  useSignalEffect(() => {
    // A generator that is trained draws something else after each report.
    if (generator.value === 'trained') progress.value
    const way = { name: generator.value, trip: trip.value }
    showStops(way)
    showPlace({ ...way, place: place.value })
  })
  return (
    <section class="stack walk" aria-labelledby="walk-title">
      <h2 id="walk-title">From noise to noise</h2>
      <p class="hint">
        Each digit is made of 64 numbers. Between five points of such noise every place is a digit,
        too.
      </p>
      <div class="place">
        <Here />
        <div class="stack">
          <Stops />
          <input
            type="range"
            aria-label="Place in latent space"
            aria-valuetext={whereOf(place.value)}
            min={0}
            max={lastStop}
            step={0.02}
            value={place.value}
            onInput={(event) => {
              place.value = event.currentTarget.valueAsNumber
            }}
          />
          <div class="actions">
            <button type="button" onClick={() => trip.value++}>
              Other points
            </button>
          </div>
        </div>
      </div>
    </section>
  )
}

/** Where we are: the picture, and what the classifier of the Draw view takes it for. */
function Here() {
  const { value } = picture
  return (
    <figure>
      <div class="paper">
        {value !== undefined && (
          <PixelGrid
            label={`Digit ${whereOf(place.value)}`}
            pixels={value.pixels}
            width={side}
            height={side}
          />
        )}
      </div>
      <figcaption class="hint">{value === undefined ? 'Drawing …' : readingOf(value)}</figcaption>
    </figure>
  )
}

function readingOf({ recognition: { digit, probabilities } }: Picture): string {
  return `Read as a ${digit}, ${probabilityInWords(probabilities[digit] ?? 0)} sure`
}

/** The points themselves: a click on one goes there. */
function Stops() {
  const pixels = stopPictures.value
  return (
    <div class="stops">
      {stops.map((stop) => (
        <button
          key={stop}
          type="button"
          class="quiet"
          aria-label={`Go to point ${stop + 1}`}
          aria-pressed={place.value === stop}
          onClick={() => {
            place.value = stop
          }}
        >
          {pixels !== undefined && (
            <PixelGrid
              label={`Digit at point ${stop + 1}`}
              pixels={pixels.subarray(stop * side * side, (stop + 1) * side * side)}
              width={side}
              height={side}
            />
          )}
        </button>
      ))}
    </div>
  )
}

/** A place in words. */
function whereOf(at: number): string {
  const before = Math.floor(at)
  if (at === before) return `at point ${before + 1}`
  const share = Math.round(100 * (at - before))
  return `${share} % of the way from point ${before + 1} to ${before + 2}`
}
