import { bowerbird, bowerbirdNoFsync } from '../peers/bowerbird.ts'
import { JOBS } from '../peers/peer.ts'
import { medianOf, ratioOf, rowOf } from '../report/report.ts'
import { race } from './race.ts'

/** Milliseconds. */
const LATENCY = 50
/** Seconds per file when nothing but the latency takes time. */
const IDEAL = LATENCY / 1000 / JOBS
const TIMES = ' ×'

const OURS = bowerbird.name
const OURS_NO_FSYNC = bowerbirdNoFsync.name

export const manyFiles = race({
  id: 'a',
  title: (items) => `${items} files of 60 KB, no latency`,
  demand: { shelf: 'pictures', items: 10_000 },
  fewer: { 'parallel + wget': 2_000, 'gallery-dl': 1_000, Scrapy: 1_000 },
  baseline: { row: 'curl' },
  goals: [
    {
      about: `${OURS_NO_FSYNC}, wall time to curl`,
      ...{ limit: 1.15, at: 'most', unit: TIMES },
      value: (rows) => ratioOf(rows, OURS_NO_FSYNC, 'curl'),
    },
    {
      about: `${OURS}, wall time to curl`,
      ...{ limit: 2.2, at: 'most', unit: TIMES },
      value: (rows) => ratioOf(rows, OURS, 'curl'),
    },
    {
      about: `aria2c, wall time to ${OURS}`,
      ...{ limit: 6, at: 'least', unit: TIMES },
      value: (rows) => ratioOf(rows, 'aria2c', OURS),
    },
  ],
})

export const latency = race({
  id: 'b',
  title: (items) => `${items} files of 60 KB, ${LATENCY} ms latency`,
  demand: { shelf: 'pictures', items: 10_000, latency: LATENCY },
  fewer: { aria2c: 2_000, 'parallel + wget': 2_000, 'gallery-dl': 400, Scrapy: 1_000 },
  baseline: { ideal: IDEAL },
  goals: [
    {
      about: `${OURS}, wall time to the ideal`,
      ...{ limit: 1.15, at: 'most', unit: TIMES },
      value: (rows) => {
        const row = rowOf(rows, OURS)
        const wall = medianOf(row, (run) => run.wall)
        return row && wall && wall / (row.items * IDEAL)
      },
    },
    {
      about: `gallery-dl, wall time to ${OURS}`,
      ...{ limit: 40, at: 'least', unit: TIMES },
      value: (rows) => ratioOf(rows, 'gallery-dl', OURS),
    },
  ],
})

export const largeFiles = race({
  id: 'c',
  title: (items) => `${items} files of 50 MB`,
  demand: { shelf: 'films', items: 20 },
  baseline: { row: 'curl' },
  goals: [
    {
      about: `${OURS}, wall time to curl`,
      ...{ limit: 1, at: 'most', unit: TIMES },
      value: (rows) => ratioOf(rows, OURS, 'curl'),
    },
  ],
})

export const secondRun = race({
  id: 'd',
  title: (items) => `second run over ${items} known items`,
  demand: { shelf: 'tiny', items: 100_000, fromMemory: true },
  known: true,
  // Whether files are forced to the disk does not matter where none is written.
  leaveOut: [OURS_NO_FSYNC],
  fewer: { aria2c: 10_000, wget2: 10_000, 'parallel + wget': 1_000, 'gallery-dl': 2_000, Scrapy: 5_000 },
  goals: [
    {
      about: `${OURS}, wall time`,
      ...{ limit: 3, at: 'most', unit: ' s' },
      value: (rows) => medianOf(rowOf(rows, OURS), (run) => run.wall),
    },
    {
      about: `${OURS}, requests for a file`,
      ...{ limit: 0, at: 'most', unit: '' },
      value: (rows) => rowOf(rows, OURS)?.runs.reduce((most, { requests }) => Math.max(most, requests ?? 0), 0),
    },
  ],
})
