import { describe, expect, it } from 'vitest'
import type { CommandTable } from '../../src/cli/command.ts'
import { JAVA_CLASSES } from '../../src/cli/java-classes.ts'
import { COMMANDS } from '../../src/cli/program.ts'
import { runClassCommand } from '../../src/commands/run-class.ts'
import { runCommand } from '../support/run-command.ts'

const inner: CommandTable = {
  topics: {
    summary: '',
    load: async () => ({
      name: 'topics',
      grammar: async () => ({ summary: '', options: {}, examples: [] }),
      run: async (args, context) => {
        context.stdout.write(args.join(' '))
        return 3
      },
    }),
  },
}
const commands: CommandTable = {
  'run-class': { summary: '', script: 'kafka-run-class.sh', load: async () => runClassCommand(inner) },
}
const run = (line: string) => runCommand(line.split(' '), { commands })

describe('kt run-class', () => {
  it.each([
    'run-class kafka.admin.TopicCommand --list',
    'run-class org.apache.kafka.tools.TopicCommand --list',
    'run-class -name tool -loggc -Xmx1g kafka.admin.TopicCommand --list',
  ])('%s runs the command and exits as it does', async (line) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout }).toEqual({ code: 3, stdout: '--list' })
    expect(stderr).toMatch(/^kt run-class: \S+TopicCommand is `kt topics`\n$/)
  })

  it('refuses a class that nothing stands for, with the nearest it knows', async () => {
    const { code, stdout, stderr } = await run('run-class kafka.admin.TopicComand --list')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('kafka.admin.TopicCommand is `kt topics`')
    expect((await run('run-class com.example.Main')).stderr).toContain('no JVM here')
  })

  it('shows how it is used: asked for on stdout, otherwise on stderr', async () => {
    expect(await run('run-class --help')).toMatchObject({ code: 0, stderr: '' })
    expect(await run('run-class')).toMatchObject({ code: 1, stdout: '' })
  })
})

describe('the classes', () => {
  it('stand for commands, one under each script of Kafka', () => {
    const named = new Set(Object.values(JAVA_CLASSES))
    const scripts = Object.entries(COMMANDS).filter(([, { script, verbsOf }]) => (script ?? verbsOf) !== undefined)
    // Scripts that run no class of their own.
    const without = ['run-class', 'server-stop', 'zookeeper-server-stop']
    const missing = scripts.map(([name]) => name).filter((name) => !named.has(name))
    expect(missing.filter((name) => !without.includes(name))).toEqual([])
  })
})
