import { classCount } from '../../data/mnist.ts'
import type { TestReport } from '../../worker/digit-tester.ts'

const digits = Array.from({ length: classCount }, (_, digit) => digit)

/** Which digits are taken for which: a row per digit, a column per answer. */
export function ConfusionMatrix({ report }: { readonly report: TestReport | undefined }) {
  const caption =
    report === undefined
      ? 'Answers to test digits'
      : `Answers to ${report.count.toLocaleString('en')} test digits`
  return (
    <table class="confusion">
      <caption>
        {caption}
        <span class="hint">rows: the digit, columns: the answer</span>
      </caption>
      <thead>
        <tr>
          <td />
          {digits.map((answer) => (
            <th key={answer} scope="col">
              {answer}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {digits.map((digit) => (
          <Row key={digit} digit={digit} counts={rowOf(report, digit)} />
        ))}
      </tbody>
    </table>
  )
}

function rowOf(report: TestReport | undefined, digit: number): readonly number[] {
  return report?.confusion.slice(digit * classCount, (digit + 1) * classCount) ?? []
}

function Row({ digit, counts }: { readonly digit: number; readonly counts: readonly number[] }) {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return (
    <tr>
      <th scope="row">{digit}</th>
      {digits.map((answer) => {
        const count = counts[answer] ?? 0
        const share = total === 0 ? 0 : count / total
        return (
          <td
            key={answer}
            class={digit === answer ? 'right' : 'wrong'}
            // Mistakes are few: a root lets one in a hundred be seen.
            style={{ '--share': digit === answer ? share : Math.sqrt(share) }}
          >
            {count === 0 ? '' : count}
          </td>
        )
      })}
    </tr>
  )
}
