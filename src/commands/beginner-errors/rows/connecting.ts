/** Nobody answers, or answers and sends us to an address where nobody answers. */

import { bringBack, list } from '../facts.ts'
import type { Found } from '../found.ts'
import { fateOf } from '../local-nodes.ts'
import type { Look, PortState } from '../look.ts'
import type { Said } from '../said.ts'
import type { BeginnerError } from '../types.ts'

/** Ports on which brokers, or what was taken for one, are looked for. */
const USUAL_PORTS: readonly number[] = [9092, 9093, 9094, 19092, 29092, 2181]
const SERVER = /(?:\b[\w.-]+\/)?\b([\w.-]+|\[[\da-f:]+\]):(\d{2,5})\b/i
const PORT_WORDS: Readonly<Record<PortState, string>> = {
  open: 'something listens there',
  closed: 'connection refused, nothing listens on this port',
  silent: 'no answer',
  'unknown host': 'the name does not resolve',
}

interface Server {
  readonly host: string
  readonly port: number
}

/** The first address that the message names, else the one that was asked for. */
function serverOf(said: Said): Server | null {
  const given = said.option('bootstrap-server')
  const found = SERVER.exec(said.text) ?? (given === undefined ? null : SERVER.exec(given))
  return found === null ? null : { host: found[1]!.replace(/^\[|\]$/g, ''), port: Number(found[2]) }
}

const isHere = (host: string): boolean => /^(localhost|127\.|::1$)/.test(host)

/** Whether the address itself answers, and on a host of ours which ports do. */
async function tellPorts(said: Said, look: Look, found: Found): Promise<void> {
  const server = serverOf(said)
  if (server === null) return
  const { host, port } = server
  const state = await look.port(host, port)
  if (!said.text.includes(PORT_WORDS[state])) found.fact(`${host}:${port}: ${PORT_WORDS[state]}`)
  if (state === 'open') {
    found.because('Something listens on this port by now, or it is not a broker that speaks as we do.')
    found.do({ run: `kt broker-api-versions --bootstrap-server ${host}:${port}`, does: 'whether it is a Kafka broker' })
    return
  }
  const others = USUAL_PORTS.filter((each) => each !== port)
  const states = await Promise.all(others.map((each) => look.port(host, each)))
  const open = others.filter((_, at) => states[at] === 'open')
  const what = open.map((each) => (each === 2181 ? '2181 (where ZooKeeper was, not a broker)' : each))
  found.fact(`open on ${host} among the usual ports: ${open.length === 0 ? 'none' : list(what)}`)
  await suggest(server, open, look, found)
}

async function suggest({ host }: Server, open: readonly number[], look: Look, found: Found): Promise<void> {
  const broker = open.find((port) => port !== 2181)
  if (broker !== undefined) {
    found.do({
      run: `kt broker-api-versions --bootstrap-server ${host}:${broker}`,
      does: 'whether a broker answers there',
    })
    return
  }
  if (!isHere(host)) return
  const { findLocalCluster } = await import('../../../cluster/local-cluster.ts')
  const local = findLocalCluster({ env: look.env })
  if (local === null) {
    found.fact('no local cluster of kt runs')
    return
  }
  found.fact(`the local cluster of kt listens on ${local}`)
  found.do({
    run: `kt describe --bootstrap-server ${local}`,
    does: 'the local cluster; without the option it is asked as well',
  })
}

/** The address may be right: its broker has ended, or hangs. */
async function isDown(id: number, said: Said, look: Look, found: Found): Promise<boolean> {
  if (Number.isNaN(id)) return false
  const fate = await fateOf(id, look)
  const hangs = /no answer to \w+ within/.test(said.text)
  if (fate === '' && !hangs) return false
  found.fact(fate === '' ? `broker ${id} takes connections and does not answer on them` : `broker ${id}: ${fate}`)
  found.because(
    `Nothing is wrong with the address: broker ${id} does not answer at it, because it hangs or has ended. The cluster goes on naming it until it is fenced (broker.session.timeout.ms, 9 s).`,
  )
  found.do(await bringBack([id], look))
  return true
}

/** What each broker hands out, beside the address that we came by. */
async function tellAdvertised(said: Said, look: Look, found: Found): Promise<void> {
  const live = await look.live()
  const brokers = (await look.cluster())?.brokers ?? []
  if (live === null || brokers.length === 0) return
  const id = Number(said.name('BROKER') ?? Number.NaN)
  if (await isDown(id, said, look, found)) return
  if (!/bootstrap address .* answered/.test(said.text)) found.fact(`bootstrap address ${live.servers} answered`)
  for (const { id, host, port } of brokers.slice(0, 8)) {
    found.fact(`broker ${id} advertises ${host}:${port}: ${PORT_WORDS[await look.port(host, port)]}`)
  }
}

/** What is wrong with the list of servers, as far as its letters tell. */
function mendedServers(servers: string): { wrong: string; mended: string } | null {
  const words = servers.split(/[\s,;]+/).filter((each) => each !== '')
  const mended = words.map((each) => each.replace(/^[a-z_]+:\/\//i, '').replace(/\/.*$/, ''))
  const withPorts = mended.map((each) => (/:\d+$/.test(each) ? each : `${each.replace(/:.*$/, '')}:9092`)).join(',')
  if (/[\s;]/.test(servers.trim())) return { wrong: 'servers are separated by commas alone', mended: withPorts }
  if (/:\/\//.test(servers)) return { wrong: 'an address has no protocol in front of it', mended: withPorts }
  if (!words.every((each) => /:\d+$/.test(each))) return { wrong: 'there is no port', mended: withPorts }
  return null
}

export const CONNECTING: readonly BeginnerError[] = [
  {
    id: 'advertised-listener',
    title: 'The broker hands out an address that cannot be reached from here',
    texts: [
      'Connection to node 1 (kafka/172.17.0.2:9092) could not be established. Node may not be available.',
      'Error connecting to node kafka:9092 (id: 1 rack: null)',
      'java.net.UnknownHostException: kafka',
    ],
    when: [
      /Connection to node (?<BROKER>\d+) \([^)]*\) (could not be established|terminated)/,
      /Error connecting to node \S+ \(id: (?<BROKER>\d+)/,
      /Broker (?<BROKER>\d+) advertises \S+, which cannot be used/,
      /UnknownHostException: [\w.-]+/,
    ],
    why: 'The first contact worked (a failing bootstrap address is node -1). It tells where each broker listens, as advertised.listeners says, and clients go on there; that address is not for where you are: a name inside Docker, localhost of another machine.',
    next: [
      { does: 'set advertised.listeners of each broker to an address that its clients can reach, and restart it' },
      { run: 'kt cluster list-endpoints', does: 'which addresses the brokers hand out' },
    ],
    where: 'every command that asks a cluster',
    observe: tellAdvertised,
  },
  {
    id: 'nothing-listens',
    title: 'Nobody answers at the bootstrap address',
    texts: [
      'Connection to node -1 (localhost/127.0.0.1:9092) could not be established. Node may not be available.',
      'Bootstrap broker localhost:9092 (id: -1 rack: null) disconnected',
      'Cannot reach a Kafka broker at localhost:9092: connection refused, nothing listens on this port',
    ],
    when: [
      /Connection to node -\d+ \([^)]*\) could not be established/,
      /Bootstrap broker \S+ .*disconnected/,
      /Cannot reach a Kafka broker at .*(refused|no answer|no route)/,
      /Timed out waiting for a node assignment/,
      /ECONNREFUSED|Connection refused/,
    ],
    why: 'No broker has been reached at all (node -1 in messages of Java is the address you gave): it does not run, or listens on another port or address.',
    next: [{ run: 'kt cluster start', does: 'a cluster on this machine; or mend the address in --bootstrap-server' }],
    where: 'every command that asks a cluster; it ends after three tries',
    observe: tellPorts,
  },
  {
    id: 'bootstrap-url',
    title: 'The list of servers cannot be used',
    texts: [
      'No resolvable bootstrap urls given in bootstrap.servers',
      'Invalid url in bootstrap.servers: localhost',
      'Please provide valid host:port like host1:9091,host2:9092',
    ],
    when: [
      /No resolvable bootstrap urls given/,
      /Invalid url in bootstrap\.servers/,
      /Please provide valid host:port/,
      /Couldn't resolve server \S+ from bootstrap\.servers/,
      /Cannot reach a Kafka broker at .*(no such host|name server)/,
    ],
    why: 'Each server is HOST:PORT, several are separated by commas (since 4.0 by nothing else), and at least one name must resolve.',
    next: [{ run: 'kt topics --list --bootstrap-server HOST:9092' }],
    where: 'every command with --bootstrap-server',
    async observe(said, look, found) {
      const given = said.option('bootstrap-server') ?? /bootstrap\.servers: (\S.*)$/m.exec(said.text)?.[1]
      const problem = given === undefined ? null : mendedServers(given)
      if (problem !== null) {
        found.fact(`${given}: ${problem.wrong}`)
        found.do({ run: `kt topics --list --bootstrap-server ${problem.mended}`, does: 'the same, mended' })
        return
      }
      const server = serverOf(said)
      if (server === null) return
      found.fact(`${server.host}:${server.port}: ${PORT_WORDS[await look.port(server.host, server.port)]}`)
    },
  },
]
