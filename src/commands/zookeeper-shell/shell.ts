/** What can be typed at the shell: looking around. What changed something has a command of Kafka's instead. */
import { KtError } from '../../base/errors.ts'
import { nodeAt, type ZooNode } from './tree.ts'

const HELP = `A read-only view, answered from the cluster's own metadata:
  ls [-R] PATH     names below a path
  get PATH         what is there
  stat PATH        how much is there
  help, quit
Paths: /brokers/ids, /brokers/topics, /controller, /controller_epoch, /cluster/id, /config, /admin, /feature
`

/** What changed ZooKeeper, and the command that changes the cluster now. */
const INSTEAD: readonly (readonly [path: RegExp, next: string])[] = [
  [/^\/admin\/delete_topics/, 'kt topics --delete --topic NAME'],
  [/^\/admin\/reassign_partitions/, 'kt reassign-partitions --execute --reassignment-json-file FILE'],
  [/^\/admin\/preferred_replica/, 'kt leader-election --election-type preferred --all-topic-partitions'],
  [/^\/brokers\/topics/, 'kt topics --delete --topic NAME, --create and --alter'],
  [/^\/brokers\/ids/, 'kt cluster unregister --id ID'],
  [/^\/config/, 'kt configs --alter'],
  [/^\/controller/, 'kt metadata-quorum describe --status; stopping the active controller makes another one lead'],
  [/^\/consumers/, 'kt consumer-groups --reset-offsets'],
]
const WRITES = new Set(['create', 'set', 'delete', 'deleteall', 'rmr', 'setAcl', 'setquota', 'delquota'])

/** Answers one line of words; undefined ends the shell. Throws `KtError` for what is not there or cannot be done. */
export async function answer(root: ZooNode, words: readonly string[]): Promise<string | undefined> {
  const [verb = '', ...rest] = words
  if (verb === '') return ''
  if (verb === 'quit' || verb === 'close') return undefined
  if (verb === 'help') return HELP
  const options = rest.filter((word) => /^-[A-Za-z]$/.test(word))
  const path = rest.find((word) => word.startsWith('/'))
  if (WRITES.has(verb)) throw readOnly(verb, path ?? '/')
  if (!Object.hasOwn(READS, verb)) {
    throw new KtError('usage', `Command not found: ${verb}`, { next: 'help' })
  }
  if (path === undefined)
    throw new KtError('usage', `${verb} needs a path that begins with /`, { next: `${verb} /brokers/ids` })
  const node = await nodeAt(root, path)
  if (node === null) throw new KtError('not-found', `Node does not exist: ${path}`)
  return READS[verb]!(node, path.replace(/(.)\/+$/, '$1'), options)
}

type Read = (node: ZooNode, path: string, options: readonly string[]) => Promise<string>

const READS: Readonly<Record<string, Read>> = {
  ls: list,
  ls2: async (node, path, options) => `${await list(node, path, options)}${await status(node)}`,
  get: async (node, _path, options) => {
    const data = (await node.data?.()) ?? 'null'
    return `${data}\n${options.includes('-s') ? await status(node) : ''}`
  },
  stat: status,
}

async function list(node: ZooNode, path: string, options: readonly string[]): Promise<string> {
  if (options.includes('-R')) return (await below(node, path)).map((each) => `${each}\n`).join('')
  return `[${(await childNames(node)).join(', ')}]\n`
}

async function below(node: ZooNode, path: string): Promise<string[]> {
  const lines = [path]
  const prefix = path === '/' ? '' : path
  for (const [name, child] of (await node.children?.()) ?? []) lines.push(...(await below(child, `${prefix}/${name}`)))
  return lines
}

async function status(node: ZooNode): Promise<string> {
  const data = await node.data?.()
  const children = await childNames(node)
  return `dataLength = ${data === undefined ? 0 : Buffer.byteLength(data)}\nnumChildren = ${children.length}\n`
}

async function childNames(node: ZooNode): Promise<string[]> {
  return [...((await node.children?.()) ?? new Map<string, ZooNode>()).keys()]
}

function readOnly(verb: string, path: string): KtError {
  const next = INSTEAD.find(([pattern]) => pattern.test(path))?.[1]
  return new KtError('usage', `${verb} ${path}: this view is read-only, there is no ZooKeeper behind it`, {
    ...(next === undefined ? {} : { next }),
  })
}
