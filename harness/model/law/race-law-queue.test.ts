import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue, Line } from './race-law-queue.ts';

test('EventQueue gives back events in order of time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (times) => {
      const queue = new EventQueue(times.length);
      times.forEach((time, slot) => {
        queue.add(time, slot);
      });
      const taken: number[] = [];
      while (queue.nextNs() < Number.POSITIVE_INFINITY) {
        const nextNs = queue.nextNs();
        const slot = queue.take();
        expect(times[slot]).toBe(nextNs);
        taken.push(slot);
      }
      expect(taken.map((slot) => times[slot])).toEqual([...times].sort((a, b) => a - b));
      expect(new Set(taken).size).toBe(times.length);
    }),
  );
});

test('Line behaves as an array with push, shift and pop', () => {
  const step = fc.constantFrom('add', 'front', 'back');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const capacity = 5;
      const line = new Line(capacity);
      const model: number[] = [];
      for (const [index, name] of steps.entries()) {
        if (name === 'add' && model.length < capacity) {
          line.add(index);
          model.push(index);
        } else if (name === 'front' && model.length > 0) expect(line.takeFront()).toBe(model.shift());
        else if (name === 'back' && model.length > 0) expect(line.takeBack()).toBe(model.pop());
        expect(line.size).toBe(model.length);
      }
    }),
  );
});

test('clear() empties both', () => {
  const queue = new EventQueue(2);
  queue.add(3, 1);
  queue.clear();
  expect(queue.nextNs()).toBe(Number.POSITIVE_INFINITY);
  const line = new Line(2);
  line.add(7);
  line.clear();
  expect(line.size).toBe(0);
});
