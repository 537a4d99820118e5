/**
 * The one build: the program, the node's process and the package's face, split so that a command loads only what it uses. `--types` adds the declarations
 * of the package's public face.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

/** Packages with native code, or so seldom used and large that they are better left on disk until then. */
const EXTERNAL = ['@node-rs/crc32', 'kafkajs', 'inquirer', '@bokuweb/zstd-wasm']

const COMMON = {
  metafile: true,
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  // Names stay: they are what a stack trace in a node's log is read by.
  minifyWhitespace: true,
  minifySyntax: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: EXTERNAL,
  define: { KT_VERSION: JSON.stringify(version) },
  // Bundled CommonJS packages ask for node's own modules through `require`, which ES modules lack.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
}

const results = await Promise.all([
  build({ ...COMMON, entryPoints: { 'cli/main': 'src/cli/main.ts' }, inject: ['src/cli/hot-path.ts'] }),
  build({
    ...COMMON,
    entryPoints: {
      'cluster/node-main': 'src/cluster/node-main.ts',
      // `kt server-start` runs a node in its own process and loads it from here.
      'cluster/run-node': 'src/cluster/run-node.ts',
      index: 'src/index.ts',
    },
  }),
])
const filesOf = (kind) => results.flatMap(({ metafile }) => Object.keys(metafile[kind]))

// What an earlier build left goes only now: a command that runs meanwhile never misses its modules.
const written = new Set(filesOf('outputs').map((output) => join(root, output)))
for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name)
  if (entry.isFile() && file.endsWith('.js') && !written.has(file)) rmSync(file, { force: true })
}
// Bundled packages travel with their licences.
const bundled = [
  ...new Set(filesOf('inputs').flatMap((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [])),
]
const licences = bundled.sort().map((directory) => {
  const file = readdirSync(join(root, directory)).find((name) => /^licen[cs]e/i.test(name))
  if (file === undefined) throw new Error(`${directory} is bundled and has no licence file`)
  return `== ${directory.replace(/^.*node_modules\//, '')}\n\n${readFileSync(join(root, directory, file), 'utf8').trim()}\n`
})
writeFileSync(join(root, 'dist/LICENCES-OF-BUNDLED-PACKAGES.txt'), licences.join('\n'))
cpSync(`${root}src/learn/orders.log`, `${root}dist/orders.log`)
if (process.argv.includes('--types')) {
  execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}src/tsconfig.types.json`], {
    stdio: 'inherit',
  })
}
