import { z } from 'zod';
import { id, type Mutation, mutation, name, type Schema } from '../fields.ts';

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

export interface UserIdInput {
  userId: number;
}

export const userIdInput: Schema<UserIdInput> = z.strictObject({ userId: id() });
