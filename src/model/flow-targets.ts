/** Which flows of this installation deliveries lead to, as far as it can be seen without a lead. */
export interface FlowTargets {
  /** By the URL of a delivery; through a router those of all its routes. Empty: the URL leads elsewhere. */
  ofUrl(url: string): readonly string[];
  /** Of the flow as it runs on this server. */
  ofRunning(flowId: string): readonly string[];
}
