import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Answer, Question } from './own-messages.ts'
import type { Demand, Server } from './server.ts'

const PROGRAM = resolve(import.meta.dirname, 'own-process.ts')

/** The project's own server, in a process of its own: from memory, with a latency where asked. */
export async function startOwn(demand: Demand): Promise<Server> {
  const child = fork(PROGRAM, [], { execArgv: [] })
  const ask = async (question: Question): Promise<Answer> => {
    child.send(question)
    const [answer] = (await once(child, 'message')) as [Answer]
    return answer
  }
  const { port } = await ask({ serve: demand })
  return {
    name: `own server (Node ${process.versions.node})`,
    origin: `http://127.0.0.1:${port}`,
    pids: () => (child.pid === undefined ? [] : [child.pid]),
    requests: async () => (await ask('count')).requests,
    close: async () => {
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
