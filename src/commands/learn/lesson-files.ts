/** Files of a lesson, below `$KT_HOME/learn/files`: the directory of each is its own, and goes with it. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { CommandContext } from '../../cli/context.ts'
import { ktHome } from '../../cluster/cluster-directory.ts'
import type { LessonFiles } from '../../learn/facts/facts.ts'

/** A lesson's files are small; what a learner puts there is not read further. */
const MAX_READ_BYTES = 1024 * 1024

export function lessonFiles(env: CommandContext['env'], lesson: number): LessonFiles {
  const directory = path.join(ktHome(env), 'learn', 'files', String(lesson))
  const file = (name: string): string => path.join(directory, path.basename(name))
  return {
    directory,
    read(name) {
      try {
        return fs.readFileSync(file(name)).subarray(0, MAX_READ_BYTES).toString('utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    write(name, text) {
      fs.mkdirSync(directory, { recursive: true })
      fs.writeFileSync(file(name), text)
    },
    clear() {
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}
