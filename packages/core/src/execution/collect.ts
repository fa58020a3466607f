import { collectionCount } from '../graph/lifetime.ts'
import { heldBytes } from '../graph/storage.ts'
import { nextTask } from './next-task.ts'

// JavaScript engines collect garbage when their own heap grows. What tensors hold elsewhere they do
// not see, and they tell of what was collected only between tasks. So long loops that merely await
// reads get a task of their own now and then, and a collection when they hold a lot more than before:
// what is disposed of leaves nothing to collect.

/** Milliseconds after which a read lets other tasks run. */
const maxTurnMs = 20

/** Bytes held beyond the least since the last collection, after which dead tensors are looked for. */
const maxGrownByteLength = 2 ** 28

const rounds = 8

let turnStart = Date.now()
let leastHeld = 0
let collectionsSeen = 0

/** Lets other tasks run, if that is due; undefined if not. */
export function letOthersRun(): Promise<void> | undefined {
  if (collectionsSeen !== collectionCount()) noteCollection()
  leastHeld = Math.min(leastHeld, heldBytes())
  if (heldBytes() - leastHeld > maxGrownByteLength) return collectDead()
  // Clocks may be set back.
  return Math.abs(Date.now() - turnStart) > maxTurnMs ? newTurn() : undefined
}

/** Provokes a collection; what it finds dead gives its buffers back. */
export async function collectDead(): Promise<void> {
  const before = collectionCount()
  for (let round = 0; round < rounds && collectionCount() === before; round++) {
    provokeCollection()
    await newTurn()
  }
  // Finalisers of other kinds have tasks of their own.
  await newTurn()
  noteCollection()
}

function noteCollection(): void {
  collectionsSeen = collectionCount()
  leastHeld = heldBytes()
}

/** Engines count memory of array buffers as a reason to collect, even where nobody writes to it. */
function provokeCollection(): void {
  try {
    // Bundlers would drop an array buffer that nobody uses.
    Reflect.construct(ArrayBuffer, [2 ** 29])
  } catch {
    // No address space for it: then there is pressure enough.
  }
}

async function newTurn(): Promise<void> {
  await nextTask()
  turnStart = Date.now()
}
