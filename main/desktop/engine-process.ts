import { runEngineProcess } from '../engine/process.ts'

await runEngineProcess()
