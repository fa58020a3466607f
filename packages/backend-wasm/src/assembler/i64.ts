import { signedLeb } from './byte-writer.ts'
import { type Code, Operation } from './code.ts'
import { binary, load, store } from './operations.ts'

export const i64 = {
  /** An integer within int32. */
  const: (value: number): Code<'i64'> => new Operation('i64', [0x42], [], signedLeb(value)),
  load: load([0x29], 3, 'i64'),
  store: store<'i64'>([0x37], 3),
  gtS: binary<'i64', 'i32'>([0x55], 'i32'),
  /** `condition` chooses `a`, 0 chooses `b`. */
  select: (a: Code<'i64'>, b: Code<'i64'>, condition: Code<'i32'>): Code<'i64'> =>
    new Operation('i64', [0x1b], [a, b, condition]),
}
