import { useSignal } from '@preact/signals'
import { byteText, countText, timeText } from '../../ui/amounts.ts'
import { Figures } from '../../ui/figures.tsx'
import { Segments } from '../../ui/segments.tsx'
import type { KernelReport } from '../../worker/kernels/measurement.ts'
import type { KernelSource } from '../../worker/kernels/source-of.ts'
import { source } from './kernels-state.ts'

const absences = {
  loading: 'Loading the source …',
  missing: 'The source could not be loaded: select the kernel to try again.',
}

type Shown = 'loops' | 'code'

/** A kernel in full: what it costs, and its source. */
export function SourcePane({ kernel }: { readonly kernel: KernelReport }) {
  const wanted = useSignal<Shown>('code')
  const { number, label, elapsedMs, byteLength, operations } = kernel
  const perSecond = 1000 / elapsedMs
  return (
    <>
      <h2>
        {number}. {label}
      </h2>
      <Figures
        figures={[
          { name: 'Time', value: timeText(elapsedMs) },
          {
            name: 'Bytes read and written',
            value: byteText(byteLength),
            note: `${byteText(byteLength * perSecond)} per second`,
          },
          {
            name: 'Operations',
            value: operations === undefined ? undefined : countText(operations),
            note: operations === undefined ? '' : `${countText(operations * perSecond)} per second`,
          },
        ]}
      />
      {typeof source.value === 'string' ? (
        <p class="status">{absences[source.value]}</p>
      ) : (
        <Source source={source.value} label={`Source of kernel ${number}`} wanted={wanted} />
      )}
    </>
  )
}

interface SourceProps {
  readonly source: KernelSource
  readonly label: string
  readonly wanted: { value: Shown }
}

function Source({ source: { loops, code }, label, wanted }: SourceProps) {
  const shown: Shown = code === undefined ? 'loops' : wanted.value
  return (
    <>
      <Segments
        label="Source"
        value={shown}
        options={[
          { value: 'loops', label: 'Loops' },
          {
            value: 'code',
            label: code?.language ?? 'Code',
            problem: code === undefined ? 'The cpu backend generates no code.' : undefined,
          },
        ]}
        onChange={(value) => {
          wanted.value = value
        }}
      />
      <p class="hint">{hints[shown === 'loops' && code === undefined ? 'interpreted' : shown]}</p>
      <textarea
        class="source"
        aria-label={label}
        readOnly
        spellcheck={false}
        wrap="off"
        value={shown === 'code' ? code?.text : loops}
      />
    </>
  )
}

const hints = {
  interpreted:
    'The cpu backend makes no code of this: typed arrays go through these loops, many elements an instruction.',
  loops: 'What the compiler asks of every backend: loops, and the program inside of them.',
  code: 'What the backend made of these loops, for these very shapes.',
}
