import { unsignedLeb } from './byte-writer.ts'
import { type Code, Operation } from './code.ts'
import { load, store } from './operations.ts'

type I32 = Code<'i32'>

const wordAlignment = 2

/** Instructions of the threads proposal on aligned words of memory. */
export const atomic = {
  load: load([0xfe, 0x10], wordAlignment, 'i32'),
  store: store<'i32'>([0xfe, 0x17], wordAlignment),
  /** Adds to a word and gives what it was before. */
  add: (address: I32, value: I32, offset = 0): I32 =>
    new Operation('i32', [0xfe, 0x1e], [address, value], placeOf(offset)),
  /** Wakes up to `count` threads that wait at a word, and gives how many there were. */
  notify: (address: I32, count: I32, offset = 0): I32 =>
    new Operation('i32', [0xfe, 0x00], [address, count], placeOf(offset)),
  /**
   * Waits while a word is `expected`: gives 0 when woken, 1 if it was another from the start, 2
   * after the time in nanoseconds; below 0 means for ever.
   */
  wait: (address: I32, expected: I32, nanoseconds: Code<'i64'>, offset = 0): I32 =>
    new Operation('i32', [0xfe, 0x01], [address, expected, nanoseconds], placeOf(offset)),
}

function placeOf(offset: number): number[] {
  return [wordAlignment, ...unsignedLeb(offset)]
}
