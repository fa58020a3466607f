import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { report } from '../../app/errors.ts'
import { side } from '../../data/mnist.ts'
import { PixelGrid } from '../../ui/pixel-grid.tsx'
import { Segments } from '../../ui/segments.tsx'
import { services } from '../../worker/client.ts'
import type { Architecture } from '../../worker/digit-settings.ts'
import { DrawingPad } from './drawing-pad.tsx'
import { Probabilities, verdictOf } from './probabilities.tsx'
import {
  answer,
  classifier,
  clear,
  method,
  pixels,
  sample,
  startRecognizing,
  strokes,
  undoStroke,
} from './recognizing.ts'
import { RelevanceMap } from './relevance-map.tsx'
import { Samples } from './samples.tsx'
import '../paper.css'
import './draw.css'

/** Draw a digit: a classifier says what it is, and why. */
export function DrawView() {
  useEffect(startRecognizing, [])
  return (
    <div class="draw">
      <section class="card stack" aria-label="Drawing">
        <Paper />
        <Buttons />
        <ClassifierChooser />
      </section>
      <section class="stack results" aria-label="Results">
        <p role="status" class="verdict">
          {verdictOf(answer.value)}
        </p>
        <div class="answer">
          <div class="stack">
            <Probabilities answer={answer.value} />
            <Samples />
          </div>
          <Relevance />
        </div>
      </section>
    </div>
  )
}

/** The drawing, or the digit of the test set that was chosen instead. */
function Paper() {
  const chosen = sample.value
  return (
    <div class="paper">
      <DrawingPad />
      {pixels.value === undefined && <p class="hint">Draw here</p>}
      {chosen !== undefined && (
        <PixelGrid
          label={`A ${chosen.digit} from the test set`}
          pixels={chosen.pixels}
          width={side}
          height={side}
        />
      )}
    </div>
  )
}

function Buttons() {
  const isDrawn = strokes.value.length > 0
  return (
    <div class="actions">
      <button type="button" disabled={!isDrawn} onClick={undoStroke}>
        Undo
      </button>
      <button type="button" disabled={!isDrawn && sample.value === undefined} onClick={clear}>
        Clear
      </button>
    </div>
  )
}

const descriptions: Record<Architecture, string> = {
  mlp: 'Your own, of dense layers.',
  conv: 'Your own, of convolutions.',
}

/** The model that ships with the page, or the visitor's own. */
function ClassifierChooser() {
  const own = useSignal<Architecture | undefined>(undefined)
  useEffect(() => {
    services.draw.trained().then((settings) => {
      own.value = settings?.architecture
    }, report)
  }, [])
  const isOwn = classifier.value === 'trained' && own.value !== undefined
  return (
    <>
      <Segments
        label="Model"
        value={classifier.value}
        onChange={(name) => {
          classifier.value = name
        }}
        options={[
          { value: 'shipped', label: 'Ready-made' },
          {
            value: 'trained',
            label: 'Your own',
            problem: own.value === undefined ? 'Train a model in the first view.' : undefined,
          },
        ]}
      />
      <p class="hint">
        {isOwn && own.value !== undefined
          ? descriptions[own.value]
          : 'A conv net that ships with this page: it knows 99 of 100 test digits.'}
        {own.value === undefined && ' For one of your own, train it in the first view.'}
      </p>
    </>
  )
}

/** Which pixels mattered, and how that is found out. */
function Relevance() {
  const { value } = answer
  return (
    <figure class="stack relevance">
      <figcaption>{value === undefined ? 'Why?' : `Why a ${value.explained}?`}</figcaption>
      <div class="paper">
        {value === undefined ? (
          <p class="hint">The pixels that mattered will be here.</p>
        ) : (
          <RelevanceMap pixels={value.pixels} relevance={value.relevance} digit={value.explained} />
        )}
      </div>
      <p class="key">
        <span class="for">speaks for it</span> <span class="against">speaks against it</span>
      </p>
      <Segments
        label="Method"
        value={method.value}
        onChange={(name) => {
          method.value = name
        }}
        options={[
          { value: 'integrated-gradients', label: 'Integrated gradients' },
          { value: 'gradient-times-input', label: 'Gradient × input' },
        ]}
      />
    </figure>
  )
}
