/** `npm run docs`: writes the generated pages beside this file. */
import * as fs from 'node:fs'
import { pages } from './pages.ts'

for (const [name, text] of await pages()) {
  fs.writeFileSync(new URL(name, import.meta.url), text)
  process.stdout.write(`src/docs/${name}\n`)
}
