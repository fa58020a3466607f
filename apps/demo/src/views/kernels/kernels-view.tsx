import { useRef } from 'preact/hooks'
import { backend } from '../../app/backend.ts'
import { reporting } from '../../app/errors.ts'
import { byteText, timeText } from '../../ui/amounts.ts'
import { Field } from '../../ui/field.tsx'
import { Figures } from '../../ui/figures.tsx'
import { Progress } from '../../ui/progress.tsx'
import type { OptimizerName } from '../../worker/digit-settings.ts'
import type { PlanReport } from '../../worker/kernels/measurement.ts'
import type { PlanName } from '../../worker/kernels/plans.ts'
import { KernelTable } from './kernel-table.tsx'
import { cancel, measure, measured, plan, progress, selected } from './kernels-state.ts'
import { SourcePane } from './source-pane.tsx'
import './kernels.css'

const planNames: Readonly<Record<PlanName, string>> = {
  training: 'Training step',
  prediction: 'Prediction',
  discriminator: 'GAN: discriminator step',
  generator: 'GAN: generator step',
}
const isPlanName = (value: string): value is PlanName => value in planNames
const planOptions = Object.entries(planNames)

/** Shows what a step is made of: its kernels, what each costs, and its source. */
export function KernelsView() {
  return (
    <div class="kernels stack">
      <section class="card stack" aria-label="What to measure">
        <p>
          A whole step is compiled into one plan of few kernels. Each is run on its own here, on the
          backend that is chosen above.
        </p>
        <div class="choice">
          <Field
            label="Plan"
            value={plan.value}
            options={planOptions}
            disabled={progress.value !== undefined}
            onChange={(value) => {
              if (isPlanName(value)) plan.value = value
            }}
          />
          <MeasureButton />
        </div>
        <Status />
      </section>
      {measured.value !== undefined && <Report report={measured.value} />}
    </div>
  )
}

function MeasureButton() {
  if (progress.value === undefined) {
    return (
      <button type="button" class="primary" onClick={reporting(measure)}>
        Measure on {backend}
      </button>
    )
  }
  return (
    <button type="button" onClick={reporting(cancel)}>
      Cancel
    </button>
  )
}

function Status() {
  const { done = 0, count = 0 } = progress.value ?? {}
  const text =
    progress.value === undefined
      ? 'Other runs pause while this one measures.'
      : count === 0
        ? 'Compiling …'
        : `Measuring: ${done} of ${count} kernels are done.`
  return (
    <>
      {progress.value !== undefined && (
        <Progress label="Kernels measured" value={count === 0 ? undefined : done / count} />
      )}
      <p class="status" role="status">
        {text}
      </p>
    </>
  )
}

function Report({ report }: { readonly report: PlanReport }) {
  const pane = useRef<HTMLElement>(null)
  const { kernels, arenaByteLength } = report
  const totalMs = kernels.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0)
  const totalBytes = kernels.reduce((sum, { byteLength }) => sum + byteLength, 0)
  return (
    <>
      <Figures
        figures={[
          { name: 'Kernels', value: String(kernels.length) },
          { name: 'Time of all', value: timeText(totalMs) },
          { name: 'Bytes of all', value: byteText(totalBytes) },
          { name: 'Memory between them', value: byteText(arenaByteLength) },
        ]}
      />
      <div class="columns">
        <KernelTable
          caption={captionOf(report)}
          kernels={kernels}
          onSelect={() => pane.current?.scrollIntoView({ block: 'nearest' })}
        />
        <section class="card stack" aria-label="Selected kernel" ref={pane}>
          {selected.value !== undefined && <SourcePane kernel={selected.value} />}
        </section>
      </div>
    </>
  )
}

const optimizerNames: Readonly<Record<OptimizerName, string>> = {
  sgd: 'SGD',
  momentum: 'momentum',
  adam: 'Adam',
}

/** What was measured, which may be something else than what is chosen now. */
function captionOf({ plan, settings, backend }: PlanReport): string {
  const { architecture, optimizer, batchSize } = settings
  const model = architecture === 'mlp' ? 'MLP' : 'conv net'
  const details = {
    training: ` of the ${model}, ${optimizerNames[optimizer]}, batch ${batchSize}`,
    prediction: ` by the ${model}, batch ${batchSize}`,
    discriminator: ', Adam, batch 64',
    generator: ', Adam, batch 64',
  }
  return `${planNames[plan]}${details[plan]}, on ${backend}`
}
