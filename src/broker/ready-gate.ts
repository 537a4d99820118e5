import type { Answer, ConnectionContext, RequestProcessor } from '../network/processor.ts'

/**
 * Lets clients connect while the node is still starting, and their requests wait until it is in service: a restart on the
 * same port shows nobody an empty cluster.
 */
export class ReadyGate implements RequestProcessor {
  private inner: RequestProcessor | null = null
  private readonly ready: Promise<RequestProcessor>
  private resolve: (processor: RequestProcessor) => void = () => undefined

  constructor() {
    this.ready = new Promise((resolve) => {
      this.resolve = resolve
    })
  }

  open(processor: RequestProcessor): void {
    this.inner = processor
    this.resolve(processor)
  }

  process(frame: Buffer, connection: ConnectionContext): Answer | Promise<Answer> {
    if (this.inner !== null) return this.inner.process(frame, connection)
    return this.ready.then((processor) => processor.process(frame, connection))
  }
}
