import './ui/tokens.css'
import { createRoot } from 'react-dom/client'
import { followEngine } from './api/live.ts'
import { App } from './app/app.tsx'

followEngine()
const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
