/** Runs a script of Apache Kafka as a part of this command: its output is this command's, Ctrl-C ends it. */
import { spawn } from 'node:child_process'
import { KtError } from '../base/errors.ts'
import type { CommandContext, Output } from '../cli/context.ts'

/** Resolves to its exit code. Throws `KtError` where it cannot be started. */
export async function runKafkaScript(
  script: string,
  args: readonly string[],
  { env, signal, stdout, stderr }: Pick<CommandContext, 'env' | 'signal' | 'stdout' | 'stderr'>,
): Promise<number> {
  const child = spawn(script, [...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const pass = (from: NodeJS.ReadableStream, to: Output): void => {
    from.on('data', (chunk: Buffer) => {
      if (to.write(chunk)) return
      from.pause()
      void to.drain().then(() => from.resume())
    })
  }
  pass(child.stdout, stdout)
  pass(child.stderr, stderr)
  const end = (): void => void child.kill(signal.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM')
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => resolve(code ?? 1))
    })
  } catch (error) {
    const facts = [(error as Error).message]
    throw new KtError('not-found', `${script} cannot be started`, { facts, cause: error })
  } finally {
    signal.removeEventListener('abort', end)
  }
}
