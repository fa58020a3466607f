import { signedLeb } from './byte-writer.ts'
import { type Code, Operation } from './code.ts'
import { binary, load, store, unary } from './operations.ts'

const compare = (opcode: number) => binary<'i32', 'i32'>([opcode], 'i32')

export const i32 = {
  const: (value: number): Code<'i32'> => new Operation('i32', [0x41], [], signedLeb(value)),
  load: load([0x28], 2, 'i32'),
  load8U: load([0x2d], 0, 'i32'),
  store: store<'i32'>([0x36], 2),
  store8: store<'i32'>([0x3a], 0),
  store16: store<'i32'>([0x3b], 1),
  eqz: unary<'i32', 'i32'>([0x45], 'i32'),
  eq: compare(0x46),
  ne: compare(0x47),
  ltS: compare(0x48),
  ltU: compare(0x49),
  gtS: compare(0x4a),
  gtU: compare(0x4b),
  leS: compare(0x4c),
  leU: compare(0x4d),
  geS: compare(0x4e),
  geU: compare(0x4f),
  add: compare(0x6a),
  sub: compare(0x6b),
  mul: compare(0x6c),
  divS: compare(0x6d),
  divU: compare(0x6e),
  remS: compare(0x6f),
  remU: compare(0x70),
  and: compare(0x71),
  or: compare(0x72),
  xor: compare(0x73),
  shl: compare(0x74),
  shrS: compare(0x75),
  shrU: compare(0x76),
  /** `condition` chooses `a`, 0 chooses `b`. */
  select: (a: Code<'i32'>, b: Code<'i32'>, condition: Code<'i32'>): Code<'i32'> =>
    new Operation('i32', [0x1b], [a, b, condition]),
}
