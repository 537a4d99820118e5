import { KtError } from '../../base/errors.ts'

/** A failure that the script prints as it stands, without `Error: ` before it. */
export class TerseFailure extends KtError {
  constructor(message: string, options: { facts?: readonly string[]; next?: string } = {}) {
    super('kafka', message, options)
    this.name = 'TerseFailure'
  }
}
