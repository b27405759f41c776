import { textBeginsWith, User } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import type { Context } from '../context.ts';
import { loadSortedPage, pageOf } from '../pages.ts';
import { adminProcedure, customerProcedure, execute } from '../procedures.ts';
import { createUser, updateUser } from './commands.ts';
import { toUserView, userNotFound } from './rules.ts';
import { createUserInput, listUsersInput, type UserView, updateUserInput, userIdInput, userView } from './schema.ts';

export const users = {
  /** Adds a user with an empty point wallet. Fails with `EXTERNAL_ID_TAKEN`. */
  create: adminProcedure
    .meta({ reasons: ['EXTERNAL_ID_TAKEN'] })
    .input(createUserInput)
    .output(userView)
    .mutation(execute(createUser)),

  /** One user. Fails with `USER_NOT_FOUND`. */
  get: adminProcedure
    .meta({ reasons: ['USER_NOT_FOUND'] })
    .input(userIdInput)
    .output(userView)
    .query(({ input, ctx }) => loadUser(ctx, input.userId)),

  /** All users, the latest first, or those whose name or external id begins with a text. */
  list: adminProcedure
    .input(listUsersInput)
    .output(pageOf(userView))
    .query(({ input = {}, ctx }) =>
      loadSortedPage(input, {
        sort: 'id',
        fetch: (after, limit) =>
          ctx.shop.read().find(
            User,
            {
              $and: [
                after ? { id: { $lt: after.id } } : {},
                input.search === undefined
                  ? {}
                  : { $or: [textBeginsWith('name', input.search), textBeginsWith('external_id', input.search)] },
              ],
            },
            { orderBy: { id: 'desc' }, limit, disableIdentityMap: true },
          ),
        place: ({ id }) => ({ key: 0, id }),
        toItems: (rows) => rows.map(toUserView),
      }),
    ),

  /**
   * Changes the named fields of a user.
   * Fails with `USER_NOT_FOUND`, `EXTERNAL_ID_TAKEN` or `EXTERNAL_ID_SET`.
   */
  update: adminProcedure
    .meta({ reasons: ['USER_NOT_FOUND', 'EXTERNAL_ID_TAKEN', 'EXTERNAL_ID_SET'] })
    .input(updateUserInput)
    .output(userView)
    .mutation(execute(updateUser)),

  /** The caller. Fails with `USER_NOT_FOUND`. */
  me: customerProcedure
    .meta({ reasons: ['USER_NOT_FOUND'] })
    .output(userView)
    .query(({ ctx }) => loadUser(ctx, ctx.userId)),
} satisfies TRPCRouterRecord;

async function loadUser({ shop }: Context, userId: number): Promise<UserView> {
  const user = await shop.database.readOne(User, userId);
  if (!user) throw userNotFound(userId);
  return toUserView(user);
}
