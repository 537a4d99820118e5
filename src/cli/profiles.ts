/**
 * Saved connections: one Java properties file each under `$KT_HOME/profiles`, readable by their owner alone, so that Kafka's
 * own scripts take them with --command-config. `in-use` holds the name of the one that is used when nothing else is said.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { parseProperties } from '../client/java-properties.ts'
import type { Environment } from '../cluster/cluster-directory.ts'
import { IN_USE, profileInUse, profilesDirectory } from './chosen-profile.ts'
import { nearest } from './nearest.ts'

const SUFFIX = '.properties'
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/
/** Owner reads and writes; passwords are in there. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

export class ProfileStore {
  private readonly directory: string

  constructor(env: Environment) {
    this.directory = profilesDirectory(env)
  }

  /** Names in their alphabetical order. */
  list(): string[] {
    if (!fs.existsSync(this.directory)) return []
    const files = fs.readdirSync(this.directory).filter((file) => file.endsWith(SUFFIX))
    const names = files.map((file) => file.slice(0, -SUFFIX.length))
    // Others put there what no command could name.
    return names.filter((name) => NAME.test(name)).sort()
  }

  has(name: string): boolean {
    return fs.existsSync(this.file(name))
  }

  /** Throws a `not-found` `KtError` that names those that are there. */
  mustHave(name: string): void {
    if (!this.has(name)) throw this.notFound(name)
  }

  file(name: string): string {
    return path.join(this.directory, `${checkedName(name)}${SUFFIX}`)
  }

  /** The settings of a profile. Throws `not-found` and `storage` `KtError`s. */
  read(name: string): Map<string, string> {
    this.mustHave(name)
    try {
      return parseProperties(fs.readFileSync(this.file(name), 'utf8'))
    } catch (error) {
      throw new KtError('storage', `Cannot read the profile ${name}`, {
        facts: [(error as Error).message],
        next: `look at ${this.file(name)}`,
        cause: error,
      })
    }
  }

  /** What is wrong with the file's permissions, in one line; null when others cannot read it. */
  exposure(name: string): string | null {
    const mode = fs.statSync(this.file(name)).mode & 0o777
    if ((mode & 0o077) === 0 || process.platform === 'win32') return null
    return `the profile ${name} can be read by others (mode ${mode.toString(8)}): chmod 600 ${this.file(name)}`
  }

  /** Saves a profile; an existing one of this name is replaced. */
  write(name: string, settings: ReadonlyMap<string, string>): void {
    const file = this.file(name)
    const lines = [...settings].map(([key, value]) => `${escapeKey(key)}=${escapeValue(value)}\n`)
    this.replace(file, `# kt profile ${name}\n${lines.join('')}`)
  }

  /** Forgets a profile; when it was in use, none is. */
  remove(name: string): void {
    this.mustHave(name)
    const file = this.file(name)
    storing(file, () => {
      if (this.inUse() === name) this.use(null)
      fs.unlinkSync(file)
    })
  }

  inUse(): string | null {
    return profileInUse({ KT_HOME: path.dirname(this.directory) })
  }

  use(name: string | null): void {
    const file = path.join(this.directory, IN_USE)
    if (name === null) {
      fs.rmSync(file, { force: true })
      return
    }
    this.mustHave(name)
    this.replace(file, `${name}\n`)
  }

  /**
   * Under another name first: nobody ever reads half a profile, nor one with other permissions. A link stays a link, and
   * what it leads to is replaced.
   */
  private replace(file: string, text: string): void {
    storing(file, () => {
      fs.mkdirSync(this.directory, { recursive: true, mode: DIRECTORY_MODE })
      const target = fs.existsSync(file) ? fs.realpathSync(file) : file
      const temporary = `${target}.${process.pid}.tmp`
      try {
        // What an earlier run may have left would keep its permissions.
        fs.rmSync(temporary, { force: true })
        fs.writeFileSync(temporary, text, { mode: FILE_MODE, flag: 'wx', flush: true })
        fs.renameSync(temporary, target)
      } finally {
        fs.rmSync(temporary, { force: true })
      }
    })
  }

  private notFound(name: string): KtError {
    const names = this.list()
    const near = nearest(name, names)
    const facts = near.length > 0 ? [`Did you mean ${near.join(' or ')}?`] : [`profiles: ${names.join(', ') || 'none'}`]
    return new KtError('not-found', `There is no profile ${name}`, {
      facts,
      next: `kt profile add ${name} --bootstrap-server HOST:PORT`,
    })
  }
}

/** Does something to a file; what fails is a `storage` `KtError`. */
function storing(file: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    throw new KtError('storage', `Cannot write ${file}`, { facts: [(error as Error).message], cause: error })
  }
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name
  throw new KtError('usage', `'${name}' cannot name a profile`, {
    facts: ['letters, digits, dot, dash and underscore, at most 64, no dot or dash first'],
  })
}

/** As `java.util.Properties.load` reads it back, from bytes of which each is a character: others are escaped. */
function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\f', '\\f')
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function escapeKey(key: string): string {
  return escapeText(key).replace(/[ :=#!]/g, '\\$&')
}

function escapeValue(value: string): string {
  return escapeText(value).replace(/^ /, '\\ ')
}
