/** An Apache Kafka on this machine, which KAFKA_HOME names: what runs on Java alone is run by its own scripts. */
import * as fs from 'node:fs'
import * as path from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** A directory with `bin/*.sh` and `libs/*.jar`. */
export interface KafkaHome {
  readonly directory: string
  /** Path of `bin/NAME`; null where there is none. */
  script(name: string): string | null
  /** Path of the jar of this name, `connect-file`, whatever its version; null where there is none. */
  jar(name: string): string | null
}

/** null where KAFKA_HOME is not set, or names no Apache Kafka: kt's own package has scripts of these names, and no jars. */
export function findKafkaHome(env: Environment): KafkaHome | null {
  const directory = env.KAFKA_HOME
  if (directory === undefined || directory === '' || !fs.existsSync(path.join(directory, 'libs'))) return null
  const home = path.resolve(directory)
  return {
    directory: home,
    script(name) {
      const file = path.join(home, 'bin', name)
      return fs.existsSync(file) ? file : null
    },
    jar(name) {
      const isIt = (file: string): boolean =>
        file.startsWith(`${name}-`) && /^\d[^/]*\.jar$/.test(file.slice(name.length + 1))
      const found = fs.readdirSync(path.join(home, 'libs')).find(isIt)
      return found === undefined ? null : path.join(home, 'libs', found)
    },
  }
}
