import { startDemoFleet } from '../demo/demo.ts'
import { runEngineProcess } from '../engine/process.ts'

await runEngineProcess({ startDemo: startDemoFleet })
