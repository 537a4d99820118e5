/** `kt doctor`: what kt needs and what it finds, looked at from top to bottom. Nothing is changed, nothing is started. */

import { chosenProfile } from '../../cli/chosen-profile.ts'
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import { addConnectionOptions, type ConnectionFlags, defineCommand, targetOfFlags } from '../../cli/own-command.ts'
import { withShellTarget } from '../../cli/shell-target.ts'
import type { Finding, State } from './findings.ts'

interface DoctorFlags extends ConnectionFlags {
  readonly format?: string
}

/** Something is broken: for scripts. */
const BROKEN = 1

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'What kt needs and what it finds: this machine, the local cluster, where commands connect, the terminal',
  examples: [
    { command: 'kt doctor', does: 'everything; exit code 1 when something is broken' },
    {
      command: 'kt doctor --bootstrap-server localhost:9092',
      does: 'another cluster: every broker by its advertised address',
    },
    { command: 'kt doctor --format json', does: 'the same for a program, or for a report' },
  ],
  configure(command, act) {
    addConnectionOptions(command)
      .option('--format <json|yaml>', 'print a documented structure instead of text')
      .action(act(examine))
  },
})

async function examine(_: readonly string[], flags: DoctorFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const findings = await find(flags, context)
  const isBroken = findings.some(({ state }) => state === 'broken')
  if (format === undefined) context.stdout.write(await text(findings, context))
  else
    context.stdout.write(
      formatDocument(format, 'Diagnosis', { isBroken, findings: findings.map((each) => ({ ...each })) }),
    )
  return isBroken ? BROKEN : OK
}

async function find(flags: DoctorFlags, context: CommandContext): Promise<Finding[]> {
  const { env } = context
  const [of, { localClusterStatus }, { portIsFree, portHolder }] = await Promise.all([
    import('./findings.ts'),
    import('../../cluster/local-status.ts'),
    import('../../cluster/port-holder.ts'),
  ])
  const status = localClusterStatus({ env })
  const isTaken = async (port: number): Promise<string | null> =>
    (await portIsFree('127.0.0.1', port)) ? null : (portHolder(port) ?? 'a process that cannot be seen from here')
  const target = await targetOf(flags, context)
  return [
    of.machineFinding(),
    of.nodeFinding(process.version),
    of.homeFinding(env),
    of.environmentFinding(env),
    of.clusterFinding(status),
    ...(status.exists ? [] : [await of.portFinding(isTaken)]),
    ...(target === null
      ? [
          {
            name: 'connection',
            state: 'ok' as const,
            seen: 'no cluster: a command that needs one starts the local one',
          },
        ]
      : await of.connectionFindings(target, context)),
    of.terminalFinding(context),
  ]
}

/** Where every command would go; null where it would start a cluster first. */
async function targetOf(flags: DoctorFlags, { env }: CommandContext): Promise<ConnectionTarget | null> {
  const target = withShellTarget(targetOfFlags(flags), env)
  const { bootstrapServer, commandConfig, profile } = target
  const isNamed = (bootstrapServer ?? commandConfig ?? profile) !== undefined || Boolean(env.KT_BOOTSTRAP_SERVER)
  if (isNamed || chosenProfile(target, env) !== null) return target
  const [{ findLocalCluster }, { findHandStarted }] = await Promise.all([
    import('../../cluster/local-cluster.ts'),
    import('../../cluster/hand-started.ts'),
  ])
  return findLocalCluster({ env }) !== null || findHandStarted(env) !== null ? target : null
}

const WORDS: Readonly<Record<State, string>> = { ok: 'ok', look: 'look', broken: 'BROKEN' }

async function text(findings: readonly Finding[], { colours }: CommandContext): Promise<string> {
  const { good, warning, bad, name: named } = await colours()
  const paint = { ok: good, look: warning, broken: bad }
  const width = Math.max(...findings.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 10)
  const lines = findings.flatMap(({ name, state, seen, facts = [], next }) => {
    const word = `${paint[state](WORDS[state])}${' '.repeat(8 - WORDS[state].length)}`
    const advice = next === undefined ? [] : [`${indent}next: ${named(next)}`]
    return [`${word}${name.padEnd(width)}  ${seen}`, ...facts.map((fact) => indent + fact), ...advice]
  })
  return `${lines.join('\n')}\n`
}
