import type { Media } from './harness/media.ts'
import type { Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'
import { searchKey } from '../src/sources/search/listing.ts'
import { addBing, BING_HOSTS } from './search/bing.ts'
import { addImages } from './search/images.ts'
import { IMAGE_HOSTS, PICTURES } from './search/pictures.ts'
import type { Picture } from './search/pictures.ts'

const { first, second, third, fourth, fifth, sixth, seventh } = PICTURES
const SATIN = [first, second, third, fourth, fifth, sixth, seventh]

function keyOf(keyword: string, { url }: Picture): string {
  return searchKey(keyword, url)
}

/** The files of pictures as a search for the keyword stores them. */
function filesOf(keyword: string, ...pictures: readonly Picture[]): Readonly<Record<string, Media>> {
  return Object.fromEntries(
    pictures.flatMap((picture) =>
      'media' in picture.served ? [[keyOf(keyword, picture), picture.served.media] as const] : [],
    ),
  )
}

export const replica: Replica = {
  name: 'search',
  hosts: [...BING_HOSTS, ...IMAGE_HOSTS],
  make: () => {
    const router = new Router()
    addBing(router)
    addImages(router)
    return router.handler
  },
  targets: [
    {
      target: 'search:bing/satin bowerbird',
      expected: { files: filesOf('satin bowerbird', ...SATIN) },
      demo: true,
    },
  ],
}
