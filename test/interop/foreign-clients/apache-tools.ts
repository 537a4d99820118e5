/** Apache's own scripts pointed at one cluster. */
import { expect } from 'vitest'
import { runScript, type ScriptOptions, type ScriptResult } from '../../support/apache-kafka.ts'

export class ApacheTools {
  readonly #home: string
  readonly #bootstrapServers: string

  constructor(home: string, bootstrapServers: string) {
    this.#home = home
    this.#bootstrapServers = bootstrapServers
  }

  /** Runs `bin/kafka-<name>.sh --bootstrap-server ... ARGS` and gives what happened. */
  run(name: string, args: readonly string[], options: ScriptOptions = {}): Promise<ScriptResult> {
    return this.offline(name, [...args, '--bootstrap-server', this.#bootstrapServers], options)
  }

  /** The same without a cluster. */
  offline(name: string, args: readonly string[], options: ScriptOptions = {}): Promise<ScriptResult> {
    return runScript(this.#home, `kafka-${name}`, args, options)
  }

  /** The stdout of a run that must succeed. */
  async stdout(name: string, args: readonly string[], options: ScriptOptions = {}): Promise<string> {
    const result = await this.run(name, args, options)
    expect(result, `kafka-${name} ${args.join(' ')}`).toMatchObject({ code: 0 })
    return result.stdout
  }

  /** Pipes lines into kafka-console-producer. */
  async produce(topic: string, lines: readonly string[], flags: readonly string[] = []): Promise<void> {
    const result = await this.run('console-producer', ['--topic', topic, ...flags], { input: joined(lines) })
    expect(result).toMatchObject({ code: 0, stdout: '' })
    // A topic that is created by being asked for is unknown to the first question.
    expect(result.stderr).not.toMatch(/ERROR|WARN(?!.*UNKNOWN_TOPIC_OR_PARTITION)/)
  }

  /** The lines kafka-console-consumer prints before it has `count` records; it must get as many. */
  async consume(count: number, flags: readonly string[]): Promise<string[]> {
    const args = ['--max-messages', String(count), '--timeout-ms', '20000', ...flags]
    const { stdout, stderr } = await this.run('console-consumer', args)
    expect(stderr).toContain(`Processed a total of ${count} messages`)
    return stdout.split('\n').slice(0, -1)
  }
}

/** Whole lines, each with its end. */
export function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

/** Rows of a table of kafka-consumer-groups: cells stand where the column's name in the first row stands. */
export function table(text: string): Record<string, string>[] {
  const [head = '', ...rows] = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(Consumer group|Warning: )/.test(line))
  const columns = [...head.matchAll(/\S+( \S+)*/g)].map((match) => ({ name: match[0], from: match.index }))
  const cell = (row: string, index: number): string => row.slice(columns[index]!.from, columns[index + 1]?.from).trim()
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, cell(row, index)])))
}
