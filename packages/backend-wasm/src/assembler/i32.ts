import { signedLeb } from './byte-writer.ts'
import { type Code, Operation } from './code.ts'
import { binary, load, store, unary } from './operations.ts'

const compare = (opcode: number) => binary<'i32', 'i32'>([opcode], 'i32')

export const i32 = {
  const: (value: number): Code<'i32'> => new Operation('i32', [0x41], [], signedLeb(value)),
  load: load([0x28], 2, 'i32'),
  load8U: load([0x2d], 0, 'i32'),
  store: store<'i32'>([0x36], 2),
  eqz: unary<'i32', 'i32'>([0x45], 'i32'),
  eq: compare(0x46),
  ne: compare(0x47),
  ltS: compare(0x48),
  ltU: compare(0x49),
  gtU: compare(0x4b),
  leS: compare(0x4c),
  add: compare(0x6a),
  sub: compare(0x6b),
  mul: compare(0x6c),
  divU: compare(0x6e),
  remU: compare(0x70),
  and: compare(0x71),
  shl: compare(0x74),
  shrU: compare(0x76),
  /** `condition` chooses `a`, 0 chooses `b`. */
  select: (a: Code<'i32'>, b: Code<'i32'>, condition: Code<'i32'>): Code<'i32'> =>
    new Operation('i32', [0x1b], [a, b, condition]),
}
