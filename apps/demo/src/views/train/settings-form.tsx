import { reporting } from '../../app/errors.ts'
import { Field } from '../../ui/field.tsx'
import { Segments } from '../../ui/segments.tsx'
import type { Architecture, OptimizerName } from '../../worker/digit-settings.ts'
import { choose, epochs, phase, settings } from './train-state.ts'

const models: readonly { value: Architecture; label: string }[] = [
  { value: 'mlp', label: 'MLP' },
  { value: 'conv', label: 'Conv net' },
]

const descriptions: Record<Architecture, string> = {
  mlp: 'Dense 256 with ReLU, dense 10: 203,530 weights.',
  conv: 'Two 3 × 3 convolutions of 16 and 32 filters, each with max pooling, dense 10: 20,490 weights.',
}

const optimizers: readonly { value: OptimizerName; label: string }[] = [
  { value: 'sgd', label: 'SGD' },
  { value: 'momentum', label: 'Momentum' },
  { value: 'adam', label: 'Adam' },
]

/** A learning rate that each works well with. */
const usualRates: Record<OptimizerName, number> = { sgd: 0.1, momentum: 0.02, adam: 0.001 }

const rates = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.3, 1]
const batchSizes = [16, 32, 64, 128, 256, 512]
const epochCounts = [1, 2, 5, 10, 20]

const asOptions = (values: readonly number[], current: number) =>
  [...new Set([...values, current])]
    .sort((a, b) => a - b)
    .map((value) => [String(value), String(value)] as const)

/** What to train, and how. The learning rate may change in the middle of a run. */
export function SettingsForm() {
  const { architecture, optimizer, learningRate, batchSize } = settings.value
  const isFixed = phase.value !== 'idle'
  const change = reporting(choose)
  return (
    <form class="stack" onSubmit={(event) => event.preventDefault()}>
      <Segments
        label="Model"
        value={architecture}
        options={models}
        disabled={isFixed}
        onChange={(value) => change({ architecture: value })}
      />
      <p class="hint">{descriptions[architecture]}</p>
      <Segments
        label="Optimiser"
        value={optimizer}
        options={optimizers}
        disabled={isFixed}
        onChange={(value) => change({ optimizer: value, learningRate: usualRates[value] })}
      />
      <div class="fields">
        <Field
          label="Learning rate"
          value={String(learningRate)}
          options={asOptions(rates, learningRate)}
          onChange={(value) => change({ learningRate: Number(value) })}
        />
        <Field
          label="Batch"
          value={String(batchSize)}
          options={asOptions(batchSizes, batchSize)}
          disabled={isFixed}
          onChange={(value) => change({ batchSize: Number(value) })}
        />
        <Field
          label="Epochs"
          value={String(epochs.value)}
          options={asOptions(epochCounts, epochs.value)}
          disabled={phase.value === 'running' || phase.value === 'ending'}
          onChange={(value) => {
            epochs.value = Number(value)
          }}
        />
      </div>
    </form>
  )
}
