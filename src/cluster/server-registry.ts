/** Nodes that a person started by hand, so that `kt server-stop` finds them: one small file each under `$KT_HOME/servers`. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { type Environment, ktHome } from './cluster-directory.ts'
import { type NodeProcess, processState } from './node-process.ts'

export function serversDirectory(env: Environment): string {
  return path.join(ktHome(env), 'servers')
}

/** Where the process `pid` writes that it runs. */
export function serverFile(env: Environment, pid: number): string {
  return path.join(serversDirectory(env), `${pid}.json`)
}

/** Those that live; what dead ones left behind is removed. */
export function registeredServers(env: Environment): { readonly file: string; readonly node: NodeProcess }[] {
  const directory = serversDirectory(env)
  if (!fs.existsSync(directory)) return []
  const files = fs.readdirSync(directory).filter((name) => /^\d+\.json$/.test(name))
  return files.flatMap((name) => {
    const file = path.join(directory, name)
    const node = readServer(file)
    if (node !== null && processState(node) !== 'gone') return [{ file, node }]
    fs.rmSync(file, { force: true })
    return []
  })
}

function readServer(file: string): NodeProcess | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as NodeProcess
  } catch {
    return null
  }
}
