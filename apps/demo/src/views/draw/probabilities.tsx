import { probabilityInWords, probabilityText } from '../../ui/probability-text.ts'
import { type Answer, asked } from './recognizing.ts'

/** How probable each digit is; a click on one asks what speaks for it. */
export function Probabilities({ answer }: { readonly answer: Answer | undefined }) {
  return (
    <ol class="probabilities" aria-label="Probabilities">
      {Array.from({ length: 10 }, (_, digit) => {
        const probability = answer?.probabilities[digit] ?? 0
        return (
          <li key={digit}>
            <button
              type="button"
              aria-pressed={answer?.explained === digit}
              disabled={answer === undefined}
              title={`What speaks for a ${digit}?`}
              onClick={() => {
                asked.value = digit
              }}
            >
              <b>{digit}</b>
              <span class="bar" style={{ '--share': probability }} />
              <span class="share">{answer === undefined ? '–' : probabilityText(probability)}</span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}

/** What it is, in a sentence. */
export function verdictOf(answer: Answer | undefined): string {
  if (answer === undefined) return 'Draw a digit, or choose one from the test set.'
  const { digit, probabilities } = answer
  return `This is a ${digit}: ${probabilityInWords(probabilities[digit] ?? 0)} sure.`
}
