import { baguniWire } from './baguni.ts';
import { byHandWire } from './by-hand.ts';
import type { Wire } from './operation.ts';

/** The wires by the servers that speak them. The constant server answers whatever it is asked. */
export const WIRES = {
  baguni: baguniWire,
  'by-hand': byHandWire,
  constant: byHandWire,
} as const satisfies Record<string, Wire>;

export type WireName = keyof typeof WIRES;
