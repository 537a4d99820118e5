/** Who listens on a port: an error that names the process saves the search for it. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'

/** True when nothing listens at `host:port`. */
export function portIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

const LISTEN_STATE = '0A'
const COMMAND_CHARACTERS = 120

/** `pid 4711 (java -Xmx1G ...)`, best effort: null when it cannot be told (another user's process, another system). */
export function portHolder(port: number, characters = COMMAND_CHARACTERS): string | null {
  const pid = process.platform === 'linux' ? holderFromProc(port) : holderFromLsof(port)
  if (pid === null) return null
  const command = commandLine(pid)
  const shown = command.length > characters ? `${command.slice(0, characters)}...` : command
  return command === '' ? `pid ${pid}` : `pid ${pid} (${shown})`
}

function holderFromProc(port: number): number | null {
  const inodes = new Set<string>()
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    if (!fs.existsSync(table)) continue
    for (const line of fs.readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      if (fields[1]?.endsWith(suffix) && fields[3] === LISTEN_STATE) inodes.add(`socket:[${fields[9]}]`)
    }
  }
  if (inodes.size === 0) return null
  const pids = fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return pids.map(Number).find((pid) => holdsSocket(pid, inodes)) ?? null
}

function holdsSocket(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return inodes.has(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}

function holderFromLsof(port: number): number | null {
  const { stdout } = spawnSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' })
  const pid = Number((stdout ?? '').split('\n')[0])
  return pid > 0 ? pid : null
}

function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
  } catch {
    return (spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '').trim()
  }
}
