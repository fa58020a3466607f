import type { ComponentType } from 'preact'

/** A part of the page with a tab of its own, loaded when it is first shown. */
export interface ViewEntry {
  /** In the address, `#train`. */
  readonly id: string
  readonly title: string
  load(): Promise<ComponentType>
}

export const views: readonly [ViewEntry, ...ViewEntry[]] = [
  {
    id: 'train',
    title: 'Train',
    load: async () => (await import('./train/train-view.tsx')).TrainView,
  },
  {
    id: 'draw',
    title: 'Draw',
    load: async () => (await import('./draw/draw-view.tsx')).DrawView,
  },
  {
    id: 'gan',
    title: 'GAN',
    load: async () => (await import('./gan/gan-view.tsx')).GanView,
  },
  {
    id: 'kernels',
    title: 'Kernels',
    load: async () => (await import('./kernels/kernels-view.tsx')).KernelsView,
  },
  {
    id: 'race',
    title: 'Race',
    load: async () => (await import('./race/race-view.tsx')).RaceView,
  },
]
