/** Breaks things, as the seed has it, and mends each after a while. */
import type { Dice } from '../engine/dice.ts'
import { GOOD_LINK, type LinkQuality } from '../engine/sim-link.ts'
import type { Budget } from './budget.ts'
import type { Copies } from './copies.ts'
import type { SimNode } from './sim-node.ts'
import type { World } from './world.ts'

export interface NemesisOptions {
  readonly nodes: readonly SimNode[]
  readonly clientHosts: readonly string[]
  readonly budget: Budget
  /** Mean time between two faults. */
  readonly pauseMeanMs: number
  readonly copies: Copies
}

/** Does something bad; what it returns ends it, null when there was nothing to do it to. */
type Fault = () => (() => void) | null

const MAX_WRITES_BEFORE_CRASH = 400
/** What an orderly end has vouched for is soon no longer true: power fails while the node gets going again. */
const GETTING_GOING_MS = 900
/** Until the copies are looked at again. */
const RETRY_MS = 300
const DISK_ERRORS = ['EIO', 'ENOSPC'] as const

export class Nemesis {
  private readonly world: World
  private readonly options: NemesisOptions
  private readonly dice: Dice
  private readonly faults: readonly (readonly [name: string, weight: number, fault: Fault])[]
  private readonly ending = new Set<() => void>()
  private stopped = false

  constructor(world: World, options: NemesisOptions) {
    this.world = world
    this.options = options
    this.dice = world.dice.child('nemesis')
    this.faults = [
      ['kill', 4, () => this.kill()],
      ['crash at a write', 4, () => this.crashAtWrite()],
      ['power failure', 4, () => this.powerFailure()],
      ['pause', 4, () => this.pause()],
      ['orderly restart', 2, () => this.restart()],
      ['power failure after a restart', 2, () => this.powerFailureAfterRestart()],
      ['isolation', 4, () => this.isolate()],
      ['one-way isolation', 3, () => this.isolateOneWay()],
      ['split', 2, () => this.split()],
      ['cut between two', 2, () => this.cutPair()],
      ['cut from the controllers', 2, () => this.cutFromControllers()],
      ['slow links', 2, () => this.degrade({ ...GOOD_LINK, meanMs: this.dice.between(5, 150) })],
      ['lossy links', 2, () => this.degrade({ ...GOOD_LINK, lossRate: this.dice.between(0.002, 0.03) })],
      ['repeating links', 2, () => this.degrade({ ...GOOD_LINK, duplicateRate: this.dice.between(0.01, 0.2) })],
      ['disk error', 2, () => this.diskError()],
    ]
  }

  start(): void {
    this.world.scheduler.after(this.dice.exponential(this.options.pauseMeanMs), null, () => {
      if (this.stopped) return
      this.strike()
      this.start()
    })
  }

  /** No more faults, and all that are under way are over. */
  stop(): void {
    this.stopped = true
    for (const end of [...this.ending]) end()
  }

  private strike(): void {
    const total = this.faults.reduce((sum, [, weight]) => sum + weight, 0)
    let at = this.dice.next() * total
    const [name, , fault] = this.faults.find(([, weight]) => {
      at -= weight
      return at < 0
    })!
    const end = fault()
    if (end === null) return
    this.world.count(`fault: ${name}`)
    this.endAfter(this.durationMs(), end)
  }

  /** Mostly short, now and then long enough for every timeout. */
  private durationMs(): number {
    return this.dice.chance(0.3) ? this.dice.between(3_000, 9_000) : this.dice.exponential(900)
  }

  private endAfter(delayMs: number, end: () => void): void {
    const once = (): void => {
      if (!this.ending.delete(once)) return
      end()
    }
    this.ending.add(once)
    this.world.scheduler.after(delayMs, null, once)
  }

  private victim(fits: (node: SimNode) => boolean = () => true): SimNode | null {
    const candidates = this.options.budget.candidates().filter((node) => node.isRunning && fits(node))
    return candidates.length === 0 ? null : this.dice.pick(candidates)
  }

  private note(text: string): void {
    this.world.note(`FAULT ${text}`)
  }

  private kill(): (() => void) | null {
    const node = this.victim((each) => this.options.copies.mayEnd(each, false))
    if (node === null) return null
    const release = this.options.budget.impair(node)
    this.note(`kill ${node.id}`)
    node.kill()
    return () => {
      node.start()
      release()
    }
  }

  /** In the middle of a write, of which a part gets through. */
  private crashAtWrite(): (() => void) | null {
    const node = this.victim((each) => this.options.copies.mayEnd(each, false))
    const files = node?.files
    if (node === null || files == null) return null
    const release = this.options.budget.impair(node)
    let left = 1 + this.dice.int(MAX_WRITES_BEFORE_CRASH)
    this.note(`crash ${node.id} at write ${left} from now`)
    files.inject = (operation, path, length) => {
      if (operation === 'open' || operation === 'read' || --left > 0) return null
      if (!this.options.copies.mayEnd(node, false)) return null
      this.note(`crash ${node.id} at ${operation} of ${path}`)
      const partialBytes = operation === 'write' ? this.dice.int(length + 1) : 0
      // The part must still reach the disk: the process ends with the operation.
      queueMicrotask(() => node.files === files && node.kill())
      node.process?.kill()
      return { code: 'EIO', partialBytes }
    }
    return () => {
      files.inject = () => null
      node.start()
      release()
    }
  }

  private powerFailure(): (() => void) | null {
    const node = this.victim((each) => this.options.copies.mayEnd(each, true))
    if (node === null) return null
    const release = this.options.budget.impair(node)
    this.note(`power failure of ${node.id}`)
    node.losePower()
    return () => {
      node.start()
      release()
    }
  }

  private pause(): (() => void) | null {
    const node = this.victim()
    if (node === null) return null
    const release = this.options.budget.impair(node)
    this.note(`pause ${node.id}`)
    node.pause()
    return () => {
      node.resume()
      release()
    }
  }

  private restart(): (() => void) | null {
    // One that takes too long is cut short, which is as good as a kill.
    const node = this.victim((each) => each.node !== null && this.options.copies.mayEnd(each, false))
    if (node === null) return null
    const release = this.options.budget.impair(node)
    this.note(`orderly restart of ${node.id}`)
    const skewMs = this.dice.chance(0.5) ? this.dice.between(-2_000, 2_000) : 0
    node.skewClock(skewMs)
    node.stop(() => {
      node.start()
      release()
    })
    return this.whenSafe(node, () => {
      if (node.stopping) node.kill()
      node.start()
      release()
    })
  }

  private powerFailureAfterRestart(): (() => void) | null {
    const node = this.victim((each) => each.node !== null && this.options.copies.mayEnd(each, true))
    if (node === null) return null
    const release = this.options.budget.impair(node)
    let over = false
    this.note(`restart of ${node.id}, and no power soon after`)
    node.stop(() => {
      node.start()
      this.world.scheduler.after(this.dice.between(0, GETTING_GOING_MS), null, () => {
        if (over || !this.options.copies.mayEnd(node, true)) return
        this.note(`power failure of ${node.id}`)
        node.losePower()
      })
    })
    return this.whenSafe(node, () => {
      over = true
      if (node.stopping) node.kill()
      node.start()
      release()
    })
  }

  /** What ends in a kill waits, even at the end of all trouble, until the node's copies can be spared. */
  private whenSafe(node: SimNode, end: () => void): () => void {
    const attempt = (): void => {
      if (this.options.copies.mayEnd(node, false)) end()
      else this.endAfter(RETRY_MS, attempt)
    }
    return attempt
  }

  private get hosts(): string[] {
    return [...this.options.nodes.map(({ host }) => host), ...this.options.clientHosts]
  }

  private isolate(): (() => void) | null {
    const node = this.victim()
    if (node === null) return null
    const release = this.options.budget.impair(node)
    const fromClientsToo = this.dice.chance(0.5)
    const others = fromClientsToo ? this.hosts : this.options.nodes.map(({ host }) => host)
    this.note(`isolate ${node.id}${fromClientsToo ? ' from clients, too' : ''}`)
    const pairs = others.flatMap((other) => [[node.host, other] as const, [other, node.host] as const])
    return this.cut(pairs, release)
  }

  private isolateOneWay(): (() => void) | null {
    const node = this.victim()
    if (node === null) return null
    const release = this.options.budget.impair(node)
    const outwards = this.dice.chance(0.5)
    this.note(`${node.id} cannot be ${outwards ? 'heard' : 'reached'}`)
    const pairs = this.hosts.map((other) => (outwards ? ([node.host, other] as const) : ([other, node.host] as const)))
    return this.cut(pairs, release)
  }

  /** Two sides of the cluster and its clients. */
  private split(): (() => void) | null {
    const node = this.victim()
    if (node === null) return null
    const release = this.options.budget.impair(node)
    const side = new Set([node.host, ...this.options.clientHosts.filter(() => this.dice.chance(0.5))])
    this.note(`split ${[...side].join(' ')} from the others`)
    const pairs = [...side].flatMap((one) =>
      this.hosts.filter((other) => !side.has(other)).flatMap((other) => [[one, other] as const, [other, one] as const]),
    )
    return this.cut(pairs, release)
  }

  private cutPair(): (() => void) | null {
    const [one, other] = this.dice.sample(this.hosts, 2)
    this.note(`cut between ${one} and ${other}`)
    const both = [[one!, other!] as const, [other!, one!] as const]
    return this.cut(this.dice.chance(0.5) ? both : both.slice(0, 1), () => undefined)
  }

  /** Brokers still hear each other: the metadata of one of them grows old, or the controllers miss it. */
  private cutFromControllers(): (() => void) | null {
    const node = this.victim(({ plan }) => plan.isBroker && !plan.isController)
    if (node === null) return null
    const release = this.options.budget.impair(node)
    const directions = this.dice.pick(['both', 'outwards', 'inwards'])
    this.note(`cut between ${node.id} and the controllers, ${directions}`)
    const controllers = this.options.nodes.filter(({ plan }) => plan.isController)
    const pairs = controllers.flatMap(({ host }) => [
      ...(directions === 'inwards' ? [] : [[node.host, host] as const]),
      ...(directions === 'outwards' ? [] : [[host, node.host] as const]),
    ])
    return this.cut(pairs, release)
  }

  private cut(pairs: readonly (readonly [string, string])[], release: () => void): () => void {
    const { network } = this.world
    for (const [from, to] of pairs) network.block(from, to)
    return () => {
      for (const [from, to] of pairs) network.heal(from, to)
      this.note('a cut is mended')
      release()
    }
  }

  private degrade(quality: LinkQuality): () => void {
    const { network } = this.world
    const { hosts } = this
    const some = hosts.flatMap((from) =>
      hosts.filter((to) => to !== from && this.dice.chance(0.3)).map((to) => [from, to] as const),
    )
    this.note(`bad links: ${JSON.stringify(quality)} on ${some.length}`)
    for (const [from, to] of some) network.link(from, to).quality = quality
    return () => {
      for (const [from, to] of some) network.link(from, to).quality = GOOD_LINK
      this.note('links are good again')
    }
  }

  /** Some operations fail, then the disk is well again; the node may end over it. */
  private diskError(): (() => void) | null {
    const node = this.victim((each) => this.options.copies.mayEnd(each, false))
    const files = node?.files
    if (node === null || files == null) return null
    const release = this.options.budget.impair(node)
    const code = this.dice.pick(DISK_ERRORS)
    const operations = this.dice.chance(0.5) ? ['write', 'writev'] : ['write', 'fsync', 'rename', 'syncDirectory']
    const rate = this.dice.pick([0.05, 0.3, 1])
    this.note(`${code} on ${node.id} at a rate of ${rate}: ${operations.join()}`)
    node.expectedToFail = true
    // It may end any moment.
    this.options.copies.ended(node, false)
    files.inject = (operation, _path, length) => {
      if (!operations.includes(operation) || !this.dice.chance(rate)) return null
      return { code, partialBytes: operation === 'write' ? this.dice.int(length + 1) : 0 }
    }
    const restart = this.whenSafe(node, () => {
      this.note(`restart ${node.id} after its disk errors`)
      node.kill()
      node.expectedToFail = false
      node.start()
      release()
    })
    return () => {
      files.inject = () => null
      // What the error broke stays broken until the node is started again.
      this.note(`the disk of ${node.id} is well`)
      restart()
    }
  }
}
