import { side } from '../../data/mnist.ts'
import { PixelGrid } from '../../ui/pixel-grid.tsx'
import type { Mistake } from '../../worker/digit-tester.ts'

/** The digits that are most often taken for others. */
export function Mistakes({ mistakes }: { readonly mistakes: readonly Mistake[] }) {
  return (
    <figure class="mistakes">
      <figcaption>Most frequent mistakes</figcaption>
      {mistakes.length === 0 && <p class="hint">Nothing was tested yet.</p>}
      <ul>
        {mistakes.map(({ digit, answer, count, pixels }) => (
          <li key={`${digit}${answer}`}>
            <span>
              <b>{digit}</b> read as <b>{answer}</b>
              <span class="hint"> {count} ×</span>
            </span>
            <PixelGrid
              label={`Images of ${digit} that were read as ${answer}`}
              pixels={pixels}
              width={side}
              height={side}
              columns={8}
            />
          </li>
        ))}
      </ul>
    </figure>
  )
}
