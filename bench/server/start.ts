import { openShelf } from '../corpus/shelf.ts'
import { onPath, type Workplace } from '../workplace.ts'
import { startNginx } from './nginx.ts'
import { startOwn } from './own.ts'
import type { Demand, Server } from './server.ts'

/** nginx, where it is installed and can do what is asked (it knows no latency); else the project's own. */
export async function startServer(demand: Demand, workplace: Workplace): Promise<Server> {
  const nginx = demand.latency === undefined && demand.fromMemory !== true ? await onPath('nginx') : undefined
  if (nginx === undefined) return startOwn(demand)
  return startNginx(nginx, demand, await openShelf(demand.shelf), workplace)
}
