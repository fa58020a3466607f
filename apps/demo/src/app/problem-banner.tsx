import { problem } from './errors.ts'

/** What went wrong, in words, until it is closed. */
export function ProblemBanner() {
  return (
    <div role="alert">
      {problem.value !== undefined && (
        <div class="problem">
          <p>{problem}</p>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              problem.value = undefined
            }}
          >
            Close
          </button>
        </div>
      )}
    </div>
  )
}
