import { Segments } from '../ui/segments.tsx'
import { backend, choices, chooseBackend } from './backend.ts'
import { reporting } from './errors.ts'

/** What computes; may be changed at any time, also in the middle of a run. */
export function BackendChooser() {
  return (
    <div class="backend">
      <Segments
        label="Backend"
        value={backend.value}
        disabled={backend.value === undefined}
        onChange={reporting(chooseBackend)}
        options={choices.value.map(({ name, problem }) => ({ value: name, label: name, problem }))}
      />
    </div>
  )
}
