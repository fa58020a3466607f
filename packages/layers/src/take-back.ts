let builds: (() => void)[] | undefined

/** Says how to take a build back; called by layers as they make weights. */
export function noteBuild(takeBack: () => void): void {
  builds?.push(takeBack)
}

/** Runs a function; where it throws, what layers of this package built in it is unbuilt again. */
export function takingBack(run: () => void): void {
  const noted: (() => void)[] = []
  builds = noted
  try {
    run()
  } catch (error) {
    for (const takeBack of noted) takeBack()
    throw error
  } finally {
    builds = undefined
  }
}
