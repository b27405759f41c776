import { readChangesets } from '@changesets/read';

/** The packages whose users see the surface. They are released together, so a major of one is a major of each. */
const PACKAGES = ['@baguni/sdk', '@baguni/api'];

/** Whether a changeset that waits for the next release announces a break. */
export async function isMajorPending(root: string): Promise<boolean> {
  const changesets = await readChangesets(root);
  return changesets.some(({ releases }) =>
    releases.some(({ name, type }) => type === 'major' && PACKAGES.includes(name)),
  );
}
