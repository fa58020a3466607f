import { resolve } from 'node:path'
import { Command } from 'commander'
import { pack, thisPlatform } from './pack.ts'

await new Command('pack')
  .description('Makes a folder with the GPU benchmark that needs nothing but Node.')
  .argument('<folder>', 'where to; it is made if it is not there')
  .option('--platform <name>', 'whose Dawn goes in', thisPlatform)
  .action(async (folder: string, { platform }: { platform: string }) => {
    // npm runs scripts in the folder of the workspace, and says where it was started.
    const target = resolve(process.env.INIT_CWD ?? '.', folder)
    await pack(target, { platform })
    console.log(`Packed. Carry ${target} elsewhere, and there: node main.js`)
  })
  .parseAsync()
