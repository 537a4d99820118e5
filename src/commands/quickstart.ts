/** `kt quickstart`: the main job, step by step, on an order log that comes with the package. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { KtError } from '../base/errors.ts'
import { SINGLE_COMMANDS } from '../cli/command-table.ts'
import type { CommandContext } from '../cli/context.ts'
import { formatDocument, formatNamed } from '../cli/format.ts'
import { runNested } from '../cli/nested.ts'
import { type Action, addFormatOption, defineCommand } from '../cli/own-command.ts'
import { type QuickstartOptions, type QuickstartShell, quickstart as runQuickstart } from '../learn/quickstart.ts'

interface QuickstartFlags {
  readonly bootstrapServer?: string
  readonly port?: string
  readonly format?: string
}

export const quickstart = defineCommand({
  name: 'quickstart',
  summary:
    'Start a cluster, create a topic, send and read real records, see leaders, ISR, offsets and lag; all verified.',
  examples: [
    { command: 'kt quickstart', does: 'the whole tour on the local cluster, in seconds' },
    { command: 'kt quickstart --bootstrap-server host:9092', does: 'the same on a cluster that is there already' },
    { command: 'kt quickstart --port 0', does: 'the same; a cluster that has to be started takes free ports' },
  ],
  configure(command, act) {
    addFormatOption(command)
      .option('--bootstrap-server <servers>', 'use this cluster; nothing is started')
      .option('--port <port>', 'first port of the local cluster when it has to be started (0 takes free ones)')
      .action(act(start))
  },
})

/** Beside the built modules in the package, beside the source in development. */
function ordersFile(): string {
  for (const place of ['./orders.log', '../learn/orders.log', '../../src/learn/orders.log']) {
    const file = fileURLToPath(new URL(place, import.meta.url))
    if (fs.existsSync(file)) return file
  }
  throw new KtError('storage', 'orders.log is missing from the installation', { next: 'npm install -g kafka-toolkit' })
}

/** The shorter of the path from here and the whole path. */
function typedPath(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.length < file.length ? relative : file
}

/** The local cluster is started unless a cluster was named on the command line or in the environment. */
export function quickstartOptions(flags: QuickstartFlags, env: CommandContext['env'], file: string): QuickstartOptions {
  const named = flags.bootstrapServer ?? (env.KT_BOOTSTRAP_SERVER || undefined)
  return {
    ordersFile: file,
    ordersName: typedPath(file),
    orders: fs.readFileSync(file, 'utf8').trimEnd().split('\n'),
    connection: flags.bootstrapServer === undefined ? [] : ['--bootstrap-server', flags.bootstrapServer],
    startCluster: named !== undefined ? null : flags.port === undefined ? [] : ['--port', flags.port],
  }
}

const start: Action<QuickstartFlags> = async (_words, flags, context) => {
  const format = formatNamed(flags.format)
  const colours = await context.colours()
  // With a document the tour is talk.
  const shown = format === undefined ? context.stdout : context.stderr
  const shell: QuickstartShell = {
    run: (args, inputFile) => runNested(args, context, SINGLE_COMMANDS, inputFile),
    print: (text) => void shown.write(text),
    emphasise: (text) => colours.bold(text),
    monotonic: () => context.clock.monotonic(),
  }
  const summary = await runQuickstart(shell, quickstartOptions(flags, context.env, ordersFile()))
  if (format !== undefined) context.stdout.write(formatDocument(format, 'QuickstartDone', { ...summary }))
  return 0
}
