import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { urlOf } from '../server/server.ts'
import { JOBS, type Peer } from './peer.ts'

/** The files are requests of the pipeline; the spider itself starts with an empty page that needs no network. */
const SPIDER = `import scrapy


class Files(scrapy.Spider):
    name = "files"
    start_urls = ["data:,"]

    def parse(self, response):
        with open(self.list) as lines:
            for line in lines:
                yield {"file_urls": [line.strip()]}
`

export const scrapy: Peer = {
  name: 'Scrapy',
  installed: [['scrapy', 'version']],
  place: ({ origin, shelf }, number) => {
    const hash = createHash('sha1')
      .update(urlOf(origin, shelf, number))
      .digest('hex')
    return `full/${hash}.${shelf.extension}`
  },
  command: async ({ list, output, scratch }) => {
    const spider = join(scratch, 'spider.py')
    await writeFile(spider, SPIDER)
    const settings = {
      FILES_STORE: output,
      ITEM_PIPELINES: '{"scrapy.pipelines.files.FilesPipeline": 1}',
      CONCURRENT_REQUESTS: JOBS,
      CONCURRENT_REQUESTS_PER_DOMAIN: JOBS,
      LOG_LEVEL: 'ERROR',
      TELNETCONSOLE_ENABLED: 'False',
    }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-s', `${name}=${value}`])
    return { program: 'scrapy', args: ['runspider', spider, '-a', `list=${list}`, ...flags] }
  },
}
