import { file, html, text } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { IMAGE_HOSTS, pictureAt } from './pictures.ts'
import type { Picture } from './pictures.ts'

/** The hosts that images stand on. */
export function addImages(router: Router): void {
  for (const host of IMAGE_HOSTS) {
    router.get(host, '/full/:name', (request) => {
      const picture = pictureAt(request.url.href)
      return picture === undefined ? undefined : serve(picture, request)
    })
  }
}

function serve({ served, page }: Picture, request: Request): Answer | undefined {
  switch (served.kind) {
    case 'file':
      if (served.refererOnly === true && request.headers['referer'] !== page)
        return text('no hot-linking', 'text/plain', { status: 403 })
      return file(served.media)
    case 'page':
      return html('<!doctype html><title>Welcome to the shop</title><p>Buy it')
    case 'gone':
    case 'inline':
    case 'thumbnail':
      return undefined
  }
}
