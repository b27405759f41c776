import type { Capabilities, Capability } from './deployment.ts';
import type { Trial } from './trial.ts';

/** One thing that is promised: it throws where the deployment does not do it. */
export interface Behaviour {
  /** What the deployment must have for it to be seen. */
  readonly needs?: Capability;
  readonly run: (trial: Trial) => Promise<void>;
}

/** What is promised of one part of the shop, by sentences that say it. */
export interface Feature {
  readonly name: string;
  readonly behaviours: readonly (Behaviour & { readonly title: string })[];
}

/** A part of the shop, and what is promised of it. */
export function feature(name: string, behaviours: Record<string, Behaviour | Behaviour['run']>): Feature {
  return {
    name,
    behaviours: Object.entries(behaviours).map(([title, behaviour]) =>
      typeof behaviour === 'function' ? { title, run: behaviour } : { title, ...behaviour },
    ),
  };
}

/** A behaviour that can only be seen with the help of a capability. */
export function needs<C extends Capability>(
  capability: C,
  run: (trial: Trial, means: Capabilities[C]) => Promise<void>,
): Behaviour {
  return { needs: capability, run: (trial) => run(trial, trial.means(capability)) };
}
