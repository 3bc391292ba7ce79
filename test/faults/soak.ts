/**
 * `npm run soak -- [--kills N] [--share PERCENT] [--seed N]`: a run of a thousand files through a network in which each
 * fault befalls so many of a hundred requests, killed N times at random moments; the run that may end then has to leave
 * what an undisturbed one leaves, byte for byte. The independent checker looks at the library every twenty kills.
 * The seed that is printed gives the same faults and moments again, as far as a machine's timing allows.
 */
import { parseArgs } from 'node:util'
import { Library } from '../engine/library.ts'
import { FILES, Gauntlet } from './support/gauntlet.ts'

const LOOK_EVERY = 20

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    share: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
})
const [kills, share, seed] = [Number(values.kills), Number(values.share) / 100, Number(values.seed)]
console.log(`${kills} kills over ${FILES} files, each fault for ${values.share} % of the requests, --seed ${seed}`)

const began = performance.now()
const gauntlet = await Gauntlet.open(seed)
const library = new Library()
try {
  const { stored, asked } = await gauntlet.endure(library, { kills, share, again: 'get' }, async (killed) => {
    if (killed.kills % LOOK_EVERY !== 0) return
    const problems = await gauntlet.look(library)
    if (problems.length > 0) throw new Error(problems.join('\n'))
    console.log(
      `${killed.kills} kills: ${killed.stored} files stand there, ${killed.asked} were asked for; all is sound`,
    )
  })
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(`after ${kills} kills ${stored} of ${FILES} files stood there, ${asked} requests had been made for them`)
  console.log(`then one run: the same as an undisturbed one, byte for byte (${seconds} s in all)`)
  library.remove()
} catch (thrown) {
  console.error(`failed with --seed ${seed}; the library is kept: ${library.root}`)
  console.error(thrown)
  process.exitCode = 1
} finally {
  await gauntlet.close()
}
