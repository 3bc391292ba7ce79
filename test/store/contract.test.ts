import { storeContract } from '../contracts/store.ts'
import { diskBench } from './support.ts'

storeContract('disk store', async () => diskBench())
storeContract('disk store that forces files to the disk', async () => diskBench({ fsync: true }))
storeContract('disk store without hard links', async () => diskBench({ hardLinks: false }))
