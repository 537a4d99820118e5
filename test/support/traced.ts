/** `kt trace` in this process, for tests that send others' clients through it. */
import * as net from 'node:net'
import { freePorts } from '../../src/cluster/free-ports.ts'
import { type CommandResult, runCommand } from './run-command.ts'

/** What the proxy told of what `work` did through it; `args` say where the cluster is. */
export async function traced(
  args: readonly string[],
  work: (servers: string) => Promise<unknown>,
): Promise<CommandResult> {
  const [port] = (await freePorts('127.0.0.1', 1)) as [number]
  const ending = new AbortController()
  let early: CommandResult | null = null
  const running = runCommand(['trace', '--listen', `127.0.0.1:${port}`, ...args], { signal: ending.signal })
  void running.then((result) => {
    early = result
  })
  while (early === null && !(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 25))
  try {
    if (early === null) await work(`127.0.0.1:${port}`)
  } finally {
    ending.abort('SIGINT')
  }
  return running
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
