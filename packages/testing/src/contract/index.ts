export { CALLERS } from './callers.ts';
export type { Capabilities, Deployment, DeploymentClock, TestPayments, User } from './deployment.ts';
export { type ContractOptions, describeContract } from './describe-contract.ts';
