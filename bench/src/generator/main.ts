import { runClosedLoop } from './closed-loop.ts';
import type { Answer, Order } from './messages.ts';

// A load generator is a process of its own, so that its work is not mistaken for the server's.
process.on('message', async (order: Order) => {
  process.send?.(await answerTo(order));
});

async function answerTo({ load }: Order): Promise<Answer> {
  try {
    return { result: await runClosedLoop(load) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
