import { describe, expect, test } from 'vitest';
import { CommitUnconfirmed, classify, mayHaveCommitted } from '../src/unit-of-work/failure.ts';

/** An error as a driver throws it, wrapped as often as asked. */
function failure(code: string, message = 'Something went wrong.', wrappings = 0): Error {
  let error = Object.assign(new Error(message), code === '' ? {} : { code });
  for (let wrapping = 0; wrapping < wrappings; wrapping++) error = new Error('The query failed.', { cause: error });
  return error;
}

describe('what an error means', () => {
  test.for([
    ['23505', 'race'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'race'],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'race'],
    ['40001', 'transient'],
    ['40P01', 'transient'],
    ['55P03', 'transient'],
    ['57014', 'transient'],
    ['57P01', 'transient'],
    ['53300', 'transient'],
    ['08006', 'transient'],
    ['SQLITE_BUSY', 'transient'],
    ['ECONNRESET', 'transient'],
    ['ECONNREFUSED', 'transient'],
    ['23514', 'unexpected'],
    ['23503', 'unexpected'],
    ['22001', 'unexpected'],
    ['42P01', 'unexpected'],
    ['25P02', 'unexpected'],
    ['SQLITE_CONSTRAINT_CHECK', 'unexpected'],
    ['', 'unexpected'],
  ] as const)('%s is %s, however it is wrapped', ([code, expected]) => {
    expect(classify(failure(code))).toBe(expected);
    expect(classify(failure(code, 'Something went wrong.', 3))).toBe(expected);
  });

  test.for([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
    'Connection ended unexpectedly',
  ])('“%s” is transient where there is no code, and says nothing where there is one', (message) => {
    expect(classify(failure('', message))).toBe('transient');
    expect(classify(failure('23514', message))).toBe('unexpected');
  });

  test('a transaction that the server rolled back at COMMIT is transient, and is known not to have taken', () => {
    const error = Object.assign(new Error('The transaction was aborted.'), { name: 'AbortedTransactionError' });

    expect(classify(error)).toBe('transient');
    expect(mayHaveCommitted(error)).toBe(false);
  });

  test('what is no error at all is unexpected', () => {
    for (const thrown of [undefined, null, 'ECONNRESET', { code: '23505' }])
      expect(classify(thrown)).toBe('unexpected');
  });

  test('an error that is its own cause comes to an end', () => {
    const error = failure('');
    error.cause = error;

    expect(classify(error)).toBe('unexpected');
  });
});

describe('whether a COMMIT that failed may have taken', () => {
  test.for([
    ['08006', true],
    ['57P01', true],
    ['ECONNRESET', true],
    ['EPIPE', true],
    ['40001', false],
    ['23505', false],
    ['53100', false],
    ['SQLITE_FULL', false],
  ] as const)('%s: %s', ([code, expected]) => {
    expect(mayHaveCommitted(failure(code))).toBe(expected);
    expect(mayHaveCommitted(failure(code, 'Something went wrong.', 2))).toBe(expected);
  });

  test('a connection that ended without a code leaves it open', () => {
    expect(mayHaveCommitted(failure('', 'Connection terminated unexpectedly'))).toBe(true);
  });

  test('the doubt keeps what caused it', () => {
    const cause = failure('ECONNRESET');

    expect(new CommitUnconfirmed('The connection broke.', { cause })).toMatchObject({
      name: 'CommitUnconfirmed',
      cause,
    });
  });
});
