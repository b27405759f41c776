import { runClosedLoop } from './closed-loop.ts';
import { keepIdle } from './idling.ts';
import type { Answer, Message } from './messages.ts';
import { runOpenLoop } from './open-loop.ts';

// A load generator is a process of its own, so that its work is not mistaken for the server's.
process.on('message', async (message: Message) => {
  process.send?.(await answerTo(message));
});

async function answerTo(message: Message): Promise<Answer> {
  try {
    return { result: await resultOf(message) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function resultOf(message: Message) {
  switch (message.kind) {
    case 'closed-loop':
      return runClosedLoop(message.order);
    case 'open-loop':
      return runOpenLoop(message.order);
    case 'idling':
      return keepIdle(message.order);
  }
}
