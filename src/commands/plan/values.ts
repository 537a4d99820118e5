/** Values of a file with the line each stands on, independent of the language they were written in. */

export interface Scalar {
  readonly type: 'scalar'
  readonly line: number
  /** As it is written: `060000` stays `060000`. */
  readonly text: string
  readonly isNull: boolean
}
export interface List {
  readonly type: 'list'
  readonly line: number
  readonly items: readonly Value[]
}
export interface Fields {
  readonly type: 'map'
  readonly line: number
  readonly entries: readonly (readonly [name: string, value: Value])[]
}
export type Value = Scalar | List | Fields

/** One document of a file. */
export interface SourceDocument {
  readonly file: string
  readonly root: Value
}

/** Field of a map, undefined where it is left out. */
export function fieldOf(map: Fields, name: string): Value | undefined {
  return map.entries.find(([key]) => key === name)?.[1]
}

/** Gathers what is wrong with files, so that all of it is told at once. */
export class Problems {
  readonly lines: string[] = []

  add(file: string, line: number, text: string): void {
    this.lines.push(`${file}:${line}: ${text}`)
  }
}
