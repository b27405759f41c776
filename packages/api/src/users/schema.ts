import { z } from 'zod';
import { id, type Mutation, mutation, name, type Schema } from '../fields.ts';
import { type PageInput, pageInput } from '../pages.ts';

/** Somebody who shops. */
export interface UserView {
  id: number;
  name: string;
  /** The id that the app's own login gives; `null` if there is none. */
  externalId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export const userView: Schema<UserView> = z.strictObject({
  id: z.int(),
  name: z.string(),
  externalId: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export interface CreateUserInput extends Mutation {
  /** 1 to 100 characters. */
  name: string;
  /** The id that the app's own login gives, 1 to 255 characters, unique. */
  externalId?: string | undefined;
}

export const createUserInput: Schema<CreateUserInput> = z.strictObject({
  name: name(100),
  externalId: name(255).optional(),
  ...mutation,
});

export interface UpdateUserInput extends Mutation {
  userId: number;
  /** 1 to 100 characters. */
  name?: string | undefined;
  /** The id that the app's own login gives, 1 to 255 characters, unique. A user gets one once. */
  externalId?: string | undefined;
}

export const updateUserInput: Schema<UpdateUserInput> = z.strictObject({
  userId: id(),
  name: name(100).optional(),
  externalId: name(255).optional(),
  ...mutation,
});

export interface ListUsersInput extends PageInput {
  /** What the name or the external id begins with, in the same case: 1 to 100 characters. */
  search?: string | undefined;
}

export const listUsersInput: Schema<ListUsersInput | undefined> = z
  .strictObject({ search: name(100).optional(), ...pageInput })
  .optional();

export interface UserIdInput {
  userId: number;
}

export const userIdInput: Schema<UserIdInput> = z.strictObject({ userId: id() });
