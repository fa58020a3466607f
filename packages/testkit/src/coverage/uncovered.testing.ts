import { type Profiler, Session } from 'node:inspector/promises'

/** A piece of code that never ran. */
export interface UncoveredBlock {
  /** Path within the folder that was watched. */
  readonly file: string
  /** The code in one line, without comments and types. */
  readonly code: string
  /** The lines that it lies in. */
  readonly lines: string
}

/**
 * Runs `body` and returns the blocks of code that it left out: branches, operands behind `&&`, `||`
 * and `??`, and whole functions, in all modules below `folder`.
 */
export async function uncoveredBlocks(
  folder: string,
  body: () => Promise<void>,
): Promise<UncoveredBlock[]> {
  const session = new Session()
  session.connect()
  await session.post('Debugger.enable')
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  await body()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  const blocks: UncoveredBlock[] = []
  for (const { scriptId, url, functions } of result) {
    const at = url.indexOf(folder)
    if (at < 0) continue
    const file = url.slice(at + folder.length)
    const { scriptSource } = await session.post('Debugger.getScriptSource', { scriptId })
    for (const { startOffset, endOffset } of functions.flatMap(unreached)) {
      const from = scriptSource.lastIndexOf('\n', startOffset) + 1
      const to = scriptSource.indexOf('\n', endOffset)
      const code = oneLine(scriptSource.slice(startOffset, endOffset))
      blocks.push({ file, code, lines: oneLine(scriptSource.slice(from, to)) })
    }
  }
  session.disconnect()
  return blocks
}

function unreached({ ranges }: Profiler.FunctionCoverage): Profiler.CoverageRange[] {
  return ranges.filter(({ count }) => count === 0)
}

function oneLine(code: string): string {
  return code
    .replaceAll(/\/\*.*?\*\//gs, ' ')
    .replaceAll(/\/\/.*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
