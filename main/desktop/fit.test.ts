import { expect, test } from 'vitest'
import { fitBounds } from './fit.ts'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const beside = { x: 1440, y: 0, width: 2560, height: 1440 }
const usual = { width: 1280, height: 800 }

test('nothing kept: the usual size, placed by the system', () => {
  expect(fitBounds(null, [laptop])).toEqual(usual)
})

test('it opens where it was', () => {
  const kept = { x: 1500, y: 100, width: 1600, height: 1000 }
  expect(fitBounds(kept, [laptop, beside])).toEqual(kept)
})

test('a display that is gone does not take the window along', () => {
  expect(fitBounds({ x: 1500, y: 100, width: 1600, height: 1000 }, [laptop])).toEqual(usual)
})

test('a title bar that cannot be caught counts as gone', () => {
  expect(fitBounds({ x: 1400, y: 100, width: 1000, height: 700 }, [laptop])).toEqual(usual)
  expect(fitBounds({ x: 100, y: -300, width: 1000, height: 700 }, [laptop])).toEqual(usual)
})

test('it is never smaller than it can be, nor larger than the display', () => {
  expect(fitBounds({ x: 10, y: 30, width: 5, height: 5 }, [laptop])).toMatchObject({ width: 960, height: 600 })
  expect(fitBounds({ x: 10, y: 30, width: 9000, height: 9000 }, [laptop])).toMatchObject({ width: 1440, height: 875 })
})
