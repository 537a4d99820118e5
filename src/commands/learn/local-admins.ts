/** The admin client of the local cluster, which may be restarted, lose brokers and get new ports while lessons go on. */
import type { Clock, Timer } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import type { Admin, ClientOptions } from '../../client/admin-types.ts'

/** Owner of the admins that were made. */
export class LocalAdmins {
  readonly #connection: () => ClientOptions
  readonly #clock: Clock
  readonly #retiredMs: number
  #servers = ''
  #admin: Promise<Admin> | null = null
  readonly #retired = new Map<Promise<Admin>, Timer>()
  #isClosed = false

  /** `connection` throws while nobody runs. One that is no longer current is closed after `retiredMs`. */
  constructor(connection: () => ClientOptions, clock: Clock, retiredMs: number) {
    this.#connection = connection
    this.#clock = clock
    this.#retiredMs = retiredMs
  }

  /** An admin of the brokers that run now: the one before as long as they are the same. */
  async current(): Promise<Admin> {
    // A look may still go on when the person leaves: connections made for it now would be closed by nobody.
    if (this.#isClosed) throw new KtError('interrupted', 'the lesson is left')
    const options = this.#connection()
    const servers = options.bootstrapServers.join(',')
    if (this.#admin !== null && servers === this.#servers) return this.#admin
    this.#retire()
    this.#servers = servers
    this.#admin = import('../../client/admin.ts').then(({ createAdmin }) => createAdmin(options))
    return this.#admin
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#retire()
    const all = [...this.#retired]
    this.#retired.clear()
    for (const [, timer] of all) timer.cancel()
    await Promise.all(all.map(([admin]) => closed(admin)))
  }

  /** What is being asked of it may still be answered. */
  #retire(): void {
    const admin = this.#admin
    if (admin === null) return
    this.#admin = null
    const end = (): void => {
      this.#retired.delete(admin)
      void closed(admin)
    }
    this.#retired.set(admin, this.#clock.setTimer(this.#retiredMs, end, { background: true }))
  }
}

async function closed(admin: Promise<Admin>): Promise<void> {
  // Nobody is interested any more in what went wrong with it.
  await admin.then((each) => each.close()).catch(() => undefined)
}
