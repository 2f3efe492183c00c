import './ui/tokens.css'
