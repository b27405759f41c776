import { User } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import type { Context } from '../context.ts';
import { adminProcedure, customerProcedure, execute } from '../procedures.ts';
import { createUser } from './commands.ts';
import { toUserView, userNotFound } from './rules.ts';
import { createUserInput, type UserView, userIdInput, userView } from './schema.ts';

export const users = {
  /** Adds a user with an empty point wallet. Fails with `EXTERNAL_ID_TAKEN`. */
  create: adminProcedure.input(createUserInput).output(userView).mutation(execute(createUser)),

  /** One user. Fails with `USER_NOT_FOUND`. */
  get: adminProcedure
    .input(userIdInput)
    .output(userView)
    .query(({ input, ctx }) => loadUser(ctx, input.userId)),

  /** The caller. */
  me: customerProcedure.output(userView).query(({ ctx }) => loadUser(ctx, ctx.userId)),
} satisfies TRPCRouterRecord;

async function loadUser({ shop }: Context, userId: number): Promise<UserView> {
  const user = await shop.read().findOne(User, { id: userId }, { disableIdentityMap: true });
  if (!user) throw userNotFound(userId);
  return toUserView(user);
}
